import { BlockStack, Checkbox, ChoiceList, InlineGrid, Text, TextField } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** A date and a time as clocks in the shop show them. */
export interface LocalMoment {
  date: string;
  time: string;
}

export interface PlannedMoment extends LocalMoment {
  /** When the rule of before is live again; null: not by itself. */
  until: LocalMoment | null;
}

export interface PublishMomentProps {
  /** Null: at once. */
  moment: PlannedMoment | null;
  /** What to begin with where a moment is set. */
  proposed: PlannedMoment;
  /** Today in the shop. */
  today: string;
  timeZone: string;
  /** Whether there is no rule of before. */
  isNew: boolean;
  onChange(moment: PlannedMoment | null): void;
}

const DAYS = 7;
const DAY_MS = 86_400_000;

/** When a rule goes live: now, or by itself at a moment of the shop's time. */
export function PublishMoment({ moment, proposed, today, timeZone, isNew, onChange }: PublishMomentProps) {
  return (
    <BlockStack gap="200">
      <ChoiceList
        title={t("When")}
        choices={[
          { label: t("Now"), value: "now" },
          { label: t("At a date and time"), value: "later" },
        ]}
        selected={[moment ? "later" : "now"]}
        onChange={([chosen]) => onChange(chosen === "later" ? proposed : null)}
      />
      {moment && (
        <>
          <DateAndTime
            labels={[t("Date"), t("Time")]}
            first={today}
            value={moment}
            onChange={(changed) => onChange({ ...moment, ...changed })}
          />
          <Checkbox
            label={t("It ends by itself")}
            helpText={
              isNew
                ? t("From then on nobody is in it any more.")
                : t("From then on the rule of before is live again, however many move.")
            }
            checked={moment.until !== null}
            onChange={(ends) => onChange({ ...moment, until: ends ? someDaysAfter(moment) : null })}
          />
          {moment.until && (
            <DateAndTime
              labels={[t("Last date"), t("Until")]}
              first={moment.date}
              value={moment.until}
              onChange={(until) => onChange({ ...moment, until })}
            />
          )}
          <Text as="p" tone="subdued">
            {t(
              "In your shop’s time zone, {zone}. If more would move by then than you agree to now, it is not published and you are asked again.",
              { zone: timeZone },
            )}
          </Text>
        </>
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
