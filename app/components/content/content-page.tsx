import { Form, useNavigation } from "@remix-run/react";
import { Badge, Banner, BlockStack, Box, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { BlockSaved } from "../../jobs/content-admin.server.ts";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { BlockRowView, ContentView } from "./content-view.ts";
import { t } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

interface ContentPageProps {
  view: ContentView;
  answered: BlockSaved | undefined;
  /** The server's guess, until the browser knows. */
  phone: boolean;
}

/** The shop's blocks, and the deleted ones with the way back. */
export function ContentPage({ view, answered, phone }: ContentPageProps) {
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Content")}
      subtitle={t("Blocks for the storefront and for e-mails that speak to each customer.")}
      primaryAction={{ content: t("Create block"), url: "/app/content/new" }}
      secondaryActions={[{ content: t("Feeds"), url: "/app/content/feeds" }]}
    >
      <BlockStack gap="400">
        {answered?.outcome === "refused" && <Banner tone="critical" title={answered.reason} />}
        {answered?.outcome === "restored" && <Banner tone="success" title={t("The block is back as it was")} />}
        <Card padding="0">
          {view.rows.length === 0 ? (
            <NothingYet
              heading={t("No blocks yet")}
              action={{ content: t("Create block"), url: "/app/content/new" }}
              sentence={t(
                "Greet customers by name, show what is recommended to them, and say something else in each segment.",
              )}
            />
          ) : (
            <RecordTable
              names={{ singular: t("block|one of several"), plural: t("blocks|several") }}
              columns={columns()}
              rows={view.rows}
              phone={phone}
            />
          )}
        </Card>
        {view.deleted.length > 0 && <DeletedCard deleted={view.deleted} />}
        {/* On a phone cards reach the edges, and what stands outside of them keeps away. */}
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {t(
              "A storefront block stands wherever your theme asks for its handle. Nothing is shown of a block that is not published.",
            )}
          </Text>
        </Box>
      </BlockStack>
    </AdminPage>
  );
}

const columns = (): RecordColumns<BlockRowView> => [
  {
    title: t("Block"),
    width: "12rem",
    cell: ({ url, name }) => (
      <Link dataPrimaryLink url={url} monochrome removeUnderline>
        <Text as="span" fontWeight="semibold">
          {name}
        </Text>
      </Link>
    ),
  },
  {
    title: t("Handle"),
    cell: ({ handle }) => (
      <Text as="span" tone="subdued" variant="bodySm">
        <span translate="no">{handle}</span>
      </Text>
    ),
  },
  { title: t("Place|of a block"), onPhone: "beside", cell: ({ place }) => <Badge>{place}</Badge> },
  {
    title: t("State|of a record"),
    cell: ({ states }) => (
      <InlineStack gap="100">
        {states.map((state) => (
          <StatusBadge key={state.text} status={state} />
        ))}
      </InlineStack>
    ),
  },
];

function DeletedCard({ deleted }: { deleted: ContentView["deleted"] }) {
  const { state, formData } = useNavigation();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Deleted|blocks")}
        </Text>
        {deleted.map(({ id, name, when }) => (
          <InlineStack key={id} align="space-between" blockAlign="center" gap="200">
            <Text as="p">
              {name}{" "}
              <Text as="span" tone="subdued">
                {when}
              </Text>
            </Text>
            <Form method="post">
              <input type="hidden" name="blockId" value={id} />
              <Button
                submit
                accessibilityLabel={t("Bring back {name}", { name })}
                loading={state !== "idle" && formData?.get("blockId") === String(id)}
              >
                {t("Bring back")}
              </Button>
            </Form>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
