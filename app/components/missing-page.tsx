import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { AdminPage } from "./admin-page.tsx";

export interface MissingPageProps {
  title: string;
  sentence: string;
  /** Where to go from here. */
  wayOut?: { content: string; url: string };
}

/** Says what is not there, in the place where it would be. */
export function MissingPage({ title, sentence, wayOut }: MissingPageProps) {
  return (
    <AdminPage narrowWidth>
      <Card>
        <BlockStack gap="300">
          <Text as="h1" variant="headingMd">
            {title}
          </Text>
          <Text as="p">{sentence}</Text>
          {wayOut && (
            <InlineStack>
              <Button url={wayOut.url}>{wayOut.content}</Button>
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </AdminPage>
  );
}
