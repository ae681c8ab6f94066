import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** How many pairs of customers wait for somebody to look at them. */
export function DuplicatesCard({ waiting }: { waiting: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Duplicates")}
          </Text>
          <Text as="p" tone="subdued">
            {waiting === null
              ? t("No two customers look like one person.")
              : waiting === "1"
                ? t("{count} pair of customers looks like one person.", { count: waiting })
                : t("{count} pairs of customers look like one person.", { count: waiting })}
          </Text>
        </BlockStack>
        <Button url="/app/data/duplicates">{waiting === null ? t("Open") : t("Review")}</Button>
      </InlineStack>
    </Card>
  );
}
