import { BlockStack, Modal, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

export interface DiscardModalProps {
  /** Null: closed. */
  topic: string | null;
  busy: boolean;
  onDiscard(): void;
  onClose(): void;
}

/** Asks once more before a delivery is given up. */
export function DiscardModal({ topic, busy, onDiscard, onClose }: DiscardModalProps) {
  return (
    <Modal
      open={topic !== null}
      onClose={onClose}
      title={t("Discard this delivery?")}
      primaryAction={{ content: t("Discard"), destructive: true, loading: busy, onAction: onDiscard }}
      secondaryActions={[{ content: t("Keep it"), disabled: busy, onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="200">
          <Text as="p">
            {t(
              "What this {topic} delivery says is deleted and will never be read. This cannot be undone, and Shopify does not send it again.",
              { topic: topic ?? "" },
            )}
          </Text>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
