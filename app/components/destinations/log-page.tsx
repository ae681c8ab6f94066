import { Form } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Collapsible, InlineStack, Text, TextField } from "@shopify/polaris";
import { useId, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { type RecordColumns, RecordTable } from "../record-table.tsx";
import type { LogView, PassView } from "./log-view.ts";
import { t, tn } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What was sent over one connection, to be searched. @param phone the server's guess, until the browser knows */
export function LogPage({ view, phone }: { view: LogView; phone: boolean }) {
  const { destinationId, name, passes, pages } = view;
  useLiveRefresh(REFRESH_MS);
  const [query, setQuery] = useState(view.query);
  return (
    <AdminPage
      title={t("What was sent to {name}", { name })}
      subtitle={t("No address is kept here; people are named by their Shopify ids. Settings say for how long.")}
      backAction={{ content: name, url: `/app/destinations/${destinationId}` }}
    >
      <Card padding="0">
        <Box padding="300">
          <Form method="get" role="search">
            <TextField
              label={t("Search")}
              labelHidden
              name="query"
              autoComplete="off"
              helpText={t("A request id, a segment, a customer id, or a word such as “refused” or “again”.")}
              value={query}
              onChange={setQuery}
              clearButton
              onClearButtonClick={() => setQuery("")}
              connectedRight={<Button submit>{t("Search")}</Button>}
            />
          </Form>
        </Box>
        {passes.length === 0 ? (
          <NothingYet
            heading={view.query === "" ? t("Nothing has been sent yet") : t("Nothing found")}
            sentence={
              view.query === ""
                ? t("What is sent stands here, pass by pass, with what became of everybody in it.")
                : t("Nothing that was sent has to do with {query}.", { query: view.query })
            }
          />
        ) : (
          <RecordTable
            names={{ singular: t("pass|one of several"), plural: t("passes|several") }}
            columns={columns(view.query)}
            rows={passes}
            phone={phone}
            pages={{ ...pages, label: t("Pages of the log") }}
          />
        )}
      </Card>
    </AdminPage>
  );
}

const columns = (query: string): RecordColumns<PassView> => [
  {
    title: t("Segment"),
    width: "9rem",
    cell: ({ segment }) => (
      <Text as="span" fontWeight="semibold">
        {segment}
      </Text>
    ),
  },
  {
    title: t("When"),
    onPhone: "beside",
    cell: ({ at }) => (
      <Text as="span" tone="subdued">
        {at}
      </Text>
    ),
  },
  {
    title: t("What happened"),
    width: "13rem",
    cell: ({ figures, member }) => (
      <BlockStack gap="050">
        <Text as="span" numeric>
          {figures}
        </Text>
        {member !== null && <Text as="span">{t("Customer {id}: {outcome}", { id: query, outcome: member })}</Text>}
      </BlockStack>
    ),
  },
  {
    title: t("Calls of the platform"),
    width: "13rem",
    cell: ({ id, segment, calls }) =>
      calls.length > 0 && (
        <Calls key={id} calls={calls} segment={segment} open={calls.some((call) => isAbout(call, query))} />
      ),
  },
];

/** What was asked of the platform, call by call: for whoever talks to its support. */
function Calls({ calls, segment, open: begun }: { calls: readonly string[]; segment: string; open: boolean }) {
  const [open, setOpen] = useState(begun);
  const id = useId();
  const words = tn(calls.length, "{count} call", "{count} calls", { count: calls.length });
  return (
    <BlockStack gap="100">
      <InlineStack>
        <Button
          variant="plain"
          disclosure={open ? "up" : "down"}
          ariaExpanded={open}
          ariaControls={id}
          accessibilityLabel={t("{calls}: {segment}", { calls: words, segment })}
          onClick={() => setOpen(!open)}
        >
          {words}
        </Button>
      </InlineStack>
      <Collapsible id={id} open={open}>
        <BlockStack gap="050">
          {calls.map((call, index) => (
            <Text key={index} as="p" variant="bodySm" tone="subdued" breakWord>
              <span translate="no">{call}</span>
            </Text>
          ))}
        </BlockStack>
      </Collapsible>
    </BlockStack>
  );
}

/** A request id that somebody looks for is to be seen. */
function isAbout(call: string, query: string): boolean {
  return query.trim() !== "" && call.includes(query.trim());
}
