import { Banner, BlockStack, Button, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";

/** A key that was just made: this is the only time it can be read. */
export function ShownKey({ name, secret }: { name: string; secret: string }) {
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
    <Banner tone="success" title={`The key for ${name}`}>
      <BlockStack gap="300">
        <p>Copy it now. Only a hash of it is kept, so it cannot be shown again.</p>
        <TextField
          label="Key"
          labelHidden
          autoComplete="off"
          readOnly
          monospaced
          selectTextOnFocus
          value={secret}
          {...(copied === "failed" && { error: "The browser did not allow it: select the key and copy it yourself." })}
        />
        <InlineStack>
          <Button onClick={() => void copy()}>{copied === "yes" ? "Copied" : "Copy"}</Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
