import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { memo } from "react";
import { t } from "../../texts/text.ts";
import { type Status, StatusBadge } from "../status-badge.tsx";

/** As of when the members are exact, and what may still change them. */
export const FreshnessCard = memo(function FreshnessCard({
  state,
  behind,
}: {
  state: Status;
  behind: readonly string[];
}) {
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("Up to date")}
          </Text>
          <StatusBadge status={state} />
        </InlineStack>
        {behind.length === 0 ? (
          <Text as="p" tone="subdued">
            {t("Everything that is known of your customers is counted in.")}
          </Text>
        ) : (
          behind.map((line) => (
            <Text key={line} as="p" tone="subdued">
              {line}.
            </Text>
          ))
        )}
      </BlockStack>
    </Card>
  );
});
