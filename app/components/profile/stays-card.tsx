import { BlockStack, Card, InlineGrid, Link, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import type { ProfileView } from "./profile-view.ts";

export function StaysCard({ current, past }: Pick<ProfileView, "current" | "past">) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Segments
        </Text>
        {current.length === 0 && (
          <Text as="p" tone="subdued">
            In no segment now.
          </Text>
        )}
        {current.map(({ segment, entered, why }) => (
          <InlineGrid key={segment} columns={{ xs: 1, sm: "1fr auto" }} gap={{ sm: "200" }}>
            <Text as="p" fontWeight="medium">
              {segment}{" "}
              <Link url={why} accessibilityLabel={`Why in ${segment}`}>
                Why
              </Link>
            </Text>
            <Text as="p" tone="subdued">
              since <Instant at={entered} />
            </Text>
          </InlineGrid>
        ))}
        {past.length > 0 && (
          <Text as="h3" variant="headingSm">
            Before
          </Text>
        )}
        {past.map(({ key, segment, entered, left }) => (
          <InlineGrid key={key} columns={{ xs: 1, sm: "1fr auto" }} gap={{ sm: "200" }}>
            <Text as="p">{segment}</Text>
            <Text as="p" tone="subdued">
              <Instant at={entered} /> to <Instant at={left} />
            </Text>
          </InlineGrid>
        ))}
      </BlockStack>
    </Card>
  );
}
