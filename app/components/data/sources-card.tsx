import { BlockStack, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { t } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import type { SourceView } from "./sources-view.ts";

/** From where facts come, whether they come, and where that is mended. */
export function SourcesCard({ sources }: { sources: readonly SourceView[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Sources")}
        </Text>
        {sources.map(({ key, name, state, lines, link }, place) => (
          <Fragment key={key}>
            {place > 0 && <Divider />}
            <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
              <BlockStack gap="050">
                <InlineStack align="start" gap="200" blockAlign="center">
                  <Text as="h3" variant="headingSm">
                    {name}
                  </Text>
                  <StatusBadge status={state} />
                </InlineStack>
                {lines.map((line) => (
                  <Text key={line} as="p" tone="subdued">
                    {line}
                  </Text>
                ))}
              </BlockStack>
              {link && (
                <div style={{ flexShrink: 0 }}>
                  <Link
                    url={link.url}
                    accessibilityLabel={`${link.text}: ${name}`}
                    removeUnderline
                    {...(link.outside && { target: "_top" })}
                  >
                    {link.text}
                  </Link>
                </div>
              )}
            </InlineStack>
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}
