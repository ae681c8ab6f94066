import { useFetcher, useNavigate, useNavigation } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, InlineStack, List, Text } from "@shopify/polaris";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { createDictionary, type Vocabulary } from "../../segment/language/dictionary.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { parseText } from "../../segment/language/parse-text.ts";
import { EditorLoading } from "../rule/editor-loading.tsx";
import type { CountView, FilterView } from "./profiles-view.ts";
import { profilesUrl } from "./profiles-url.ts";
import { t } from "../../texts/text.ts";

// The code editor touches the document as soon as it is loaded, so the server never loads it.
const TextFace = lazy(async () => ({ default: (await import("../rule/code-faces.tsx")).TextFace }));

/** A rule that the list obeys. It stands in the address, so that it can be shared, reloaded and gone back to. */
export function RuleFilter({ filter, query }: { filter: FilterView; query: string }) {
  const words = JSON.stringify(filter.vocabulary);
  const dictionary = useMemo(() => createDictionary(JSON.parse(words) as Vocabulary), [words]);
  const [text, setText] = useState(filter.text);
  // The address changed by itself: back, forward, or a link.
  useEffect(() => setText(filter.text), [filter.text]);
  const navigate = useNavigate();
  const applying = useNavigation().location?.search !== undefined;
  const reading = useMemo(() => parseText(text, dictionary), [text, dictionary]);
  const read = reading.outcome === "refused" ? reading.problems.map(describeProblem) : [];
  const problems = text === filter.text ? filter.problems : read;
  const isEmpty = text.trim() === "";
  const unreadable = isEmpty || problems.length > 0;
  return (
    <Box padding="300" paddingBlockStart="0">
      <BlockStack gap="300">
        <Suspense fallback={<EditorLoading />}>
          <TextFace dictionary={dictionary} value={text} onChange={setText} />
        </Suspense>
        {!isEmpty && problems.length > 0 && (
          <Banner tone="warning" title={t("The rule cannot be read")}>
            <List>
              {problems.map((problem) => (
                <List.Item key={problem}>{problem}</List.Item>
              ))}
            </List>
          </Banner>
        )}
        {filter.remarks.map((remark) => (
          <Text key={remark} as="p" tone="subdued">
            {remark}
          </Text>
        ))}
        <InlineStack gap="200" blockAlign="center">
          <Button
            variant="primary"
            disabled={unreadable || text === filter.text}
            loading={applying}
            onClick={() => navigate(profilesUrl({ query, rule: text }))}
          >
            {t("Apply")}
          </Button>
          {/* A link that leads nowhere would be read as one that does. */}
          {unreadable ? (
            <Button disabled>{t("Save as segment")}</Button>
          ) : (
            <Button url={`/app/segments/new?${new URLSearchParams({ text })}`}>{t("Save as segment")}</Button>
          )}
          <Button variant="tertiary" url={profilesUrl({ query, rule: null })}>
            {t("Remove filter")}
          </Button>
        </InlineStack>
        {filter.text.trim() !== "" && filter.problems.length === 0 && <Count key={filter.text} text={filter.text} />}
      </BlockStack>
    </Box>
  );
}

/** Stands at once where a filter that was asked for will be, and is as high, so that nothing moves under the pointer later. */
export function RuleFilterOpening() {
  return (
    <Box padding="300" paddingBlockStart="0">
      <BlockStack gap="300">
        <EditorLoading />
        <InlineStack>
          <Button variant="primary" disabled>
            {t("Apply")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Box>
  );
}

/** Judged by a sample at first, and then counted. */
function Count({ text }: { text: string }) {
  const fetcher = useFetcher<CountView | null>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const begun = fetcher.data !== undefined;
  const exact = fetcher.data?.exact ?? false;
  useEffect(() => {
    if (exact) return;
    const asked = new URLSearchParams({ rule: text, ...(begun && { exact: "1" }) });
    latest.current.load(`/app/profiles/count?${asked}`);
  }, [text, begun, exact]);
  return (
    <div role="status">
      <Text as="p" numeric>
        {fetcher.data?.sentence ?? t("Counting…")}
      </Text>
    </div>
  );
}
