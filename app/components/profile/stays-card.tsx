import { BlockStack, Card, InlineGrid, Link, Text } from "@shopify/polaris";
import { Instant } from "../shown-instant.tsx";
import type { ProfileView } from "./profile-view.ts";
import { t } from "../../texts/text.ts";
import { Sentence } from "../text.tsx";

export function StaysCard({ current, past }: Pick<ProfileView, "current" | "past">) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Segments")}
        </Text>
        {current.length === 0 && (
          <Text as="p" tone="subdued">
            {t("In no segment now.")}
          </Text>
        )}
        {current.map(({ segment, entered, why }) => (
          <InlineGrid key={segment} columns={{ xs: 1, sm: "1fr auto" }} gap={{ sm: "200" }}>
            <Text as="p" fontWeight="medium">
              {segment}{" "}
              <Link url={why} accessibilityLabel={t("Why in {segment}", { segment })}>
                {t("Why")}
              </Link>
            </Text>
            <Text as="p" tone="subdued">
              <Sentence text="since {when}" parts={{ when: <Instant at={entered} /> }} />
            </Text>
          </InlineGrid>
        ))}
        {past.length > 0 && (
          <Text as="h3" variant="headingSm">
            {t("Before")}
          </Text>
        )}
        {past.map(({ key, segment, entered, left }) => (
          <InlineGrid key={key} columns={{ xs: 1, sm: "1fr auto" }} gap={{ sm: "200" }}>
            <Text as="p">{segment}</Text>
            <Text as="p" tone="subdued">
              <Sentence text="{from} to {to}" parts={{ from: <Instant at={entered} />, to: <Instant at={left} /> }} />
            </Text>
          </InlineGrid>
        ))}
      </BlockStack>
    </Card>
  );
}
