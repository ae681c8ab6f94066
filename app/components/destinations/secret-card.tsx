import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { ShownOnce } from "../shown-once.tsx";
import type { Happened } from "./happened.ts";
import { t } from "../../texts/text.ts";

/** The secret that messages to the merchant's own system are signed with. */
export function SecretCard({ happened }: { happened: Happened | undefined }) {
  const { state, formData } = useNavigation();
  const busy = state !== "idle" && formData?.get("intent") === "rotate";
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack gap="050">
            <Text as="h2" variant="headingMd">
              {t("Signing secret")}
            </Text>
            <Text as="p" tone="subdued">
              {t("Every message is signed with it. After a change the old one signs too for a day.")}
            </Text>
          </BlockStack>
          <Form method="post">
            <input type="hidden" name="intent" value="rotate" />
            <Button submit loading={busy}>
              {t("Change the secret")}
            </Button>
          </Form>
        </InlineStack>
        {happened?.outcome === "rotated" && (
          <ShownOnce
            title={t("The new secret")}
            label={t("Secret")}
            words={t("Give it to your system within a day: it is shown this once.")}
            secret={happened.secret}
          />
        )}
      </BlockStack>
    </Card>
  );
}
