import { BlockStack, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { ConsentSaidView } from "./consents-view.ts";
import { t } from "../../texts/text.ts";

/** Everything that was said of the customer's consent, by whom and how, channel by channel. */
export function ConsentsCard({ consents }: { consents: readonly ConsentSaidView[] }) {
  const channels = [...Map.groupBy(consents, ({ channel }) => channel)];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Consent history")}
        </Text>
        {channels.length === 0 && (
          <Text as="p" tone="subdued">
            {t("Nothing was ever said of this customer's consent.")}
          </Text>
        )}
        {channels.map(([channel, said], place) => (
          <BlockStack key={channel} gap="200">
            {place > 0 && <Divider />}
            <Text as="h3" variant="headingSm" tone="subdued">
              {channel}
            </Text>
            {said.map(({ key, state, source, at }) => (
              <BlockStack key={key} gap="050">
                <InlineStack align="space-between" blockAlign="center" gap="200">
                  <StatusBadge status={state} />
                  <Text as="span" variant="bodySm" tone="subdued">
                    <Instant at={at} />
                  </Text>
                </InlineStack>
                <Text as="span" variant="bodySm" tone="subdued" breakWord>
                  {source}
                </Text>
              </BlockStack>
            ))}
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}
