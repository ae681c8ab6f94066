import { Badge, BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment, memo } from "react";
import { t } from "../../texts/text.ts";
import type { VersionView } from "./editor-view.ts";
import { People } from "./preview-card.tsx";
import { RuleDifference } from "./rule-difference.tsx";

/** Every rule that was live, and a way back to each. */
export const VersionsCard = memo(function VersionsCard({
  versions,
  onRestore,
}: {
  versions: readonly VersionView[];
  onRestore(text: string): void;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Versions")}
        </Text>
        {versions.map(({ number, text, message, by, moved, entered, left, live }, place) => (
          <Fragment key={number}>
            {place > 0 && <Divider />}
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center" align="space-between">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {t("Version {number}", { number })}
                  </Text>
                  {live && <Badge tone="success">{t("Live")}</Badge>}
                </InlineStack>
                {!live && (
                  <Button
                    variant="plain"
                    accessibilityLabel={t("Edit from this: version {number}", { number })}
                    onClick={() => onRestore(text)}
                  >
                    {t("Edit from this")}
                  </Button>
                )}
              </InlineStack>
              {message !== "" && <Text as="p">{message}</Text>}
              <Text as="p" tone="subdued" variant="bodySm">
                {by}. {moved}.
              </Text>
              {/* The first one is new as a whole. */}
              <RuleDifference before={versions[place + 1]?.text ?? text} after={text} />
              <People title={t("Entered, among others")} people={entered} />
              <People title={t("Left, among others")} people={left} />
            </BlockStack>
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
});
