import { Form, useNavigation } from "@remix-run/react";
import { BlockStack, Box, Button, Card, FormLayout, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import type { AutomationAnswer, Tested } from "../../jobs/automation-admin.server.ts";
import type { AutomationKind } from "../../segment/automations/automation.ts";
import { t, type Text as Words } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import type { AutomationView } from "./automation-view.ts";
import { storedWords } from "./automation-words.ts";

/** One sample, once, and what came back. */
export function TestCard({ view, answered }: { view: AutomationView; answered: AutomationAnswer | undefined }) {
  const [change, setChange] = useState(view.onEntry ? "entered" : "left");
  const [customer, setCustomer] = useState("");
  const busy = useNavigation().formData?.get("intent") === "test";
  const refused = answered?.outcome === "refused" && answered.field === "customer" ? answered.reason : null;
  const kind = view.kind ?? "webhook";
  const changes = [
    { value: "entered", label: t("Somebody entered") },
    { value: "left", label: t("Somebody left") },
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t("Test with a sample")}
          </Text>
          <Text as="p" tone="subdued">
            {t(ABOUT[kind])}
          </Text>
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="test" />
          <FormLayout>
            <FormLayout.Group>
              <Select label={t("What happened")} name="change" options={changes} value={change} onChange={setChange} />
              <TextField
                label={t("Customer ID")}
                name="customer"
                autoComplete="off"
                inputMode="numeric"
                value={customer}
                onChange={setCustomer}
                helpText={t(CUSTOMER_HELP[kind])}
                {...(refused !== null && { error: refused })}
              />
            </FormLayout.Group>
            <InlineStack>
              <Button submit loading={busy}>
                {t("Send sample")}
              </Button>
            </InlineStack>
          </FormLayout>
        </Form>
        <div aria-live="polite">{answered?.outcome === "tested" && <Result tested={answered.result} />}</div>
      </BlockStack>
    </Card>
  );
}

const ABOUT: Readonly<Record<AutomationKind, Words>> = {
  webhook: "One signed message goes to the saved address now and is not repeated. Its field sample is true.",
  customer_tag: "Without a customer it only checks the permission. With one the tag is really put on or taken off.",
  flow_trigger: "Workflows really start, for the customer you name. Their field Sample is true.",
};
const CUSTOMER_HELP: Readonly<Record<AutomationKind, Words>> = {
  webhook: "Optional: the number in the address of a customer’s page.",
  customer_tag: "Optional: the number in the address of a customer’s page.",
  flow_trigger: "Needed: the number in the address of a customer’s page, such as your own.",
};

const RESULTS = {
  done: { tone: "success", text: "Done|a run" },
  skipped: { tone: "info", text: "Nothing to do" },
  failed: { tone: "critical", text: "Failed" },
  retry: { tone: "critical", text: "Failed" },
  pause: { tone: "critical", text: "Failed" },
} as const;

function Result({ tested: { outcome, status, words, ms, start } }: { tested: Tested }) {
  const { tone, text } = RESULTS[outcome];
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <StatusBadge status={{ tone, text: t(text) }} />
        {status !== null && <Text as="span">HTTP {status}</Text>}
        {ms > 0 && (
          <Text as="span" tone="subdued" numeric>
            {ms} ms
          </Text>
        )}
      </InlineStack>
      <Text as="p">{storedWords(words)}</Text>
      {start !== undefined && start !== "" && (
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            {t("Its answer begins")}
          </Text>
          <Box background="bg-surface-secondary" padding="300" borderRadius="200">
            <pre style={PRE}>{start}</pre>
          </Box>
        </BlockStack>
      )}
    </BlockStack>
  );
}

const PRE = { margin: 0, whiteSpace: "pre-wrap", overflowWrap: "anywhere" } as const;
