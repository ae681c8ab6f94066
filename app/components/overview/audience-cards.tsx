import { BlockStack, Box, Button, Card, Divider, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import type { AudiencesView, AudienceView } from "./audiences-view.ts";

/** A card for each destination, side by side where there is room: the same segments stand in the same rows. */
export function AudienceCards({ destinations }: { destinations: readonly AudiencesView[] }) {
  if (destinations.length === 0) return <NoDestination />;
  return (
    <InlineGrid columns={{ xs: 1, md: destinations.length > 1 ? 2 : 1 }} gap="400" alignItems="start">
      {destinations.map((destination) => (
        <Destination key={destination.destination} {...destination} />
      ))}
    </InlineGrid>
  );
}

function NoDestination() {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Audiences")}
        </Text>
        <Text as="p" tone="subdued">
          {t(
            "No e-mail platform is connected. Once one is, each segment becomes an audience there and stays equal to it.",
          )}
        </Text>
        <InlineStack>
          <Button url="/app/destinations">{t("Connect a platform")}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Destination({ destination, url, audiences }: AudiencesView) {
  return (
    <Card padding="0">
      <section aria-label={t("Audiences in {destination}", { destination })}>
        <Box padding="400" paddingBlockEnd="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              {t("Audiences in {destination}", { destination })}
            </Text>
            <Button url={url} variant="plain" accessibilityLabel={t("Open {name}", { name: destination })}>
              {t("Open")}
            </Button>
          </InlineStack>
        </Box>
        {audiences.map((audience, index) => (
          <BlockStack key={audience.id}>
            {index > 0 && <Divider />}
            <Audience {...audience} />
          </BlockStack>
        ))}
      </section>
    </Card>
  );
}

function Audience({ segment, inAudience, members, exceptions, state, reconciled }: AudienceView) {
  return (
    <Box paddingInline="400" paddingBlock="300">
      <InlineGrid columns="1fr auto" gap="200" alignItems="start">
        <BlockStack gap="050">
          <Text as="h3" variant="bodyMd" fontWeight="medium">
            {segment}
          </Text>
          <Text as="p" tone="subdued" numeric>
            {t("{count} of {members} in the audience", { count: inAudience, members })}
          </Text>
          {exceptions.length > 0 && (
            <Text as="p" tone="subdued" numeric>
              {exceptions.join(" \u00b7 ")}
            </Text>
          )}
          <Text as="p" variant="bodySm" tone="subdued">
            {reconciled}
          </Text>
        </BlockStack>
        <StatusBadge status={state} />
      </InlineGrid>
    </Box>
  );
}
