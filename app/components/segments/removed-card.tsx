import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, Divider, InlineError, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { RemovalAnswer } from "../../jobs/segment-removal.server.ts";
import { t } from "../../texts/text.ts";
import type { RemovedView } from "./segments-view.ts";

/** Segments that were removed, what became of their lists, and the way back. */
export function RemovedCard({ removed }: { removed: readonly RemovedView[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Removed")}
        </Text>
        {removed.map((segment, place) => (
          <Fragment key={segment.id}>
            {place > 0 && <Divider />}
            <Removed {...segment} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Removed({ id, name, when, lines }: RemovedView) {
  const fetcher = useFetcher<RemovalAnswer>();
  const refused = fetcher.data?.outcome === "refused" ? fetcher.data.reason : null;
  return (
    <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm" breakWord>
          {name}
        </Text>
        <Text as="p" tone="subdued" variant="bodySm">
          {when}
        </Text>
        {lines.map((line) => (
          <Text key={line} as="p" variant="bodySm">
            {line}
          </Text>
        ))}
        {refused !== null && <InlineError fieldID={`restore-${id}`} message={refused} />}
      </BlockStack>
      {/* A long name breaks, and not the button. */}
      <div style={{ flexShrink: 0 }}>
        <Button
          id={`restore-${id}`}
          accessibilityLabel={t("Restore {name}", { name })}
          loading={fetcher.state !== "idle"}
          onClick={() => fetcher.submit({ intent: "restore", segmentId: String(id) }, { method: "post" })}
        >
          {t("Restore")}
        </Button>
      </div>
    </InlineStack>
  );
}
