import { Spinner } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** As high as the editor will be with nothing in it, so that what stands below keeps its place. */
const HEIGHT = "calc(7rem + 2 * var(--p-border-width-0165))";

/** Stands where a code editor will be. */
export function EditorLoading() {
  return (
    <div style={{ minHeight: HEIGHT }}>
      <Spinner accessibilityLabel={t("The editor is loading")} size="small" />
    </div>
  );
}
