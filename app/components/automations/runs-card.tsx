import { Form, useNavigation, useSubmit } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Divider,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { Fragment, useState } from "react";
import { StatusBadge } from "../status-badge.tsx";
import { RUN_STATE_CHOICES } from "./automation-words.ts";
import type { AutomationsView, RunRow } from "./automations-view.ts";

/** What the automations did and still have to do, to be searched and sent again. */
export function RunsCard({ view }: { view: AutomationsView }) {
  const { asked, runs, older, failed, segmentId } = view;
  const [state, setState] = useState(asked.state);
  const [customer, setCustomer] = useState(asked.customer);
  const submit = useSubmit();
  const { formData } = useNavigation();
  const narrowed = asked.state !== "" || asked.customer !== "";
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            What happened
          </Text>
          {failed !== null && (
            <Button
              loading={formData?.get("intent") === "replay_failed"}
              onClick={() => submit({ intent: "replay_failed" }, { method: "post" })}
            >
              {`Send again what failed (${failed})`}
            </Button>
          )}
        </InlineStack>
        <Form method="get" role="search">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select label="Show" name="state" options={RUN_STATE_CHOICES} value={state} onChange={setState} />
            <TextField
              label="Customer ID"
              name="customer"
              autoComplete="off"
              inputMode="numeric"
              value={customer}
              onChange={setCustomer}
              clearButton
              onClearButtonClick={() => setCustomer("")}
              connectedRight={<Button submit>Search</Button>}
            />
          </InlineGrid>
        </Form>
        {runs.length === 0 && (
          <Text as="p" tone="subdued">
            {narrowed
              ? "Nothing in the log is like that."
              : "Nothing yet. What is sent appears here as soon as somebody enters or leaves."}
          </Text>
        )}
        {runs.map((run, place) => (
          <Fragment key={run.id}>
            {place > 0 && <Divider />}
            <Run run={run} />
          </Fragment>
        ))}
        {older !== null && (
          <InlineStack align="center">
            <Button url={`/app/segments/${segmentId}/automations${older}`}>Older</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Run({ run: { id, what, automation, at, customer, status, words, earlier, again } }: { run: RunRow }) {
  const submit = useSubmit();
  const { formData } = useNavigation();
  return (
    <BlockStack gap="100">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <InlineStack gap="200" blockAlign="center">
          <StatusBadge status={status} />
          <Text as="h3" variant="headingSm">
            {what}
          </Text>
        </InlineStack>
        <Text as="span" tone="subdued" variant="bodySm">
          {at}
        </Text>
      </InlineStack>
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="p" breakWord>
          {automation}
          {customer && (
            <>
              {": "}
              <Link url={customer.url}>Customer {customer.id}</Link>
            </>
          )}
        </Text>
        {again && (
          <Button
            variant="plain"
            accessibilityLabel={`Send again: ${what}, ${at}${customer ? `, customer ${customer.id}` : ""}`}
            loading={formData?.get("runId") === id}
            onClick={() => submit({ intent: "replay", runId: id }, { method: "post" })}
          >
            Send again
          </Button>
        )}
      </InlineStack>
      {words !== "" && <Text as="p">{words}</Text>}
      {earlier.map((line) => (
        <Text key={line} as="p" tone="subdued" variant="bodySm">
          {line}
        </Text>
      ))}
    </BlockStack>
  );
}
