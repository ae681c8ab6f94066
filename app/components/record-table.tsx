import { BlockStack, Box, IndexTable, InlineStack, Text, useBreakpoints } from "@shopify/polaris";
import { Fragment, type ReactNode } from "react";

export interface RecordColumn<Row> {
  title: string;
  cell(row: Row): ReactNode;
  /** A figure stands at the end of its column. */
  figure?: boolean;
  /** Words that may break stand in no less than this ("12rem"); without it they stay on one line. */
  width?: string;
  /** On a phone: at the end of the first line, below it, below it after its title, or under all of them. */
  onPhone?: "beside" | "below" | "titled" | "last";
}

/** The first is what a record goes by. */
export type RecordColumns<Row> = readonly [RecordColumn<Row>, ...RecordColumn<Row>[]];

export interface RecordTableProps<Row> {
  /** What a record is called, one and several of them. */
  names: { singular: string; plural: string };
  columns: RecordColumns<Row>;
  rows: readonly Row[];
  /** The server's guess, until the browser knows. */
  phone: boolean;
  loading?: boolean;
  /** Where the pages before and after are, where there are several. */
  pages?: { previous: string | null; next: string | null; label: string };
}

/** Records, a row each; on a phone one below the other. What a row leads to is a link on its name. */
export function RecordTable<Row extends { id: string | number }>(props: RecordTableProps<Row>) {
  const { names, columns, rows, phone, loading = false, pages } = props;
  const { mdDown } = useBreakpoints({ defaults: { mdDown: phone } });
  const several = pages && (pages.previous !== null || pages.next !== null) ? pages : null;
  const [first, ...others] = columns;
  return (
    <IndexTable
      resourceName={names}
      itemCount={rows.length}
      selectable={false}
      condensed={mdDown}
      loading={loading}
      headings={[heading(first), ...others.map(heading)]}
      {...(several && {
        pagination: {
          hasPrevious: several.previous !== null,
          hasNext: several.next !== null,
          ...(several.previous !== null && { previousURL: several.previous }),
          ...(several.next !== null && { nextURL: several.next }),
          accessibilityLabel: several.label,
        },
      })}
    >
      {rows.map((row, position) => (
        <IndexTable.Row key={row.id} id={String(row.id)} position={position}>
          {mdDown ? <Lines row={row} columns={columns} /> : <Cells row={row} columns={columns} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function heading<Row>({ title, figure = false }: RecordColumn<Row>) {
  return { title, ...(figure && { alignment: "end" as const }) };
}

interface RowProps<Row> {
  row: Row;
  columns: readonly RecordColumn<Row>[];
}

function Cells<Row>({ row, columns }: RowProps<Row>) {
  return columns.map(({ title, cell, figure = false, width }) => (
    <IndexTable.Cell key={title}>
      {figure ? (
        <Text as="span" alignment="end" numeric>
          {cell(row)}
        </Text>
      ) : width === undefined ? (
        cell(row)
      ) : (
        <div style={{ minWidth: width, whiteSpace: "normal", overflowWrap: "anywhere" }}>{cell(row)}</div>
      )}
    </IndexTable.Cell>
  ));
}

function Lines<Row>({ row, columns: [first, ...others] }: RowProps<Row>) {
  const at = (place: RecordColumn<Row>["onPhone"]) =>
    others.flatMap(({ title, cell, onPhone = "below" }) => {
      const shown = onPhone === place ? cell(row) : null;
      return isNothing(shown) ? [] : [{ title, shown }];
    });
  return (
    <Box padding="300" width="100%">
      <BlockStack gap="150">
        <InlineStack align="space-between" blockAlign="start" gap="300" wrap={false}>
          <div style={{ overflowWrap: "anywhere" }}>{first?.cell(row)}</div>
          {at("beside").length > 0 && (
            <div style={{ flexShrink: 0 }}>
              <InlineStack gap="200" blockAlign="center">
                {at("beside").map(({ title, shown }) => (
                  <Fragment key={title}>{shown}</Fragment>
                ))}
              </InlineStack>
            </div>
          )}
        </InlineStack>
        {at("below").map(({ title, shown }) => (
          <div key={title} style={{ overflowWrap: "anywhere" }}>
            {shown}
          </div>
        ))}
        {at("titled").length > 0 && (
          <InlineStack gap="300">
            {at("titled").map(({ title, shown }) => (
              <InlineStack key={title} gap="100">
                <Text as="span" variant="bodySm" tone="subdued">
                  {title}:
                </Text>
                <Text as="span" variant="bodySm" numeric>
                  {shown}
                </Text>
              </InlineStack>
            ))}
          </InlineStack>
        )}
        {at("last").map(({ title, shown }) => (
          <Fragment key={title}>{shown}</Fragment>
        ))}
      </BlockStack>
    </Box>
  );
}

/** What takes no line on a phone. */
const isNothing = (shown: ReactNode): boolean => shown === null || shown === false || shown === "";
