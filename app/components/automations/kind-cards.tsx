import { useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Link, List, Text } from "@shopify/polaris";
import type { AutomationAnswer } from "../../jobs/automation-admin.server.ts";
import { ShownOnce } from "../shown-once.tsx";
import type { AutomationView } from "./automation-view.ts";

export const SECRET_WORDS =
  "Copy it now: it is not shown again. Your receiver checks with it that a message is from Muster. If it is lost, make a new one.";

/** The secret of a webhook, and the way to another. */
export function SecretCard({ view, answered }: { view: AutomationView; answered: AutomationAnswer | undefined }) {
  const submit = useSubmit();
  const busy = useNavigation().formData?.get("intent") === "rotate";
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Signing secret
        </Text>
        {answered?.outcome === "rotated" && (
          <ShownOnce
            key={answered.secret}
            title="The new signing secret"
            label="Signing secret"
            words={SECRET_WORDS}
            secret={answered.secret}
          />
        )}
        <Text as="p" tone="subdued">
          {view.oldSecretUntil === null
            ? "Every message is signed with it. A new one replaces it; for 24 hours messages carry both signatures, so that nothing is refused meanwhile."
            : `Until ${view.oldSecretUntil} messages carry two signatures: of the new secret and of the one before.`}
        </Text>
        <InlineStack>
          <Button loading={busy} onClick={() => submit({ intent: "rotate" }, { method: "post" })}>
            Make a new secret
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
          What is sent
        </Text>
        <Text as="p" tone="subdued">
          A POST signed as{" "}
          <Link url="https://www.standardwebhooks.com" target="_blank">
            Standard Webhooks
          </Link>{" "}
          says: headers webhook-id, webhook-timestamp and webhook-signature. Any answer from 200 to 299 means it was
          taken; otherwise it is tried nine times within 28 hours, with the same webhook-id.
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
          In Shopify Flow
        </Text>
        <List type="number">
          <List.Item>
            Open{" "}
            <Link url={flowUrl} target="_top">
              Shopify Flow
            </Link>{" "}
            and create a workflow.
          </List.Item>
          <List.Item>
            As its trigger choose “Customer entered segment” or “Customer left segment”, under Muster.
          </List.Item>
          <List.Item>
            Add the condition that “Segment key” is equal to {segmentKey}: the triggers start for every segment that has
            such an automation.
          </List.Item>
          <List.Item>Add what should happen, and turn the workflow on.</List.Item>
        </List>
      </BlockStack>
    </Card>
  );
}
