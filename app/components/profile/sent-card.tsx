import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { SentView } from "./consents-view.ts";
import { t } from "../../texts/text.ts";

/** What was sent of the customer to each destination, when, and what came back. */
export function SentCard({ sent }: { sent: readonly SentView[] }) {
  const destinations = [...Map.groupBy(sent, ({ destination }) => destination)];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("What was sent")}
        </Text>
        {destinations.length === 0 && (
          <Text as="p" tone="subdued">
            {t("The log holds nothing that was sent of this customer.")}
          </Text>
        )}
        {destinations.map(([destination, entries]) => (
          <BlockStack key={destination} gap="200">
            <InlineStack align="space-between" gap="200">
              <Text as="h3" variant="headingSm" tone="subdued">
                {destination}
              </Text>
              {entries[0] && (
                <Link url={entries[0].log} accessibilityLabel={t("Log of {name}", { name: destination })}>
                  {t("Log")}
                </Link>
              )}
            </InlineStack>
            {entries.map(({ key, what, answer, detail, at }) => (
              <InlineStack key={key} align="space-between" blockAlign="start" gap="200">
                <BlockStack>
                  <Text as="p" breakWord>
                    {what}
                  </Text>
                  <Text as="p" variant="bodySm" tone="subdued" breakWord>
                    <Instant at={at} />
                    {detail && ` · ${detail}`}
                  </Text>
                </BlockStack>
                <StatusBadge status={answer} />
              </InlineStack>
            ))}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}
