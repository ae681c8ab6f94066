import { Banner, BlockStack, Divider, InlineStack, Text, Thumbnail } from "@shopify/polaris";
import { ImageIcon } from "@shopify/polaris-icons";
import { Fragment } from "react";
import { t } from "../../texts/text.ts";
import { StatusBadge, type Status } from "../status-badge.tsx";

export interface PreviewView {
  /** What is shown to whom, in words. */
  title: string;
  status: Status | null;
  sentence: string;
  items: { id: string; title: string; price: string; reason: string; image: string | null; isNew: boolean }[];
  /** What rules that are not saved change; null where none were tried. */
  change: string | null;
  /** Why there is nothing. */
  trouble: string | null;
}

/** Recommended products with why, and how sure the list is. */
export function ShownList({ view: { title, status, sentence, items, change, trouble } }: { view: PreviewView }) {
  if (trouble !== null) return <Banner tone="info" title={trouble} />;
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          {status && <StatusBadge status={status} />}
        </InlineStack>
        <Text as="p" tone="subdued">
          {sentence}
        </Text>
        {change !== null && <Text as="p">{change}</Text>}
      </BlockStack>
      {items.map((item) => (
        <Fragment key={item.id}>
          <Divider />
          <InlineStack gap="300" blockAlign="center" wrap={false}>
            <Thumbnail source={item.image ?? ImageIcon} alt="" size="small" />
            <BlockStack gap="050">
              <InlineStack gap="200" blockAlign="center">
                <Text as="p" fontWeight="medium">
                  {item.title}
                </Text>
                {item.isNew && <StatusBadge status={{ tone: "info", text: t("Comes in") }} />}
              </InlineStack>
              <Text as="p" tone="subdued">
                {item.price} · {item.reason}
              </Text>
            </BlockStack>
          </InlineStack>
        </Fragment>
      ))}
    </BlockStack>
  );
}
