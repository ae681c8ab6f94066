import { Form } from "@remix-run/react";
import { BlockStack, Button, Card, Collapsible, InlineStack, Text, TextField } from "@shopify/polaris";
import { useId, useState } from "react";
import { AdminPage } from "../admin-page.tsx";
import type { LogView } from "./log-view.ts";
import { t, tn } from "../../texts/text.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";

const REFRESH_MS = 5_000;

/** What was sent over one connection, to be searched. */
export function LogPage({ view }: { view: LogView }) {
  const { destinationId, name, passes, older } = view;
  useLiveRefresh(REFRESH_MS);
  const [query, setQuery] = useState(view.query);
  return (
    <AdminPage
      title={t("What was sent to {name}", { name })}
      subtitle={t("The last 30 days. No address is kept here; people are named by their Shopify ids.")}
      backAction={{ content: name, url: `/app/destinations/${destinationId}` }}
    >
      <BlockStack gap="400">
        <Form method="get" role="search">
          <TextField
            label={t("Search")}
            labelHidden
            name="query"
            autoComplete="off"
            placeholder={t("A request id, a segment, a customer id, refused, again")}
            value={query}
            onChange={setQuery}
            clearButton
            onClearButtonClick={() => setQuery("")}
            connectedRight={<Button submit>{t("Search")}</Button>}
          />
        </Form>
        {passes.length === 0 && (
          <Card>
            <Text as="p" tone="subdued">
              {view.query === ""
                ? t("Nothing has been sent yet.")
                : t("Nothing that was sent has to do with {query}.", { query: view.query })}
            </Text>
          </Card>
        )}
        {passes.map(({ id, at, segment, figures, member, calls }) => (
          <Card key={id}>
            <BlockStack gap="200">
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <Text as="h2" variant="headingSm" breakWord>
                  {segment}
                </Text>
                <Text as="span" tone="subdued">
                  {at}
                </Text>
              </InlineStack>
              <Text as="p" numeric>
                {figures}
              </Text>
              {member !== null && (
                <Text as="p">{t("Customer {id}: {outcome}", { id: view.query, outcome: member })}</Text>
              )}
              {calls.length > 0 && (
                <Calls calls={calls} segment={segment} open={calls.some((call) => isAbout(call, view.query))} />
              )}
            </BlockStack>
          </Card>
        ))}
        {older !== null && (
          <InlineStack align="center">
            <Button url={`/app/destinations/${destinationId}/log${older}`}>{t("Older")}</Button>
          </InlineStack>
        )}
      </BlockStack>
    </AdminPage>
  );
}

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
