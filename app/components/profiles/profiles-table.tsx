import { useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Box, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import type { ProfileRowView, ProfilesView } from "./profiles-view.ts";

const RESOURCE = { singular: "profile", plural: "profiles" };

export function ProfilesTable({ view, phone }: { view: ProfilesView; phone: boolean }) {
  const { smDown } = useBreakpoints({ defaults: { smDown: phone } });
  const navigation = useNavigation();
  const pageUrl = (cursor: Record<string, string>): string =>
    `/app/profiles?${new URLSearchParams({ ...(view.query && { query: view.query }), ...cursor })}`;
  return (
    <IndexTable
      resourceName={RESOURCE}
      itemCount={view.rows.length}
      selectable={false}
      condensed={smDown}
      loading={navigation.location?.pathname === "/app/profiles"}
      headings={[
        { title: "Profile" },
        { title: "Segments" },
        { title: "Last seen" },
        { title: "Orders", alignment: "end" },
        { title: "Spent", alignment: "end" },
      ]}
      {...((view.before || view.after) && {
        pagination: {
          hasPrevious: view.before !== null,
          hasNext: view.after !== null,
          ...(view.before && { previousURL: pageUrl({ before: view.before }) }),
          ...(view.after && { nextURL: pageUrl({ after: view.after }) }),
          accessibilityLabel: "Pages of profiles",
        },
      })}
    >
      {view.rows.map((row, position) => (
        <IndexTable.Row key={row.id} id={row.id} position={position}>
          {smDown ? <CondensedRow {...row} /> : <RowCells {...row} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function RowCells(row: ProfileRowView) {
  return (
    <>
      <IndexTable.Cell>
        <BlockStack>
          <ProfileLink {...row} />
          {row.contact && (
            <Text as="span" variant="bodySm" tone="subdued">
              {row.contact}
            </Text>
          )}
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Segments segments={row.segments} />
      </IndexTable.Cell>
      <IndexTable.Cell>{row.lastSeen ? <Instant at={row.lastSeen} relative /> : "\u2013"}</IndexTable.Cell>
      {[row.orders, row.spent].map((figure, column) => (
        <IndexTable.Cell key={column}>
          <Text as="span" alignment="end" numeric>
            {figure}
          </Text>
        </IndexTable.Cell>
      ))}
    </>
  );
}

function CondensedRow(row: ProfileRowView) {
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
          {row.orders} {row.orders === "1" ? "order" : "orders"}
          {row.lastSeen && (
            <>
              {" \u00b7 seen "}
              <Instant at={row.lastSeen} relative />
            </>
          )}
        </Text>
        <Segments segments={row.segments} />
      </BlockStack>
    </Box>
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
