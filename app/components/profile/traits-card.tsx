import { BlockStack, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Instant } from "../shown-instant.tsx";
import { Sentence } from "../text.tsx";
import type { ComputedView } from "./computed-view.ts";
import type { ToldView } from "./told-view.ts";
import { t } from "../../texts/text.ts";

/** What Muster works out of the customer, and what the shop's own systems and metafields say, each with when and from what. */
export function TraitsCard({ computed, told }: { computed: ComputedView; told: ToldView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Traits")}
          </Text>
          {computed.at && (
            <Text as="p" tone="subdued">
              <Sentence
                text="Worked out {when}. Cancelled and test orders are left out."
                parts={{ when: <Instant at={computed.at} relative /> }}
              />
            </Text>
          )}
        </BlockStack>
        {computed.traits.map(({ key, label, value, name, source }) => (
          <Trait key={key} label={label} value={value}>
            {name !== null && (
              <>
                <span translate="no">{name}</span> ·{" "}
              </>
            )}
            {source}
          </Trait>
        ))}
        <Divider />
        <Text as="h3" variant="headingSm">
          {t("From your own systems and metafields")}
        </Text>
        {told.length === 0 && (
          <Text as="p" tone="subdued">
            {t("Your own systems have told no trait of this customer, and no metafield that is defined has a value.")}
          </Text>
        )}
        {told.map(({ name, label, value, since, source }) => (
          <Trait key={name} label={label} value={value}>
            <span translate="no">{name}</span> ·{" "}
            <Sentence text="since {when}" parts={{ when: <Instant at={since} /> }} /> · {source}
          </Trait>
        ))}
      </BlockStack>
    </Card>
  );
}

function Trait({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <BlockStack gap="050">
      <InlineStack align="space-between" gap="200">
        <Text as="span" tone="subdued" breakWord>
          {label}
        </Text>
        <Text as="span" fontWeight="medium" breakWord>
          {value}
        </Text>
      </InlineStack>
      <Text as="span" variant="bodySm" tone="subdued" breakWord>
        {children}
      </Text>
    </BlockStack>
  );
}
