import { Banner, BlockStack, Button, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../texts/text.ts";

export interface ShownOnceProps {
  title: string;
  /** Of the field. */
  label: string;
  /** What to do with it, and why it is shown only now. */
  words: string;
  secret: string;
}

/** A key or secret that was just made: this is the only time it can be read. */
export function ShownOnce({ title, label, words, secret }: ShownOnceProps) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied("yes");
    } catch {
      // A frame may be refused the clipboard: the field can still be selected.
      setCopied("failed");
    }
  }

  return (
    <Banner tone="success" title={title}>
      <BlockStack gap="300">
        <p>{words}</p>
        <TextField
          label={label}
          labelHidden
          autoComplete="off"
          readOnly
          monospaced
          selectTextOnFocus
          value={secret}
          {...(copied === "failed" && { error: t("The browser did not allow it: select it and copy it yourself.") })}
        />
        <InlineStack>
          <Button onClick={() => void copy()}>{copied === "yes" ? t("Copied") : t("Copy")}</Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
