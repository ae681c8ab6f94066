import { BlockStack, Button, InlineError } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";

/** Fetches a file with the page's session token, which a plain link would not carry, and saves it. */
export function DownloadButton({ url }: { url: string }) {
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");

  async function download(): Promise<void> {
    setState("loading");
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const [, name = "export.json"] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [];
      save(await answer.blob(), name);
      setState("idle");
    } catch {
      setState("failed");
    }
  }

  return (
    <BlockStack gap="100">
      <Button onClick={() => void download()} loading={state === "loading"}>
        {t("Download the export")}
      </Button>
      {state === "failed" && (
        <InlineError
          fieldID={`download ${url}`}
          message={t("The file could not be fetched. It may have expired; reload the page.")}
        />
      )}
    </BlockStack>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
