import { Form, useNavigation, useSubmit } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { t } from "../../texts/text.ts";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { runStateChoices } from "./automation-words.ts";
import type { AutomationsView, RunRow } from "./automations-view.ts";

/** What the automations did and still have to do, to be searched and sent again. @param phone the server's guess, until the browser knows */
export function RunsCard({ view, phone }: { view: AutomationsView; phone: boolean }) {
  const { asked, runs, pages, failed } = view;
  const [state, setState] = useState(asked.state);
  const [customer, setCustomer] = useState(asked.customer);
  const submit = useSubmit();
  const { formData } = useNavigation();
  const narrowed = asked.state !== "" || asked.customer !== "";
  return (
    <Card padding="0">
      <Box padding="400">
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
        </BlockStack>
      </Box>
      {runs.length === 0 ? (
        <NothingYet
          heading={narrowed ? t("Nothing found") : t("Nothing yet")}
          sentence={
            narrowed
              ? t("Nothing in the log is like that.")
              : t("What is sent appears here as soon as somebody enters or leaves.")
          }
        />
      ) : (
        <RecordTable
          names={{ singular: t("run|one of several"), plural: t("runs|several") }}
          columns={columns()}
          rows={runs}
          phone={phone}
          pages={{ ...pages, label: t("Pages of the log") }}
        />
      )}
    </Card>
  );
}

const columns = (): RecordColumns<RunRow> => [
  {
    title: t("What"),
    width: "9rem",
    cell: ({ what, automation }) => (
      <BlockStack gap="050">
        <Text as="span" fontWeight="semibold">
          {what}
        </Text>
        <Text as="span" variant="bodySm" tone="subdued">
          {automation}
        </Text>
      </BlockStack>
    ),
  },
  { title: t("State|of a record"), onPhone: "beside", cell: ({ status }) => <StatusBadge status={status} /> },
  {
    title: t("Customer"),
    onPhone: "titled",
    cell: ({ customer }) => customer && <Link url={customer.url}>{customer.id}</Link>,
  },
  { title: t("When"), onPhone: "titled", cell: ({ at }) => at },
  {
    title: t("What came of it"),
    width: "13rem",
    cell: ({ words, earlier }) =>
      words === "" && earlier.length === 0 ? null : (
        <BlockStack gap="050">
          {words !== "" && <Text as="span">{words}</Text>}
          {earlier.map((line) => (
            <Text key={line} as="span" tone="subdued" variant="bodySm">
              {line}
            </Text>
          ))}
        </BlockStack>
      ),
  },
  { title: t("Action|column"), onPhone: "last", cell: (run) => run.again && <SendAgain run={run} /> },
];

function SendAgain({ run: { id, what, at, customer } }: { run: RunRow }) {
  const submit = useSubmit();
  const { formData } = useNavigation();
  return (
    <InlineStack>
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
    </InlineStack>
  );
}
