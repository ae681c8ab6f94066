import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";

/** How many keys the merchant's own systems have. */
export function ApiKeysCard({ working }: { working: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            API keys
          </Text>
          <Text as="p" tone="subdued">
            {working === null
              ? "None of your own systems sends events or traits."
              : `${working} ${working === "1" ? "key works" : "keys work"}.`}
          </Text>
        </BlockStack>
        <Button url="/app/data/api-keys" accessibilityLabel="Open API keys">
          Open
        </Button>
      </InlineStack>
    </Card>
  );
}
