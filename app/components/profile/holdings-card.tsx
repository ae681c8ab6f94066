import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { StatusBadge } from "../status-badge.tsx";
import type { HoldingView } from "./profile-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

export function HoldingsCard({ holdings }: { holdings: readonly HoldingView[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Audiences")}
        </Text>
        {holdings.length === 0 && (
          <Text as="p" tone="subdued">
            {t("In no audience, and in none to be.")}
          </Text>
        )}
        {holdings.map(({ key, destination, segment, state, detail }) => (
          <InlineStack key={key} align="space-between" blockAlign="start" gap="200">
            <BlockStack>
              <Text as="p">
                <Sentence
                  text="{segment} in {destination}"
                  parts={{
                    segment: (
                      <Text as="span" fontWeight="medium">
                        {segment}
                      </Text>
                    ),
                    destination,
                  }}
                />
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
