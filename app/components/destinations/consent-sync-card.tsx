import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Button, Card, Checkbox, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import { useCloseWhenSent } from "./use-close-when-sent.ts";

/** Whether newer consent given elsewhere subscribes somebody again: for all platforms of the shop, off unless somebody agreed. */
export function ConsentSyncCard({ name, on }: { name: string; on: boolean }) {
  const [asking, setAsking] = useState(false);
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "consentSync";
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {on ? t("Consent sync is on") : t("Consent sync is off")}
          </Text>
          <Text as="p" tone="subdued">
            {on
              ? t(
                  "Whoever unsubscribed somewhere and later subscribed again, on record, is subscribed again everywhere. It holds for all your platforms.",
                )
              : t(
                  "Muster subscribes nobody. Whoever unsubscribed at {name} stays out of every audience until they subscribe there again, even if they have subscribed again in your shop.",
                  { name },
                )}
          </Text>
        </BlockStack>
        {on ? (
          <Form method="post">
            <input type="hidden" name="intent" value="consentSync" />
            <input type="hidden" name="on" value="off" />
            <Button submit loading={busy}>
              {t("Switch off")}
            </Button>
          </Form>
        ) : (
          <Button onClick={() => setAsking(true)}>{t("Switch on")}</Button>
        )}
      </InlineStack>
      {asking && <SwitchOnModal onClose={() => setAsking(false)} />}
    </Card>
  );
}

function SwitchOnModal({ onClose }: { onClose(): void }) {
  const [agreed, setAgreed] = useState(false);
  const busy = useCloseWhenSent(onClose);
  const submit = useSubmit();
  return (
    <AdminModal
      title={t("Let newer consent subscribe people again?")}
      primary={{
        content: t("Switch on for all platforms"),
        loading: busy,
        disabled: !agreed,
        onAction: () => submit({ intent: "consentSync", on: "on", agreed: agreed ? "yes" : "no" }, { method: "post" }),
      }}
      cancel={t("Cancel")}
      onClose={onClose}
    >
      <BlockStack gap="400">
        <Text as="p">
          {t("Muster then subscribes people, which it never does otherwise. It does so only for those who:")}
        </Text>
        <List>
          <List.Item>{t("unsubscribed in your shop or at one of your platforms,")}</List.Item>
          <List.Item>{t("subscribed again at another of these, later than every unsubscribe, and")}</List.Item>
          <List.Item>{t("did so in a way that is on record: single or confirmed opt-in, with its time.")}</List.Item>
        </List>
        <Text as="p">
          {t(
            "They are subscribed again wherever their unsubscribe still stands, those from before today too. Bounces and complaints stand for good. Switching it off unsubscribes nobody again.",
          )}
        </Text>
        <Checkbox
          label={t("The consent my shop and my platforms ask for covers e-mails from all of them")}
          checked={agreed}
          onChange={setAgreed}
          disabled={busy}
        />
      </BlockStack>
    </AdminModal>
  );
}
