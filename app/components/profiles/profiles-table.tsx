import { useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Box, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import { memo, type ReactNode } from "react";
import { isOwnColumn, type ProfileColumn } from "../../profile/profile-columns.ts";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { profilesUrl } from "./profiles-url.ts";
import type { ColumnView, ProfileRowView, ProfilesView } from "./profiles-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

export const ProfilesTable = memo(function ProfilesTable({ view, phone }: { view: ProfilesView; phone: boolean }) {
  const { smDown } = useBreakpoints({ defaults: { smDown: phone } });
  const navigation = useNavigation();
  const pageUrl = (at: Record<string, string>): string =>
    profilesUrl({ query: view.query, rule: view.filter?.text ?? null, at });
  return (
    <IndexTable
      resourceName={{ singular: t("profile"), plural: t("profiles") }}
      itemCount={view.rows.length}
      selectable={false}
      condensed={smDown}
      loading={navigation.location?.pathname === "/app/profiles"}
      headings={[
        { title: t("Profile") },
        ...view.columns.map(({ title, figure }) => ({ title, ...(figure && { alignment: "end" as const }) })),
      ]}
      {...((view.before || view.after) && {
        pagination: {
          hasPrevious: view.before !== null,
          hasNext: view.after !== null,
          ...(view.before && { previousURL: pageUrl({ before: view.before }) }),
          ...(view.after && { nextURL: pageUrl({ after: view.after }) }),
          accessibilityLabel: t("Pages of profiles"),
        },
      })}
    >
      {view.rows.map((row, position) => (
        <ProfileRow key={row.id} row={row} columns={view.columns} position={position} condensed={smDown} />
      ))}
    </IndexTable>
  );
});

interface RowProps {
  row: ProfileRowView;
  columns: readonly ColumnView[];
}

/** A page of them is long to draw, and stays as it is while another is looked for. */
const ProfileRow = memo(function ProfileRow({
  row,
  columns,
  position,
  condensed,
}: RowProps & { position: number; condensed: boolean }) {
  return (
    <IndexTable.Row id={row.id} position={position}>
      {condensed ? <CondensedRow row={row} columns={columns} /> : <RowCells row={row} columns={columns} />}
    </IndexTable.Row>
  );
});

function RowCells({ row, columns }: RowProps) {
  return (
    <>
      <IndexTable.Cell>
        <BlockStack>
          <ProfileLink {...row} />
          {row.contact && !columns.some(({ name }) => name === "email") && (
            <Text as="span" variant="bodySm" tone="subdued">
              {row.contact}
            </Text>
          )}
        </BlockStack>
      </IndexTable.Cell>
      {columns.map(({ name, figure }) => (
        <IndexTable.Cell key={name}>
          {figure ? (
            <Text as="span" alignment="end" numeric>
              {isOwnColumn(name) ? (row.own[name] ?? "\u2013") : cellOf(row, name)}
            </Text>
          ) : (
            cellOf(row, name)
          )}
        </IndexTable.Cell>
      ))}
    </>
  );
}

/** Columns whose words stand in the row's first lines anyway. */
const IN_LINES: ReadonlySet<ProfileColumn> = new Set(["email", "segments", "last_seen", "orders", "spent"]);

function CondensedRow({ row, columns }: RowProps) {
  return (
    <Box paddingInline="300" paddingBlock="300" width="100%">
      <BlockStack gap="100">
        <InlineStack align="space-between" gap="200" wrap={false}>
          <ProfileLink {...row} />
          <Text as="span" numeric>
            {row.spent}
          </Text>
        </InlineStack>
        {row.contact && (
          <Text as="span" variant="bodySm" tone="subdued" truncate>
            {row.contact}
          </Text>
        )}
        <Text as="span" variant="bodySm" tone="subdued">
          {row.orders === "1" ? t("{count} order", { count: row.orders }) : t("{count} orders", { count: row.orders })}
          {row.lastSeen && (
            <>
              {" \u00b7 "}
              <Sentence text="seen {when}" parts={{ when: <Instant at={row.lastSeen} relative /> }} />
            </>
          )}
        </Text>
        {columns
          .filter(({ name }) => !IN_LINES.has(name))
          .map(({ name, title }) => (
            <InlineStack key={name} gap="100" blockAlign="center">
              <Text as="span" variant="bodySm" tone="subdued">
                {title}:
              </Text>
              <Text as="span" variant="bodySm">
                {cellOf(row, name)}
              </Text>
            </InlineStack>
          ))}
        <Segments segments={row.segments} />
      </BlockStack>
    </Box>
  );
}

function cellOf(row: ProfileRowView, column: ProfileColumn): ReactNode {
  if (isOwnColumn(column)) return <Own value={row.own[column]} />;
  switch (column) {
    case "email":
      return row.email ?? "\u2013";
    case "phone":
      return row.phone ?? "\u2013";
    case "consent":
      return <StatusBadge status={row.consent} />;
    case "segments":
      return <Segments segments={row.segments} />;
    case "last_seen":
      return row.lastSeen ? <Instant at={row.lastSeen} relative /> : "\u2013";
    case "first_order":
      return row.firstOrder ? <Instant at={row.firstOrder} relative /> : "\u2013";
    case "last_order":
      return row.lastOrder ? <Instant at={row.lastOrder} relative /> : "\u2013";
    case "orders":
    case "spent":
    case "average":
      return row[column];
  }
}

/** What a system of the shop's own told may be a text of any length; the profile has all of it. */
function Own({ value }: { value: string | undefined }) {
  return (
    <div style={{ maxWidth: "14rem" }}>
      <Text as="span" truncate>
        <span translate="no" title={value}>
          {value ?? "\u2013"}
        </span>
      </Text>
    </div>
  );
}

function ProfileLink({ id, name }: ProfileRowView) {
  return (
    <Link dataPrimaryLink url={`/app/profiles/${id}`} monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        {name}
      </Text>
    </Link>
  );
}

function Segments({ segments }: { segments: readonly string[] }) {
  if (segments.length === 0) return null;
  return (
    <InlineStack gap="100">
      {segments.map((segment) => (
        <Badge key={segment}>{segment}</Badge>
      ))}
    </InlineStack>
  );
}
