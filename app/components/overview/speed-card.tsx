import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import type { OverviewView } from "./overview-view.ts";

export function SpeedCard({ speed, duplicates }: Pick<OverviewView, "speed" | "duplicates">) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Speed")}
          </Text>
          <Text as="p" tone="subdued">
            {t("Typical time, and the time 99 of 100 stay below. Measured on this server within the last hour.")}
          </Text>
        </BlockStack>
        {speed.map(({ label, meaning, typical, slowest }) => (
          <InlineStack key={label} align="space-between" blockAlign="start" gap="200" wrap={false}>
            <BlockStack>
              <Text as="h3" variant="bodyMd" fontWeight="medium">
                {label}
              </Text>
              <Text as="p" variant="bodySm" tone="subdued">
                {meaning}
              </Text>
            </BlockStack>
            <BlockStack inlineAlign="end">
              <Text as="p" fontWeight="medium" numeric>
                {typical ?? "\u2013"}
              </Text>
              <Text as="p" variant="bodySm" tone="subdued" numeric>
                {slowest === null ? t("not measured yet") : t("99%: {time}", { time: slowest })}
              </Text>
            </BlockStack>
          </InlineStack>
        ))}
        <Text as="p" variant="bodySm" tone="subdued">
          {duplicates}
        </Text>
      </BlockStack>
    </Card>
  );
}
