import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Modal, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

export interface PrivacyModalProps {
  /** Null: closed. */
  asked: "export" | "erase" | null;
  name: string;
  onClose(): void;
}

/** Asks once more before a person's data is exported, or erased for good. */
export function PrivacyModal({ asked, name, onClose }: PrivacyModalProps) {
  const busy = useNavigation().state !== "idle";
  const isErasure = asked === "erase";
  return (
    <Modal
      open={asked !== null}
      onClose={onClose}
      title={isErasure ? t("Erase {name}?", { name }) : t("Export the data of {name}?", { name })}
    >
      <Modal.Section>
        <Form method="post">
          <input type="hidden" name="kind" value={isErasure ? "customer_redact" : "data_request"} />
          <BlockStack gap="400">
            {isErasure ? (
              <>
                <Text as="p">
                  {t(
                    "Everything Muster keeps about this person is deleted. They leave every audience, and the connected platforms delete them too. Orders stay in your totals without a name. This cannot be undone.",
                  )}
                </Text>
                <Text as="p">
                  {t("The customer in Shopify is not touched: erase them there first, if that is what was asked.")}
                </Text>
              </>
            ) : (
              <Text as="p">
                {t(
                  "A file with everything Muster keeps about this person is made. You find it under Privacy within a minute, for 14 days.",
                )}
              </Text>
            )}
            <InlineStack align="end" gap="200">
              <Button onClick={onClose} disabled={busy}>
                {t("Cancel")}
              </Button>
              {isErasure ? (
                <Button submit variant="primary" tone="critical" loading={busy}>
                  {t("Erase for good")}
                </Button>
              ) : (
                <Button submit variant="primary" loading={busy}>
                  {t("Export")}
                </Button>
              )}
            </InlineStack>
          </BlockStack>
        </Form>
      </Modal.Section>
    </Modal>
  );
}
