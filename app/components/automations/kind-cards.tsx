import { useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Link, List, Text } from "@shopify/polaris";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import { t } from "../../texts/text.ts";
import { ShownOnce } from "../shown-once.tsx";
import { Sentence } from "../text.tsx";
import type { AutomationView } from "./automation-view.ts";

export function secretWords(): string {
  return t(
    "Copy it now: it is not shown again. Your receiver checks with it that a message is from Muster. If it is lost, make a new one.",
  );
}

/** The secret of a webhook, and the way to another. */
export function SecretCard({ view, answered }: { view: AutomationView; answered: AutomationAnswer | undefined }) {
  const submit = useSubmit();
  const busy = useNavigation().formData?.get("intent") === "rotate";
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Signing secret")}
        </Text>
        {answered?.outcome === "rotated" && (
          <ShownOnce
            key={answered.secret}
            title={t("The new signing secret")}
            label={t("Signing secret")}
            words={secretWords()}
            secret={answered.secret}
          />
        )}
        <Text as="p" tone="subdued">
          {view.oldSecretUntil === null
            ? t(
                "Every message is signed with it. A new one replaces it; for 24 hours messages carry both signatures, so that nothing is refused meanwhile.",
              )
            : t("Until {when} messages carry two signatures: of the new secret and of the one before.", {
                when: view.oldSecretUntil,
              })}
        </Text>
        <InlineStack>
          <Button loading={busy} onClick={() => submit({ intent: "rotate" }, { method: "post" })}>
            {t("Make a new secret")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

/** What a receiver gets and how it is checked. */
export function MessageCard({ view: { body } }: { view: AutomationView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("What is sent")}
        </Text>
        <Text as="p" tone="subdued">
          <Sentence
            text="A POST signed as {standard} says: headers webhook-id, webhook-timestamp and webhook-signature. Any answer from 200 to 299 means it was taken; otherwise it is tried nine times within 28 hours, with the same webhook-id."
            parts={{
              standard: (
                <Link url="https://www.standardwebhooks.com" target="_blank">
                  Standard Webhooks
                </Link>
              ),
            }}
          />
        </Text>
        <Box background="bg-surface-secondary" padding="300" borderRadius="200">
          <pre style={PRE}>{body}</pre>
        </Box>
      </BlockStack>
    </Card>
  );
}

const PRE = { margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" } as const;

/** How a workflow is made to begin with it. */
export function FlowCard({ view: { flowUrl, segmentKey } }: { view: AutomationView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("In Shopify Flow")}
        </Text>
        <List type="number">
          <List.Item>
            <Sentence
              text="Open {flow} and create a workflow."
              parts={{
                flow: (
                  <Link url={flowUrl} target="_top">
                    Shopify Flow
                  </Link>
                ),
              }}
            />
          </List.Item>
          <List.Item>
            {t("As its trigger choose “Customer entered segment” or “Customer left segment”, under Muster.")}
          </List.Item>
          <List.Item>
            {t(
              "Add the condition that “Segment key” is equal to {key}: the triggers start for every segment that has such an automation.",
              { key: segmentKey },
            )}
          </List.Item>
          <List.Item>{t("Add what should happen, and turn the workflow on.")}</List.Item>
        </List>
      </BlockStack>
    </Card>
  );
}
