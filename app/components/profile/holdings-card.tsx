import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { StatusBadge } from "../status-badge.tsx";
import type { HoldingView } from "./profile-view.ts";

export function HoldingsCard({ holdings }: { holdings: readonly HoldingView[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Audiences
        </Text>
        {holdings.length === 0 && (
          <Text as="p" tone="subdued">
            In no audience, and in none to be.
          </Text>
        )}
        {holdings.map(({ key, destination, segment, state, detail }) => (
          <InlineStack key={key} align="space-between" blockAlign="start" gap="200">
            <BlockStack>
              <Text as="p">
                <Text as="span" fontWeight="medium">
                  {segment}
                </Text>{" "}
                in {destination}
              </Text>
              {detail && (
                <Text as="p" variant="bodySm" tone="subdued">
                  {detail}
                </Text>
              )}
            </BlockStack>
            <StatusBadge status={state} />
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
