import { data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { marked } from "marked";
import { AdminPage } from "../components/admin-page.tsx";
import { wordsOfText } from "../components/rule/rule-words.ts";
import german from "../segment/language/language.de.md?raw";
import reference from "../segment/language/language.md?raw";
import { library } from "../segment/library.ts";
import { type Language, speech, t } from "../texts/text.ts";

/** The reference of the rule language: the file that developers read, without its heading and what it says of the code. */
function html(text: string): string {
  const read = text.replace(/^# .*\n/, "").replace(/\s\((?:`\w+` in )?`[\w./-]+\.ts`\)/g, "");
  // What may be wider than the window is scrolled by keyboard too.
  return marked.parse(read, { async: false }).replaceAll("<pre>", '<pre tabindex="0">');
}

const MOST_EXAMPLES = 6;
const HTML: Readonly<Record<Language, string>> = { en: html(reference), de: html(german) };

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.shopify.authenticate.admin(request);
  // What has nothing to be filled in, in words and as it is written.
  const ready = library.filter(({ fill }) => fill === undefined);
  const examples = ready.flatMap(({ text }) => {
    const words = wordsOfText(text);
    return words === null ? [] : [{ words, text }];
  });
  return data({ examples: examples.slice(0, MOST_EXAMPLES), reference: HTML[speech().language] });
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function RuleLanguage() {
  const { examples, reference: shown } = useLoaderData<typeof loader>();
  return (
    <AdminPage title={t("Rule language")} backAction={{ content: t("Segments"), url: "/app/segments" }}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t("By example")}
            </Text>
            {examples.map(({ words, text }) => (
              <BlockStack key={text} gap="050">
                <Text as="p">{words}</Text>
                <Text as="p" variant="bodySm" tone="subdued" breakWord>
                  <code translate="no">{text}</code>
                </Text>
              </BlockStack>
            ))}
          </BlockStack>
        </Card>
        <Card>
          <style>{STYLE}</style>
          {/* Our own file, not anybody's input. */}
          <div className="muster-reference" dangerouslySetInnerHTML={{ __html: shown }} />
        </Card>
      </BlockStack>
    </AdminPage>
  );
}

const STYLE = `
.muster-reference { max-width: 46rem; line-height: 1.5; overflow-wrap: anywhere; }
.muster-reference h2 { font-size: 1rem; font-weight: 650; margin: 1.5rem 0 .5rem; }
.muster-reference p, .muster-reference table, .muster-reference pre { margin: 0 0 .75rem; }
.muster-reference pre { background: var(--p-color-bg-surface-secondary); padding: .75rem; border-radius: var(--p-border-radius-200); overflow-x: auto; white-space: pre; }
.muster-reference code { font-family: var(--p-font-family-mono); font-size: .8125rem; }
.muster-reference td:first-child { white-space: nowrap; }
.muster-reference td { padding: .25rem .75rem .25rem 0; vertical-align: top; }`;
