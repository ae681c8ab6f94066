import { useFetcher } from "@remix-run/react";
import { BlockStack, Text, TextField } from "@shopify/polaris";
import { useEffect } from "react";
import { t } from "../../texts/text.ts";
import type { KeptView } from "./retention-view.ts";

const ASK_AFTER_MS = 400;

export interface KeptFieldProps {
  kept: KeptView;
  days: string;
  /** Whether that is shorter than now: then it is told how much would go. */
  shorter: boolean;
  error: string | undefined;
  onChange(days: string): void;
}

/** For how many days one kind of thing is kept, and what of it would go. */
export function KeptField({ kept, days, shorter, error, onChange }: KeptFieldProps) {
  const { kind, name, meaning, limits, least, most, endless, remark } = kept;
  const older = useFetcher<{ days: number; sentence: string } | null>();
  const number = Number(days);
  const asked = shorter && Number.isInteger(number) && number >= least && number <= most ? number : null;
  const { load } = older;
  useEffect(() => {
    if (asked === null) return;
    const timer = setTimeout(
      () => load(`/app/settings/older?${new URLSearchParams({ kind, days: String(asked) })}`),
      ASK_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [load, kind, asked]);
  const told = asked !== null && older.data?.days === asked ? older.data.sentence : null;
  return (
    <BlockStack gap="100">
      <TextField
        label={name}
        type="number"
        min={least}
        max={most}
        step={1}
        suffix={t("days")}
        autoComplete="off"
        value={days}
        onChange={onChange}
        placeholder={endless ? t("without end") : ""}
        helpText={`${meaning} ${limits}`}
        {...(error !== undefined && { error })}
      />
      {remark !== null && (
        <Text as="p" variant="bodySm">
          {remark}
        </Text>
      )}
      <div role="status">
        {asked !== null && (
          <Text as="p" variant="bodySm" fontWeight="medium">
            {told ?? t("Counting what is older…")}
          </Text>
        )}
      </div>
    </BlockStack>
  );
}
