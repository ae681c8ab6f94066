import { Bleed, BlockStack, Card, DataTable, InlineStack, Link, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { SegmentsView } from "./segments-view.ts";

const REFRESH_MS = 5_000;
const HEADINGS = ["Segment", "Members", "Entered, 24 h", "Left, 24 h", "Members are", "Audiences"];

export function SegmentsPage({ view }: { view: SegmentsView }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title="Segments"
      subtitle="Who is in is true at this moment, and changes the moment the answer does."
      primaryAction={{ content: "Create segment", url: "/app/segments/library" }}
      secondaryActions={[{ content: "Rule language", url: "/app/segments/language" }]}
    >
      <Card>
        <Bleed marginInline="300" marginBlock="200">
          <DataTable
            columnContentTypes={["text", "numeric", "numeric", "numeric", "text", "text"]}
            headings={HEADINGS.map((heading) => (
              <Text key={heading} as="span" variant="bodySm" tone="subdued" fontWeight="medium">
                {heading}
              </Text>
            ))}
            rows={view.rows.map(({ id, url, name, text, members, entered, left, state, audiences }) => [
              <BlockStack key={id}>
                <Link url={url} removeUnderline>
                  <Text as="span" fontWeight="medium">
                    {name}
                  </Text>
                </Link>
                <div style={{ maxWidth: "26rem", overflow: "hidden", textOverflow: "ellipsis" }}>
                  <Text as="span" tone="subdued" variant="bodySm" truncate>
                    {text}
                  </Text>
                </div>
              </BlockStack>,
              ...[members, entered, left].map((figure, column) => (
                <Text key={column} as="span" numeric>
                  {figure}
                </Text>
              )),
              <StatusBadge key="state" status={state} />,
              <InlineStack key="audiences" gap="100">
                {audiences.length === 0 && (
                  <Text as="span" tone="subdued">
                    None
                  </Text>
                )}
                {audiences.map((audience) => (
                  <StatusBadge key={audience.text} status={audience} />
                ))}
              </InlineStack>,
            ])}
          />
        </Bleed>
      </Card>
    </AdminPage>
  );
}
