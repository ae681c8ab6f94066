import { Spinner } from "@shopify/polaris";
import type { CSSProperties } from "react";
import { t } from "../../texts/text.ts";

/** As high as a code editor is with nothing in it, so that what stands below keeps its place. */
export const EDITOR_HEIGHT = "calc(7rem + 2 * var(--p-border-width-0165))";

/** At least so high is an editor for more than a few lines. */
export const TALL = "14rem";

/** Stands where a tall code editor will be. */
export function EditorLoading() {
  return (
    <div style={{ minHeight: `calc(${TALL} + 2 * var(--p-border-width-0165))` }}>
      <Spinner accessibilityLabel={t("The editor is loading")} size="small" />
    </div>
  );
}

/** Past this an editor scrolls, so that what stands below stays near. */
export const MOST_HEIGHT = "20rem";

/** Stands where a code editor will be and shows its code, in lines that break where the editor breaks them. */
export function CodeWaiting({ code }: { code: string }) {
  return <pre style={WAITING}>{code}</pre>;
}

const WAITING: CSSProperties = {
  boxSizing: "border-box",
  minHeight: EDITOR_HEIGHT,
  maxHeight: MOST_HEIGHT,
  overflow: "hidden",
  margin: 0,
  padding: "0.5rem 0.75rem",
  border: "var(--p-border-width-0165) solid var(--p-color-input-border)",
  borderRadius: "var(--p-border-radius-200)",
  background: "var(--p-color-input-bg-surface)",
  font: "0.8125rem/1.4 var(--p-font-family-mono)",
  whiteSpace: "break-spaces",
  overflowWrap: "anywhere",
};
