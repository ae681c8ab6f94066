import { BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { memo } from "react";
import { t } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import type { EditorView } from "./editor-view.ts";

/** What follows when somebody enters or leaves the segment, and the way to it. */
export const AutomationsCard = memo(function AutomationsCard({
  segmentId,
  automations,
}: {
  segmentId: number;
  automations: EditorView["automations"];
}) {
  const url = `/app/segments/${segmentId}/automations`;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("Automations")}
          </Text>
          <Button variant="plain" url={url} accessibilityLabel={t("Open automations")}>
            {t("Open")}
          </Button>
        </InlineStack>
        {automations.length === 0 && (
          <Text as="p" tone="subdued">
            {t("Nothing follows when somebody enters or leaves.")}
          </Text>
        )}
        {automations.map(({ id, name, what, status }) => (
          <BlockStack key={id} gap="050">
            <InlineStack gap="200" blockAlign="center">
              <Link url={`${url}/${id}`} removeUnderline>
                {name}
              </Link>
              <StatusBadge status={status} />
            </InlineStack>
            <Text as="p" tone="subdued" variant="bodySm" breakWord>
              {what}
            </Text>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
});
