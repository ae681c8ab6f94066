import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { t } from "../../texts/text.ts";
import type { FindingView } from "./finding-view.ts";

/** What is worth a second look. */
export function FindingsCard({ findings, segmentId }: { findings: readonly FindingView[]; segmentId: number }) {
  return (
    <div id="review">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("Worth a review")}
          </Text>
          {findings.map((finding, place) => (
            <Fragment key={`${finding.kind} ${finding.subject}`}>
              {place > 0 && <Divider />}
              <One {...finding} segmentId={segmentId} />
            </Fragment>
          ))}
        </BlockStack>
      </Card>
    </div>
  );
}

function One({ kind, subject, title, detail, since, segmentId }: FindingView & { segmentId: number }) {
  const fetcher = useFetcher();
  const done = (): void =>
    fetcher.submit({ intent: "reviewed", segmentId: String(segmentId), kind, subject }, { method: "post" });
  return (
    <InlineStack align="space-between" blockAlign="start" gap="400" wrap={false}>
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm" breakWord>
          {title}
        </Text>
        <Text as="p">{detail}</Text>
        <Text as="p" tone="subdued" variant="bodySm">
          {since}
        </Text>
      </BlockStack>
      <div style={{ flexShrink: 0 }}>
        <Button
          accessibilityLabel={t("Reviewed: {title}", { title })}
          loading={fetcher.state !== "idle"}
          onClick={done}
        >
          {t("Reviewed")}
        </Button>
      </div>
    </InlineStack>
  );
}
