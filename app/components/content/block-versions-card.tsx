import { Badge, BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { BlockVersionView } from "./content-view.ts";
import { t } from "../../texts/text.ts";

export interface BlockVersionsCardProps {
  versions: readonly BlockVersionView[];
  onRestore(version: BlockVersionView): void;
}

/** Everything that was live, and a way back to each. */
export function BlockVersionsCard({ versions, onRestore }: BlockVersionsCardProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Versions")}
        </Text>
        {versions.map((version, at) => (
          <Fragment key={version.number}>
            {at > 0 && <Divider />}
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center" align="space-between">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {t("Version {number}", { number: version.number })}
                  </Text>
                  {version.live && <Badge tone="success">{t("Live")}</Badge>}
                </InlineStack>
                <Button
                  variant="plain"
                  accessibilityLabel={t("Edit from this: version {number}", { number: version.number })}
                  onClick={() => onRestore(version)}
                >
                  {t("Edit from this")}
                </Button>
              </InlineStack>
              {version.message !== "" && <Text as="p">{version.message}</Text>}
              <Text as="p" tone="subdued" variant="bodySm">
                {version.by}
              </Text>
            </BlockStack>
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}
