import { useFetcher } from "@remix-run/react";
import { Box, Button, ChoiceList, Popover } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { PROFILE_COLUMNS, type ProfileColumn } from "../../profile/profile-columns.ts";
import { t, type Text } from "../../texts/text.ts";

export const COLUMN_TITLES: Record<ProfileColumn, Text> = {
  email: "E-mail",
  phone: "Phone",
  consent: "E-mail consent",
  segments: "Segments",
  last_seen: "Last seen",
  first_order: "First order",
  last_order: "Last order",
  orders: "Orders",
  spent: "Spent",
  average: "Average order",
};

/** Which columns the list has: kept for everybody in the shop. */
export function ColumnsButton({ columns }: { columns: readonly ProfileColumn[] }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher();
  // What is ticked stands at once; the list follows when it is saved.
  const [ticked, setTicked] = useState<readonly string[]>(columns);
  const kept = columns.join();
  useEffect(() => setTicked(kept.split(",")), [kept]);
  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      activator={
        <Button disclosure onClick={() => setOpen(!open)}>
          {t("Columns")}
        </Button>
      }
    >
      <Box padding="300">
        <ChoiceList
          title={t("Columns, for everybody in your shop")}
          allowMultiple
          choices={PROFILE_COLUMNS.map((value) => ({ value, label: t(COLUMN_TITLES[value]) }))}
          selected={[...ticked]}
          onChange={(chosen: string[]) => {
            setTicked(chosen);
            const form = new FormData();
            form.set("intent", "columns");
            for (const column of chosen) form.append("column", column);
            fetcher.submit(form, { method: "post", action: "/app/profiles?index" });
          }}
        />
      </Box>
    </Popover>
  );
}
