import { BlockStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { VersionMessage } from "../version-message.tsx";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";

export interface PublishBlockModalProps {
  handle: string;
  busy: boolean;
  onClose(): void;
  onPublish(message: string): void;
}

export function PublishBlockModal({ handle, busy, onClose, onPublish }: PublishBlockModalProps) {
  const [message, setMessage] = useState("");
  return (
    <AdminModal
      onClose={onClose}
      title={t("Publish this block?")}
      primary={{ content: t("Publish"), loading: busy, onAction: () => onPublish(message) }}
      cancel={t("Cancel")}
    >
      <BlockStack gap="400">
        <Text as="p">
          {t("From now on it stands wherever {handle} is asked for. Earlier versions are kept.", { handle })}
        </Text>
        <VersionMessage value={message} onChange={setMessage} />
      </BlockStack>
    </AdminModal>
  );
}

export interface DeleteBlockModalProps {
  name: string;
  busy: boolean;
  onClose(): void;
  onDelete(): void;
}

export function DeleteBlockModal({ name, busy, onClose, onDelete }: DeleteBlockModalProps) {
  return (
    <AdminModal
      onClose={onClose}
      title={t("Delete {name}?", { name })}
      primary={{ content: t("Delete"), destructive: true, loading: busy, onAction: onDelete }}
      cancel={t("Keep it")}
    >
      <Text as="p">
        {t(
          "Nothing is shown in its place from now on. It stays in the list of deleted blocks, with its versions, and can be brought back.",
        )}
      </Text>
    </AdminModal>
  );
}
