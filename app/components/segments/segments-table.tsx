import { BlockStack, Box, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { type Status, StatusBadge } from "../status-badge.tsx";
import type { SegmentRowView } from "./segments-view.ts";
import { SizeLine } from "./size-line.tsx";

export interface SegmentsTableProps {
  rows: readonly SegmentRowView[];
  /** The server's guess, until the browser knows. */
  phone: boolean;
  /** Somebody wants to see the days of a segment. */
  onDays(id: number): void;
}

/** Every segment with how many are in it, how fresh that is, and where it is kept. On a phone one below the other. */
export function SegmentsTable({ rows, phone, onDays }: SegmentsTableProps) {
  const { mdDown } = useBreakpoints({ defaults: { mdDown: phone } });
  return (
    <IndexTable
      resourceName={{ singular: t("segment|one of several"), plural: t("segments|several") }}
      itemCount={rows.length}
      selectable={false}
      condensed={mdDown}
      headings={[
        { title: t("Segment") },
        { title: t("State|of a segment") },
        { title: t("Members"), alignment: "end" },
        { title: t("Entered|how many"), alignment: "end" },
        { title: t("Left|how many"), alignment: "end" },
        { title: t("Audiences") },
      ]}
    >
      {rows.map((row, position) => (
        <IndexTable.Row key={row.id} id={String(row.id)} position={position}>
          {mdDown ? <Lines row={row} onDays={onDays} /> : <Cells row={row} onDays={onDays} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

interface RowProps {
  row: SegmentRowView;
  onDays(id: number): void;
}

function Cells({ row, onDays }: RowProps) {
  return (
    <>
      <IndexTable.Cell>
        <div style={{ minWidth: "13rem", whiteSpace: "normal" }}>
          <Name row={row} />
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ minWidth: "8rem", whiteSpace: "normal" }}>
          <State row={row} />
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Members row={row} onDays={onDays} />
      </IndexTable.Cell>
      {[row.entered, row.left].map((figure, column) => (
        <IndexTable.Cell key={column}>
          <Text as="span" alignment="end" numeric>
            {figure}
          </Text>
        </IndexTable.Cell>
      ))}
      <IndexTable.Cell>
        <Badges statuses={row.audiences} />
      </IndexTable.Cell>
    </>
  );
}

function Lines({ row, onDays }: RowProps) {
  return (
    <Box padding="300" width="100%">
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="start" gap="300" wrap={false}>
          <Name row={row} />
          <div style={{ flexShrink: 0 }}>
            <Members row={row} onDays={onDays} />
          </div>
        </InlineStack>
        <Text as="span" variant="bodySm" tone="subdued">
          {t("Entered: {entered}. Left: {left}.", { entered: row.entered, left: row.left })}
        </Text>
        <InlineStack gap="100" blockAlign="start">
          <State row={row} />
          <Badges statuses={row.audiences} />
        </InlineStack>
      </BlockStack>
    </Box>
  );
}

function Name({ row: { url, name, words, text } }: Pick<RowProps, "row">) {
  return (
    <BlockStack gap="050">
      {/* No primary link: a row with one goes there from wherever it is pressed, also from its line. */}
      <Link url={url} monochrome removeUnderline>
        <Text as="span" fontWeight="semibold">
          {name}
        </Text>
      </Link>
      <Text as="span" tone="subdued" variant="bodySm" breakWord>
        {words ?? <span translate="no">{text}</span>}
      </Text>
    </BlockStack>
  );
}

function Members({ row: { id, name, members, line }, onDays }: RowProps) {
  return (
    <BlockStack gap="100" inlineAlign="end">
      <Text as="span" numeric>
        {members}
      </Text>
      {line && <SizeLine segment={name} line={line} onOpen={() => onDays(id)} />}
    </BlockStack>
  );
}

function State({ row: { url, name, state, behind, review, schedule } }: Pick<RowProps, "row">) {
  return (
    <BlockStack gap="100">
      <InlineStack gap="100">
        <StatusBadge status={state} />
        {review && (
          <Link url={`${url}#review`} accessibilityLabel={`${review.text}: ${name}`} removeUnderline>
            <StatusBadge status={review} />
          </Link>
        )}
        {schedule && (
          <Link url={url} accessibilityLabel={`${name}: ${schedule.text}`} removeUnderline>
            <StatusBadge status={schedule} />
          </Link>
        )}
      </InlineStack>
      {behind.length > 0 && (
        <Text as="span" tone="subdued" variant="bodySm">
          {behind.join(". ")}.
        </Text>
      )}
    </BlockStack>
  );
}

function Badges({ statuses }: { statuses: readonly Status[] }) {
  return (
    <InlineStack gap="100">
      {statuses.map((status) => (
        <StatusBadge key={status.text} status={status} />
      ))}
    </InlineStack>
  );
}
