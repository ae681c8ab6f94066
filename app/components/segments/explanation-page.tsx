import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { AdminPage } from "../admin-page.tsx";
import { StatusBadge } from "../status-badge.tsx";
import type { ExplanationView, LineView } from "./explanation-view.ts";
import { t } from "../../texts/text.ts";

/** Clause by clause why a customer is in a segment or not, and when that changes by itself. */
export function ExplanationPage({ view }: { view: ExplanationView }) {
  return (
    <AdminPage narrowWidth title={view.title} backAction={{ content: view.customer.name, url: view.customer.url }}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <InlineStack gap="200" blockAlign="center">
              <StatusBadge status={view.answer} />
              <Link url={view.segment.url}>{view.segment.name}</Link>
            </InlineStack>
            <Text as="p">{view.next}</Text>
          </BlockStack>
        </Card>
        {view.clauses.map(({ words, text, answer, found, next, events }, place) => (
          <Card key={place}>
            <BlockStack gap="200">
              <InlineStack gap="200" blockAlign="start" align="space-between" wrap={false}>
                <BlockStack gap="050">
                  <Text as="h2" variant="headingSm" breakWord>
                    {words ?? <code translate="no">{text}</code>}
                  </Text>
                  {words !== null && (
                    <Text as="p" variant="bodySm" tone="subdued" breakWord>
                      <code translate="no">{text}</code>
                    </Text>
                  )}
                </BlockStack>
                <div style={{ flexShrink: 0 }}>
                  <StatusBadge status={answer} />
                </div>
              </InlineStack>
              {found.map((line) => (
                <Text key={line} as="p">
                  {line}
                </Text>
              ))}
              {next && <Text as="p">{next}</Text>}
              {events.length > 0 && (
                <Text as="p" tone="subdued">
                  {t("Because of:")}
                </Text>
              )}
              {events.map((line, place) => (
                <Line key={place} {...line} />
              ))}
            </BlockStack>
          </Card>
        ))}
        {view.history.length > 0 && (
          <Card>
            <BlockStack gap="200">
              <Text as="h2" variant="headingSm">
                {t("How it came about")}
              </Text>
              {view.history.map((line, place) => (
                <Line key={place} {...line} />
              ))}
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </AdminPage>
  );
}

function Line({ text, url }: LineView) {
  return (
    <Text as="p" tone="subdued" breakWord>
      {url === null ? text : <Link url={url}>{text}</Link>}
    </Text>
  );
}
