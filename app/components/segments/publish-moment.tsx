import { BlockStack, Checkbox, ChoiceList, InlineGrid, Text, TextField } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** A date and a time as clocks in the shop show them. */
export interface LocalMoment {
  date: string;
  time: string;
}

export interface PlannedMoment {
  /** Null: at once. */
  begins: LocalMoment | null;
  /** When the rule of before is live again; null: not by itself. */
  until: LocalMoment | null;
}

export interface PublishMomentProps {
  moment: PlannedMoment;
  /** What to begin with where a moment is set. */
  proposed: LocalMoment;
  /** Today in the shop. */
  today: string;
  timeZone: string;
  /** Whether there is no rule of before. */
  isNew: boolean;
  onChange(moment: PlannedMoment): void;
}

const DAYS = 7;
const DAY_MS = 86_400_000;

/** When a rule goes live, now or by itself at a moment of the shop's time, and whether it ends by itself. */
export function PublishMoment({
  moment: { begins, until },
  proposed,
  today,
  timeZone,
  isNew,
  onChange,
}: PublishMomentProps) {
  return (
    <BlockStack gap="200">
      <ChoiceList
        title={t("When")}
        choices={[
          { label: t("Now"), value: "now" },
          { label: t("At a date and time"), value: "later" },
        ]}
        selected={[begins ? "later" : "now"]}
        onChange={([chosen]) => onChange({ begins: chosen === "later" ? proposed : null, until })}
      />
      {begins && (
        <DateAndTime
          labels={[t("Date"), t("Time")]}
          first={today}
          value={begins}
          onChange={(changed) => onChange({ begins: changed, until })}
        />
      )}
      <Checkbox
        label={t("It ends by itself")}
        helpText={
          isNew
            ? t("From then on nobody is in it any more.")
            : t("From then on the rule of before is live again, however many move.")
        }
        checked={until !== null}
        onChange={(ends) => onChange({ begins, until: ends ? someDaysAfter(begins ?? proposed) : null })}
      />
      {until && (
        <DateAndTime
          labels={[t("Last date"), t("Until")]}
          first={begins?.date ?? today}
          value={until}
          onChange={(changed) => onChange({ begins, until: changed })}
        />
      )}
      {begins && (
        <Text as="p" tone="subdued">
          {t(
            "In your shop’s time zone, {zone}. If more would move by then than you agree to now, it is not published and you are asked again.",
            { zone: timeZone },
          )}
        </Text>
      )}
      {until && !begins && (
        <Text as="p" tone="subdued">
          {t("In your shop’s time zone, {zone}.", { zone: timeZone })}
        </Text>
      )}
    </BlockStack>
  );
}

interface DateAndTimeProps {
  labels: [date: string, time: string];
  /** The first day that can be meant. */
  first: string;
  value: LocalMoment;
  onChange(moment: LocalMoment): void;
}

function DateAndTime({ labels: [dateLabel, timeLabel], first, value: { date, time }, onChange }: DateAndTimeProps) {
  return (
    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
      <TextField
        label={dateLabel}
        type="date"
        autoComplete="off"
        min={first}
        value={date}
        onChange={(changed) => onChange({ date: changed, time })}
      />
      <TextField
        label={timeLabel}
        type="time"
        autoComplete="off"
        value={time}
        onChange={(changed) => onChange({ date, time: changed })}
      />
    </InlineGrid>
  );
}

function someDaysAfter({ date, time }: LocalMoment): LocalMoment {
  const day = Date.parse(`${date}T00:00Z`) + DAYS * DAY_MS;
  return { date: Number.isNaN(day) ? "" : new Date(day).toISOString().slice(0, 10), time };
}
