import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { VersionMessage } from "../version-message.tsx";

export interface PublishBlockModalProps {
  handle: string;
  busy: boolean;
  onClose(): void;
  onPublish(message: string): void;
}

export function PublishBlockModal({ handle, busy, onClose, onPublish }: PublishBlockModalProps) {
  const [message, setMessage] = useState("");
  return (
    <Modal
      open
      onClose={onClose}
      title="Publish this block?"
      primaryAction={{ content: "Publish", loading: busy, onAction: () => onPublish(message) }}
      secondaryActions={[{ content: "Cancel", onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <Text as="p">From now on it stands wherever {handle} is asked for. Earlier versions are kept.</Text>
          <VersionMessage value={message} onChange={setMessage} />
        </BlockStack>
      </Modal.Section>
    </Modal>
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
    <Modal
      open
      onClose={onClose}
      title={`Delete ${name}?`}
      primaryAction={{ content: "Delete", destructive: true, loading: busy, onAction: onDelete }}
      secondaryActions={[{ content: "Keep it", onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">
          Nothing is shown in its place from now on. It stays in the list of deleted blocks, with its versions, and can
          be brought back.
        </Text>
      </Modal.Section>
    </Modal>
  );
}
