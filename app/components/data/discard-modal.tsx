import { Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";

export interface DiscardModalProps {
  topic: string;
  busy: boolean;
  onDiscard(): void;
  onClose(): void;
}

/** Asks once more before a delivery is given up. */
export function DiscardModal({ topic, busy, onDiscard, onClose }: DiscardModalProps) {
  return (
    <AdminModal
      onClose={onClose}
      title={t("Discard this delivery?")}
      primary={{ content: t("Discard"), destructive: true, loading: busy, onAction: onDiscard }}
      cancel={t("Keep it")}
    >
      <Text as="p">
        {t(
          "What this {topic} delivery says is deleted and will never be read. This cannot be undone, and Shopify does not send it again.",
          { topic },
        )}
      </Text>
    </AdminModal>
  );
}
