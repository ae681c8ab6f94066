import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** How many deliveries could not be understood. */
export function DeadLettersCard({ count }: { count: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Deliveries set aside")}
          </Text>
          <Text as="p" tone="subdued">
            {count === null
              ? t("Everything Shopify delivered was understood.")
              : count === "1"
                ? t("{count} delivery was not understood and is kept.", { count })
                : t("{count} deliveries were not understood and are kept.", { count })}
          </Text>
        </BlockStack>
        <Button url="/app/data/dead-letters">{count === null ? t("Open") : t("Review")}</Button>
      </InlineStack>
    </Card>
  );
}
