import { useNavigation, useSubmit } from "@remix-run/react";
import { Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import type { KeyAnswered } from "./api-keys-page.tsx";
import type { KeyView } from "./api-keys-view.ts";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";

export interface RevokeModalProps {
  revoking: KeyView;
  /** What was answered last, which may have been before this was opened. */
  answered: KeyAnswered | undefined;
  onClose(): void;
}

/** Asks once more: what still uses the key stops working at once. */
export function RevokeModal({ revoking, answered, onClose }: RevokeModalProps) {
  const busy = useNavigation().state !== "idle";
  const submit = useSubmit();
  const earlier = useRef(answered);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (answered === earlier.current) return;
    if (answered?.outcome === "revoked" || answered?.outcome === "unknown_key") close.current();
  }, [answered]);
  return (
    <AdminModal
      title={t("Revoke the key {name}?", { name: revoking.name })}
      primary={{
        content: t("Revoke"),
        destructive: true,
        loading: busy,
        onAction: () => submit({ intent: "revoke", id: String(revoking.id) }, { method: "post" }),
      }}
      cancel={t("Cancel")}
      onClose={onClose}
    >
      <Text as="p">
        {t(
          "Requests with this key are refused from now on. What it recorded stays. This cannot be undone; a new key can be made at any time.",
        )}
      </Text>
    </AdminModal>
  );
}
