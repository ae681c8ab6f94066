import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

export interface Figure {
  label: string;
  value: ReactNode;
  detail?: ReactNode;
}

/** A row of four figures, two by two on a phone. */
export function FigureStrip({ figures, label }: { figures: readonly Figure[]; label: string }) {
  return (
    <Card>
      <section aria-label={label}>
        <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
          {figures.map((figure) => (
            <BlockStack key={figure.label} gap="100">
              <Text as="h2" variant="bodySm" tone="subdued" fontWeight="regular">
                {figure.label}
              </Text>
              <Text as="p" variant="headingLg" numeric>
                {figure.value}
              </Text>
              {figure.detail && (
                <Text as="p" variant="bodySm" tone="subdued">
                  {figure.detail}
                </Text>
              )}
            </BlockStack>
          ))}
        </InlineGrid>
      </section>
    </Card>
  );
}
