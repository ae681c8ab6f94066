import { Banner, BlockStack, Card, InlineStack, Spinner, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { BlockPreview } from "../../jobs/content-admin.server.ts";
import { type Viewer, ViewerField } from "./viewer-field.tsx";
import { t } from "../../texts/text.ts";

export interface BlockPreviewCardProps {
  preview: BlockPreview | null;
  loading: boolean;
  viewer: Viewer;
  onViewer(viewer: Viewer): void;
}

/** What the block as it is written is for one customer, or for nobody. */
export function BlockPreviewCard({ preview, loading, viewer, onViewer }: BlockPreviewCardProps) {
  // While something is being mended the last that could be shown stays.
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    if (preview?.outcome === "shown") setHtml(preview.html);
  }, [preview]);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("Preview")}
          </Text>
          {loading && <Spinner size="small" accessibilityLabel={t("The preview is being made")} />}
        </InlineStack>
        <ViewerField viewer={viewer} onViewer={onViewer} />
        <div aria-live="polite">{preview && <Trouble preview={preview} />}</div>
        {html === null ? (
          <Text as="p" tone="subdued">
            {viewer.customerId === ""
              ? t("What a visitor would see appears here.")
              : t("What {name} would see appears here.", { name: viewer.name })}
          </Text>
        ) : html.trim() === "" ? (
          <Text as="p" tone="subdued">
            {viewer.customerId === ""
              ? t("Nothing: for a visitor the block is empty.")
              : t("Nothing: for {name} the block is empty.", { name: viewer.name })}
          </Text>
        ) : (
          <iframe
            title={t("Preview for {name}", { name: viewer.name })}
            // No scripts, no forms, no access to this page.
            sandbox=""
            srcDoc={pageOf(html)}
            style={{
              width: "100%",
              height: "22rem",
              border: "var(--p-border-width-025) solid var(--p-color-border)",
              borderRadius: "var(--p-border-radius-200)",
              background: "#fff",
            }}
          />
        )}
      </BlockStack>
    </Card>
  );
}

function Trouble({ preview }: { preview: BlockPreview }) {
  switch (preview.outcome) {
    case "refused":
      return <Banner tone="critical" title={t("This cannot be shown until what is marked is mended")} />;
    case "stopped":
      return (
        <Banner tone="critical" title={t(STOPPED[preview.reason])}>
          {t("A block has 200 ms and 32 MB. Where it does not end, nothing is shown in its place.")}
        </Banner>
      );
    case "unknown_customer":
      return <Banner tone="warning" title={t("This customer is not there any more")} />;
    default:
      return null;
  }
}

const STOPPED = {
  time: "The block takes too long",
  memory: "The block needs too much memory",
  busy: "Too many previews wait; the next one is tried when you type",
  closed: "Muster is being restarted",
} as const;

/** A page of its own: it loads pictures and nothing else, and looks as plain text does until a theme gives it more. */
function pageOf(html: string): string {
  const policy = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; font-src https:";
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank"><style>body{font:15px/1.5 system-ui,sans-serif;margin:16px;color:#303030}img{max-width:100%;height:auto}</style>${html}`;
}
