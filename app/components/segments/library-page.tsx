import { BlockStack, Button, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";

export interface LibraryPageProps {
  segments: readonly { key: string; name: string; purpose: string; text: string }[];
}

/** Ready segments to begin with. */
export function LibraryPage({ segments }: LibraryPageProps) {
  return (
    <AdminPage
      title="Create segment"
      subtitle="Take a ready one and change what does not fit, or write your own."
      backAction={{ content: "Segments", url: "/app/segments" }}
      primaryAction={{ content: "Write your own", url: "/app/segments/new" }}
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
                <code>{text}</code>
              </Text>
              <InlineStack>
                <Button url={`/app/segments/new?from=${key}`} accessibilityLabel={`Use ${name}`}>
                  Use this
                </Button>
              </InlineStack>
            </BlockStack>
          </Card>
        ))}
      </InlineGrid>
    </AdminPage>
  );
}
