import { Spinner } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** As high as a code editor is with nothing in it, so that what stands below keeps its place. */
export const EDITOR_HEIGHT = "calc(7rem + 2 * var(--p-border-width-0165))";

/** Stands where a code editor will be. */
export function EditorLoading() {
  return (
    <div style={{ minHeight: EDITOR_HEIGHT }}>
      <Spinner accessibilityLabel={t("The editor is loading")} size="small" />
    </div>
  );
}
