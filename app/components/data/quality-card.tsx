import { Badge, BlockStack, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { FindingView } from "./quality-view.ts";
import { t } from "../../texts/text.ts";

/** What is doubtful about profiles, with some of them. */
export function QualityCard({ findings }: { findings: readonly FindingView[] }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("Data quality")}
          </Text>
          <Text as="p" tone="subdued">
            {t(
              "Looked at whenever a profile changes, and all of them once a day. Rules can ask for data_quality_findings.",
            )}
          </Text>
        </BlockStack>
        {findings.length === 0 && <Text as="p">{t("Nothing doubtful was found.")}</Text>}
        {findings.map((finding, place) => (
          <Fragment key={finding.code}>
            {place > 0 && <Divider />}
            <Finding finding={finding} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Finding({ finding: { title, meaning, count, samples, more, url } }: { finding: FindingView }) {
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
        <BlockStack>
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {meaning}
          </Text>
        </BlockStack>
        <Badge>{count}</Badge>
      </InlineStack>
      <BlockStack gap="050">
        {samples.map(({ url, name, detail }) => (
          <InlineStack key={url} gap="200">
            <Link url={url}>{name}</Link>
            {detail !== null && (
              <Text as="span" tone="subdued" breakWord>
                {detail}
              </Text>
            )}
          </InlineStack>
        ))}
        {more !== null && (
          <Text as="p" variant="bodySm">
            <Link url={url}>{t("and {count} more", { count: more })}</Link>
          </Text>
        )}
      </BlockStack>
    </BlockStack>
  );
}
