import { BlockStack, ChoiceList, InlineGrid, Text, TextField } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** A date and a time as clocks in the shop show them. */
export interface LocalMoment {
  date: string;
  time: string;
}

export interface PublishMomentProps {
  /** Null: at once. */
  moment: LocalMoment | null;
  /** What to begin with where a moment is set. */
  proposed: LocalMoment;
  /** Today in the shop. */
  today: string;
  timeZone: string;
  onChange(moment: LocalMoment | null): void;
}

/** When a rule goes live: now, or by itself at a moment of the shop's time. */
export function PublishMoment({ moment, proposed, today, timeZone, onChange }: PublishMomentProps) {
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
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
            <TextField
              label={t("Date")}
              type="date"
              autoComplete="off"
              min={today}
              value={moment.date}
              onChange={(date) => onChange({ ...moment, date })}
            />
            <TextField
              label={t("Time")}
              type="time"
              autoComplete="off"
              value={moment.time}
              onChange={(time) => onChange({ ...moment, time })}
            />
          </InlineGrid>
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
