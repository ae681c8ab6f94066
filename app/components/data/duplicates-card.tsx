import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";

/** How many pairs of customers wait for somebody to look at them. */
export function DuplicatesCard({ waiting }: { waiting: string | null }) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Duplicates
          </Text>
          <Text as="p" tone="subdued">
            {waiting === null
              ? "No two customers look like one person."
              : `${waiting} ${waiting === "1" ? "pair of customers looks" : "pairs of customers look"} like one person.`}
          </Text>
        </BlockStack>
        <Button url="/app/data/duplicates">{waiting === null ? "Open" : "Review"}</Button>
      </InlineStack>
    </Card>
  );
}
