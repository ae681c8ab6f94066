import { Banner, BlockStack, Button, InlineStack, List, Tabs, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { lazy, memo, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { createDictionary, type Dictionary, type Vocabulary } from "../../segment/language/dictionary.ts";
import { describeProblem, type Problem } from "../../segment/language/diagnostics.ts";
import { parseText } from "../../segment/language/parse-text.ts";
import { printSql } from "../../segment/language/print-sql.ts";
import { printText } from "../../segment/language/print-text.ts";
import type { Rule } from "../../segment/language/tree.ts";
import { t } from "../../texts/text.ts";
import { Builder } from "./builder.tsx";
import { EditorLoading } from "./editor-loading.tsx";

export interface RuleEditorProps {
  /** The rule as text: what is kept and sent, whichever face it is written in. */
  text: string;
  onChange(text: string): void;
  /** What the shop has of its own to speak of. */
  vocabulary: Vocabulary;
}

/** Typing pauses this long before SQL is sent to be read. */
const READ_AFTER_MS = 500;

// The code editor touches the document as soon as it is loaded, so the server never loads it.
const TextFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).TextFace }));
const SqlFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).SqlFace }));

/** A rule in three faces of which each shows what was written in another. It is large: whoever writes a name above does not draw it anew. */
export const RuleEditor = memo(function RuleEditor({ text, onChange, vocabulary }: RuleEditorProps) {
  // The page asks anew every few seconds; what is being written goes on while the answer is the same.
  const words = JSON.stringify(vocabulary);
  const dictionary = useMemo(() => createDictionary(JSON.parse(words) as Vocabulary), [words]);
  const reading = useMemo(() => parseText(text, dictionary), [text, dictionary]);
  const [face, setFace] = useState(0);
  // The builder's own tree may be unfinished; it is followed by the text and follows the text where that can be read.
  const [tree, setTree] = useState<Rule | null>(() => (reading.outcome === "read" ? reading.rule : EMPTY));
  const written = useRef(text);
  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    setTree(reading.outcome === "read" ? reading.rule : null);
  }, [text, reading]);
  const build = (rule: Rule): void => {
    setTree(rule);
    written.current = printText(rule);
    onChange(written.current);
  };
  const faces = [
    { id: "builder", content: t("Builder") },
    { id: "text", content: t("Text|of a rule") },
    { id: "sql", content: "SQL" },
  ];
  return (
    <BlockStack gap="300">
      <Tabs tabs={faces} selected={face} onSelect={setFace} />
      {face === 0 &&
        (tree ? (
          <>
            <Builder rule={tree} dictionary={dictionary} onChange={build} />
            {reading.outcome === "refused" && text.trim() !== "" && <Unfinished problems={reading.problems} />}
          </>
        ) : (
          <Banner tone="warning" title={t("The text cannot be shown as conditions yet")}>
            <BlockStack gap="200">
              <Problems problems={reading.outcome === "refused" ? reading.problems : []} />
              <InlineStack gap="200">
                <Button onClick={() => setFace(1)}>{t("Mend the text")}</Button>
                <Button variant="plain" onClick={() => build(EMPTY)}>
                  {t("Begin anew")}
                </Button>
              </InlineStack>
            </BlockStack>
          </Banner>
        ))}
      {face > 0 && (
        <Suspense fallback={<EditorLoading />}>
          {face === 1 ? (
            <TextFace dictionary={dictionary} value={text} onChange={onChange} />
          ) : (
            <Sql dictionary={dictionary} rule={reading.outcome === "read" ? reading.rule : null} onText={onChange} />
          )}
        </Suspense>
      )}
      {face === 1 && reading.outcome === "refused" && text.trim() !== "" && <Problems problems={reading.problems} />}
    </BlockStack>
  );
});

const EMPTY: Rule = { when: { kind: "all", of: [] } };

function Unfinished({ problems }: { problems: readonly Problem[] }) {
  return (
    <Text as="p" tone="caution">
      {problems[0]?.message}
    </Text>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <List>
      {problems.map((problem) => (
        <List.Item key={`${problem.start} ${problem.message}`}>{describeProblem(problem)}</List.Item>
      ))}
    </List>
  );
}

/** What the server made of a piece of SQL. */
export type SqlAnswer = { outcome: "read"; text: string } | { outcome: "refused"; problems: Problem[] };

/** SQL is read on the server; what it means comes back as the rule's text. */
function Sql({ dictionary, rule, onText }: { dictionary: Dictionary; rule: Rule | null; onText(text: string): void }) {
  const shown = useMemo(
    () => (rule ? printSql(rule, dictionary) : "SELECT customer_id FROM customer_data WHERE "),
    [rule, dictionary],
  );
  const [sql, setSql] = useState(shown);
  const fetcher = useFetcher<SqlAnswer>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const typed = useRef(false);
  const hear = useRef(onText);
  hear.current = onText;
  useEffect(() => {
    if (!typed.current) return;
    const timer = setTimeout(() => {
      latest.current.submit({ sql }, { method: "post", action: "/app/segments/translate" });
    }, READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [sql]);
  useEffect(() => {
    if (fetcher.data?.outcome === "read") hear.current(fetcher.data.text);
  }, [fetcher.data]);
  return (
    <BlockStack gap="200">
      <SqlFace
        dictionary={dictionary}
        value={sql}
        onChange={(value) => {
          typed.current = true;
          setSql(value);
        }}
      />
      <Text as="p" tone="subdued" variant="bodySm">
        {t(
          "SQL is translated into the same rule and never run. CURRENT_DATE counts whole days in your shop’s time zone.",
        )}
      </Text>
      {fetcher.data?.outcome === "refused" && <Problems problems={fetcher.data.problems} />}
    </BlockStack>
  );
}
