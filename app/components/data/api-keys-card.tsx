import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** How many keys the merchant's own systems have. */
export function ApiKeysCard({ working }: { working: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("API keys")}
          </Text>
          <Text as="p" tone="subdued">
            {working === null
              ? t("None of your own systems sends events or traits.")
              : working === "1"
                ? t("{count} key works.", { count: working })
                : t("{count} keys work.", { count: working })}
          </Text>
        </BlockStack>
        <Button url="/app/data/api-keys" accessibilityLabel={t("Open API keys")}>
          {t("Open")}
        </Button>
      </InlineStack>
    </Card>
  );
}
