import { BlockStack, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import type { ToldView } from "./told-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

/** What the shop's own systems and its metafields say of the customer, each with since when and from where. */
export function ToldCard({ told }: { told: ToldView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Traits and metafields")}
        </Text>
        {told.length === 0 && (
          <Text as="p" tone="subdued">
            {t("Your own systems have told no trait of this customer, and no metafield that is defined has a value.")}
          </Text>
        )}
        {told.map((one, place) => (
          <BlockStack key={one.name} gap="100">
            {place > 0 && <Divider />}
            <InlineStack align="space-between" gap="200">
              <Text as="span" tone="subdued" breakWord>
                {one.label}
              </Text>
              <Text as="span" fontWeight="medium" breakWord>
                {one.value}
              </Text>
            </InlineStack>
            <Text as="span" variant="bodySm" tone="subdued" breakWord>
              <span translate="no">{one.name}</span> ·{" "}
              <Sentence text="since {when}" parts={{ when: <Instant at={one.since} /> }} /> · {one.source}
            </Text>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}
