import { BlockStack, Button, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";

export interface LibraryPageProps {
  segments: readonly { key: string; name: string; purpose: string; text: string }[];
}

/** Ready segments to begin with. */
export function LibraryPage({ segments }: LibraryPageProps) {
  return (
    <AdminPage
      title={t("Create segment")}
      subtitle={t("Take a ready one and change what does not fit, or write your own.")}
      backAction={{ content: t("Segments"), url: "/app/segments" }}
      primaryAction={{ content: t("Write your own"), url: "/app/segments/new" }}
    >
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 3 }} gap="400">
        {segments.map(({ key, name, purpose, text }) => (
          <Card key={key}>
            <BlockStack gap="300">
              <BlockStack gap="100">
                <Text as="h2" variant="headingSm">
                  {name}
                </Text>
                <Text as="p">{purpose}</Text>
              </BlockStack>
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                <code translate="no">{text}</code>
              </Text>
              <InlineStack>
                <Button url={`/app/segments/new?from=${key}`} accessibilityLabel={t("Use this: {name}", { name })}>
                  {t("Use this")}
                </Button>
              </InlineStack>
            </BlockStack>
          </Card>
        ))}
      </InlineGrid>
    </AdminPage>
  );
}
