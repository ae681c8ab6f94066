import { BlockStack, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { Instant } from "../shown-instant.tsx";
import type { ChangeView } from "./change-view.ts";

/** Who changed what and when, with what it was before and after. */
export function ChangeList({ changes }: { changes: readonly ChangeView[] }) {
  return (
    <BlockStack gap="300">
      {changes.map(({ id, who, at, what, differences }, index) => (
        <Fragment key={id}>
          {index > 0 && <Divider />}
          <BlockStack gap="100">
            <InlineStack align="space-between" gap="200">
              <Text as="h3" variant="headingSm" breakWord>
                {what}
              </Text>
              <Text as="p" tone="subdued">
                {who}, <Instant at={at} />
              </Text>
            </InlineStack>
            <Differences of={differences} />
          </BlockStack>
        </Fragment>
      ))}
    </BlockStack>
  );
}

/** What of it is another than before. */
export function Differences({ of }: { of: ChangeView["differences"] }) {
  return of.map(({ label, before, after }) => (
    <Text key={label} as="p" breakWord>
      <Text as="span" tone="subdued">
        {label}:
      </Text>{" "}
      <span translate="no">{[before, after].filter((part) => part !== null).join(" \u2192 ")}</span>
    </Text>
  ));
}
