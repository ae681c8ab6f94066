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
import { t } from "../../texts/text.ts";
import { StatusBadge } from "../status-badge.tsx";
import { runStateChoices } from "./automation-words.ts";
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
            {t("What happened")}
          </Text>
          {failed !== null && (
            <Button
              loading={formData?.get("intent") === "replay_failed"}
              onClick={() => submit({ intent: "replay_failed" }, { method: "post" })}
            >
              {t("Send again what failed ({count})", { count: failed })}
            </Button>
          )}
        </InlineStack>
        <Form method="get" role="search">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select label={t("Show")} name="state" options={runStateChoices()} value={state} onChange={setState} />
            <TextField
              label={t("Customer ID")}
              name="customer"
              autoComplete="off"
              inputMode="numeric"
              value={customer}
              onChange={setCustomer}
              clearButton
              onClearButtonClick={() => setCustomer("")}
              connectedRight={<Button submit>{t("Search")}</Button>}
            />
          </InlineGrid>
        </Form>
        {runs.length === 0 && (
          <Text as="p" tone="subdued">
            {narrowed
              ? t("Nothing in the log is like that.")
              : t("Nothing yet. What is sent appears here as soon as somebody enters or leaves.")}
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
            <Button url={`/app/segments/${segmentId}/automations${older}`}>{t("Older")}</Button>
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
              <Link url={customer.url}>{t("Customer {id}", { id: customer.id })}</Link>
            </>
          )}
        </Text>
        {again && (
          <Button
            variant="plain"
            accessibilityLabel={
              customer
                ? t("Send again: {what}, {at}, customer {id}", { what, at, id: customer.id })
                : t("Send again: {what}, {at}", { what, at })
            }
            loading={formData?.get("runId") === id}
            onClick={() => submit({ intent: "replay", runId: id }, { method: "post" })}
          >
            {t("Send again")}
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
