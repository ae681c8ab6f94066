import { Banner, BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { Fragment, useEffect, useState } from "react";
import { StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { RecommendationsView } from "./recommendations-view.ts";
import { t } from "../../texts/text.ts";

const REFRESH_MS = 5_000;

/** Which blocks the theme has, with the way to each in the theme editor. */
export function StorefrontCard({ view: { placements, feedbackUrl } }: { view: RecommendationsView }) {
  useLiveRefresh(REFRESH_MS);
  const active = useActiveBlocks();
  const isTold = placements.some(({ isShown }) => isShown);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Blocks in your theme")}
        </Text>
        {!isTold && active?.has("feedback") !== true && (
          <Banner
            tone="info"
            title={t("Switch the Feedback embed on")}
            action={{ content: t("Open app embeds"), url: feedbackUrl, target: "_top" }}
          >
            {t("Without it nothing is known of what was shown and clicked, and nothing can be compared.")}
          </Banner>
        )}
        {placements.map((placement) => (
          <Fragment key={placement.placement}>
            <Divider />
            <Placement placement={placement} isActive={active?.has(placement.block) ?? false} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Placement({
  placement: { name, use, isShown, editorUrl, addUrl },
  isActive,
}: {
  placement: RecommendationsView["placements"][number];
  isActive: boolean;
}) {
  const isThere = isActive || isShown;
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <BlockStack gap="050">
        <InlineStack align="start" gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {name}
          </Text>
          <StatusBadge
            status={
              isThere
                ? { tone: "success", text: isShown ? t("Shown") : t("In your theme") }
                : { tone: "attention", text: t("Not added yet") }
            }
          />
        </InlineStack>
        <Text as="p" tone="subdued">
          {use}
        </Text>
      </BlockStack>
      <Button
        url={isThere ? editorUrl : addUrl}
        target="_top"
        accessibilityLabel={
          isThere ? t("Open the theme editor: {name}", { name }) : t("Add to the theme: {name}", { name })
        }
      >
        {isThere ? t("Open the theme editor") : t("Add to the theme")}
      </Button>
    </InlineStack>
  );
}

/** Handles of the blocks that the published theme has on, as Shopify tells; null while that is not known. */
function useActiveBlocks(): ReadonlySet<string> | null {
  const [active, setActive] = useState<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const { shopify } = window as { shopify?: { app?: { extensions?: () => Promise<unknown> } } };
    shopify?.app
      ?.extensions?.()
      .then((extensions) => setActive(new Set(activeIn(extensions))))
      .catch(() => {});
  }, []);
  return active;
}

/** https://shopify.dev/docs/api/app-bridge-library/apis/app: extensions with their blocks, each with a status. */
function activeIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { handle, status } = value as { handle?: unknown; status?: unknown };
  const own = typeof handle === "string" && status === "active" ? [handle] : [];
  return [...own, ...Object.values(value).flatMap(activeIn)];
}
