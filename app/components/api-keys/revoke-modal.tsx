import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Modal, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import type { KeyAnswered } from "./api-keys-page.tsx";
import type { KeyView } from "./api-keys-view.ts";
import { t } from "../../texts/text.ts";

export interface RevokeModalProps {
  /** Null: closed. */
  revoking: KeyView | null;
  answered: KeyAnswered | undefined;
  onClose(): void;
}

/** Asks once more: what still uses the key stops working at once. */
export function RevokeModal({ revoking, answered, onClose }: RevokeModalProps) {
  const busy = useNavigation().state !== "idle";
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (answered?.outcome === "revoked" || answered?.outcome === "unknown_key") close.current();
  }, [answered]);
  return (
    <Modal
      open={revoking !== null}
      onClose={onClose}
      title={t("Revoke the key {name}?", { name: revoking?.name ?? "" })}
    >
      <Modal.Section>
        <Form method="post">
          <input type="hidden" name="intent" value="revoke" />
          <input type="hidden" name="id" value={revoking?.id ?? ""} />
          <BlockStack gap="400">
            <Text as="p">
              {t(
                "Requests with this key are refused from now on. What it recorded stays. This cannot be undone; a new key can be made at any time.",
              )}
            </Text>
            <InlineStack align="end" gap="200">
              <Button onClick={onClose} disabled={busy}>
                {t("Cancel")}
              </Button>
              <Button submit variant="primary" tone="critical" loading={busy}>
                {t("Revoke")}
              </Button>
            </InlineStack>
          </BlockStack>
        </Form>
      </Modal.Section>
    </Modal>
  );
}
