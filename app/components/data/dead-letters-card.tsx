import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";

/** How many deliveries could not be understood. */
export function DeadLettersCard({ count }: { count: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Deliveries set aside
          </Text>
          <Text as="p" tone="subdued">
            {count === null
              ? "Everything Shopify delivered was understood."
              : `${count} ${count === "1" ? "delivery was" : "deliveries were"} not understood and ${count === "1" ? "is" : "are"} kept.`}
          </Text>
        </BlockStack>
        <Button url="/app/data/dead-letters">{count === null ? "Open" : "Review"}</Button>
      </InlineStack>
    </Card>
  );
}
