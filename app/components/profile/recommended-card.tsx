import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { type PreviewView, ShownList } from "../recommendations/shown-list.tsx";

/** What the customer is shown in the shop, with why and how sure that is. */
export function RecommendedCard({ recommended }: { recommended: PreviewView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("Recommendations")}
          </Text>
          <Link url="/app/recommendations">{t("What decides this")}</Link>
        </InlineStack>
        {recommended.trouble === null ? (
          <ShownList view={recommended} />
        ) : (
          <Text as="p" tone="subdued">
            {recommended.trouble}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
