import { useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";

export interface PrivacyModalProps {
  asked: "export" | "erase";
  name: string;
  onClose(): void;
}

/** Asks once more before a person's data is exported, or erased for good. */
export function PrivacyModal({ asked, name, onClose }: PrivacyModalProps) {
  const busy = useNavigation().state !== "idle";
  const submit = useSubmit();
  const send = (kind: "customer_redact" | "data_request") => () => submit({ kind }, { method: "post" });
  if (asked === "export") {
    return (
      <AdminModal
        title={t("Export the data of {name}?", { name })}
        primary={{ content: t("Export"), loading: busy, onAction: send("data_request") }}
        cancel={t("Cancel")}
        onClose={onClose}
      >
        <Text as="p">
          {t(
            "A file with everything Muster keeps about this person is made. You find it under Privacy within a minute, for 14 days.",
          )}
        </Text>
      </AdminModal>
    );
  }
  return (
    <AdminModal
      title={t("Erase {name}?", { name })}
      primary={{ content: t("Erase for good"), destructive: true, loading: busy, onAction: send("customer_redact") }}
      cancel={t("Cancel")}
      onClose={onClose}
    >
      <BlockStack gap="400">
        <Text as="p">
          {t(
            "Everything Muster keeps about this person is deleted. They leave every audience, and the connected platforms delete them too. Orders stay in your totals without a name. This cannot be undone.",
          )}
        </Text>
        <Text as="p">
          {t("The customer in Shopify is not touched: erase them there first, if that is what was asked.")}
        </Text>
      </BlockStack>
    </AdminModal>
  );
}
