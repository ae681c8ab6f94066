import { Badge, Bleed, BlockStack, Card, DataTable, InlineStack, Link, Text } from "@shopify/polaris";
import { t, type Text as Words } from "../../texts/text.ts";
import type { OverviewView } from "./overview-view.ts";

export function SegmentsCard({ segments }: { segments: OverviewView["segments"] }) {
  return (
    <Card>
      <BlockStack gap="200">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Segments")}
          </Text>
          <Text as="p" tone="subdued">
            {t("Members now, and who came and went in the last 24 hours.")}
          </Text>
        </BlockStack>
        {/* The table's cells have an inset of their own; its words begin where the words above it do. */}
        <Bleed marginInline="300" marginBlockEnd="200">
          <DataTable
            columnContentTypes={["text", "numeric", "numeric", "numeric"]}
            headings={HEADINGS.map((heading) => (
              <Text key={heading} as="span" variant="bodySm" tone="subdued" fontWeight="medium">
                {t(heading)}
              </Text>
            ))}
            rows={segments.map(({ id, name, members, entered, left, building }) => [
              <InlineStack key={id} gap="200" blockAlign="center">
                <Link url={`/app/segments/${id}`} monochrome removeUnderline>
                  <Text as="span" fontWeight="medium">
                    {name}
                  </Text>
                </Link>
                {building && <Badge tone="info">{t("Being built")}</Badge>}
              </InlineStack>,
              ...[members, entered, left].map((figure, column) => (
                <Text key={column} as="span" numeric>
                  {figure}
                </Text>
              )),
            ])}
          />
        </Bleed>
      </BlockStack>
    </Card>
  );
}

const HEADINGS: readonly Words[] = ["Segment", "Members", "Entered|how many", "Left|how many"];
