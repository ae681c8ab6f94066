import { useFetcher } from "@remix-run/react";
import { BlockStack, Box, Button, ChoiceList, Popover } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { isOwnColumn, MOST_OWN_COLUMNS, MUSTERS_COLUMNS } from "../../profile/profile-columns.ts";
import { t } from "../../texts/text.ts";
import { useFewFirst } from "../use-few-first.ts";
import { COLUMN_TITLES } from "./column-titles.ts";
import type { ColumnView } from "./profiles-view.ts";

const FEW = 3;

/** Which columns the list has: kept for everybody in the shop. */
export function ColumnsButton({ columns, own }: { columns: readonly ColumnView[]; own: readonly ColumnView[] }) {
  const [open, setOpen] = useState(false);
  const [fewOnly, beginWithFew] = useFewFirst();
  const fetcher = useFetcher();
  // What is ticked stands at once; the list follows when it is saved.
  const [ticked, setTicked] = useState<readonly string[]>(columns.map(({ name }) => name));
  const kept = JSON.stringify(columns.map(({ name }) => name));
  useEffect(() => setTicked(JSON.parse(kept) as string[]), [kept]);
  const mine = ticked.filter((name) => !isOwnColumn(name));
  const theirs = ticked.filter(isOwnColumn);
  const choose = (chosen: readonly string[]): void => {
    setTicked(chosen);
    const form = new FormData();
    form.set("intent", "columns");
    for (const column of chosen) form.append("column", column);
    fetcher.submit(form, { method: "post", action: "/app/profiles?index" });
  };
  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      activator={
        <Button
          disclosure
          onClick={() => {
            if (!open) beginWithFew();
            setOpen(!open);
          }}
        >
          {t("Columns")}
        </Button>
      }
    >
      <Box padding="300">
        <BlockStack gap="300">
          <ChoiceList
            title={t("Columns, for everybody in your shop")}
            allowMultiple
            choices={MUSTERS_COLUMNS.slice(0, fewOnly ? FEW : undefined).map((value) => ({
              value,
              label: t(COLUMN_TITLES[value]),
            }))}
            selected={mine}
            onChange={(chosen: string[]) => choose([...chosen, ...theirs])}
          />
          {own.length > 0 && !fewOnly && (
            <ChoiceList
              title={t("From your own systems and metafields, up to {count}", { count: MOST_OWN_COLUMNS })}
              allowMultiple
              choices={own.map(({ name, title }) => ({
                value: name,
                label: <span translate="no">{title}</span>,
                disabled: theirs.length >= MOST_OWN_COLUMNS && !theirs.includes(name as (typeof theirs)[number]),
              }))}
              selected={theirs}
              onChange={(chosen: string[]) => choose([...mine, ...chosen])}
            />
          )}
        </BlockStack>
      </Box>
    </Popover>
  );
}
