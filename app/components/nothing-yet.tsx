import { BlockStack, Box, Button, Text } from "@shopify/polaris";

export interface NothingYetProps {
  heading: string;
  sentence: string;
  action?: { content: string; url: string } | null;
}

/** What will be here, where there is nothing yet. Polaris keeps room for a picture until it has come, and without one the page jumps. */
export function NothingYet({ heading, sentence, action = null }: NothingYetProps) {
  return (
    <Box padding="800">
      <BlockStack gap="200" inlineAlign="center">
        <Text as="p" variant="headingMd" alignment="center">
          {heading}
        </Text>
        <Box maxWidth="28rem" paddingBlockEnd={action ? "200" : "0"}>
          <Text as="p" tone="subdued" alignment="center">
            {sentence}
          </Text>
        </Box>
        {action && (
          <Button variant="primary" url={action.url}>
            {action.content}
          </Button>
        )}
      </BlockStack>
    </Box>
  );
}
