import { useFetcher, useNavigate, useNavigation } from "@remix-run/react";
import { Bleed, BlockStack, Box, Button, InlineStack, Text } from "@shopify/polaris";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { parseText } from "../../segment/language/parse-text.ts";
import { EditorLoading } from "../rule/editor-loading.tsx";
import { BuilderPanel, FaceTabs, SqlPanel, TextPanel } from "../rule/face-panels.tsx";
import { FACES_STYLE, useDesk } from "../rule/faces-layout.ts";
import { type Face, type Faces, useFaces } from "../rule/use-faces.ts";
import type { CountView, FilterView } from "./profiles-view.ts";
import { profilesUrl } from "./profiles-url.ts";
import { t } from "../../texts/text.ts";

/**
 * A rule that the list obeys. It stands in the address, so that it can be shared, reloaded and gone back to. Once it is applied it is a
 * sentence, so that the list is in sight.
 */
export function RuleFilter({ filter, query }: { filter: FilterView; query: string }) {
  const [text, setText] = useState(filter.text);
  const [open, setOpen] = useState(filter.summary === null);
  // Applied, or the address changed by itself: back, forward, or a link.
  useEffect(() => {
    setText(filter.text);
    setOpen(filter.summary === null);
  }, [filter.text, filter.summary]);
  // Whoever opens the rule goes on in it.
  const section = useRef<HTMLElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (open && asked.current) section.current?.focus();
    asked.current = false;
  }, [open]);
  const change = (): void => {
    asked.current = true;
    setOpen(true);
  };
  const faces = useFaces(text, setText, filter.vocabulary);
  const { dictionary } = faces;
  const navigate = useNavigate();
  const applying = useNavigation().location?.search !== undefined;
  // The faces follow a moment later; a button is pressed now.
  const isRead = useMemo(() => parseText(text, dictionary).outcome === "read", [text, dictionary]);
  const unreadable = text.trim() === "" || !isRead || faces.faulty !== null;
  const foldAway = (): void => {
    setText(filter.text);
    setOpen(false);
  };
  return (
    <Box padding="300" paddingBlockStart="0">
      <BlockStack gap="300">
        {open ? <FilterFaces faces={faces} section={section} /> : <Summary words={filter.summary ?? ""} />}
        {filter.remarks.map((remark) => (
          <Text key={remark} as="p" tone="subdued">
            {remark}
          </Text>
        ))}
        <InlineStack gap="200" blockAlign="center">
          {open ? (
            <Button
              key="apply"
              variant="primary"
              disabled={unreadable || text === filter.text}
              loading={applying}
              onClick={() => navigate(profilesUrl({ query, rule: text }))}
            >
              {t("Apply")}
            </Button>
          ) : (
            <Button key="change" onClick={change}>
              {t("Change the rule")}
            </Button>
          )}
          {/* A link that leads nowhere would be read as one that does. */}
          {unreadable ? (
            <Button disabled>{t("Save as segment")}</Button>
          ) : (
            <Button url={`/app/segments/new?${new URLSearchParams({ text })}`}>{t("Save as segment")}</Button>
          )}
          {open && filter.summary !== null && (
            <Button variant="tertiary" onClick={foldAway}>
              {t("Leave it as it is")}
            </Button>
          )}
          <Button variant="tertiary" url={profilesUrl({ query, rule: null })}>
            {t("Remove filter")}
          </Button>
        </InlineStack>
        {filter.summary !== null && <Count key={filter.text} text={filter.text} />}
      </BlockStack>
    </Box>
  );
}

function Summary({ words }: { words: string }) {
  return (
    <Text as="p" breakWord>
      <Text as="span" fontWeight="semibold">
        {t("Customers of whom is true:")}
      </Text>{" "}
      {words}
    </Text>
  );
}

/** One face at a time, so that the list stays near. */
function FilterFaces({ faces, section }: { faces: Faces; section: RefObject<HTMLElement> }) {
  // What cannot be read is opened where it says why.
  const [chosen, choose] = useState<Face>(faces.rule ? "builder" : "text");
  const drawn = useDesk() !== null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      style={{ outline: "none" }}
      className="muster-tabbed"
      aria-label={t("Rule of the filter")}
    >
      <style>{FACES_STYLE}</style>
      <BlockStack gap="200">
        {/* Tabs have an inset of their own. */}
        <Bleed marginInline="300">
          <FaceTabs chosen={chosen} onChoose={choose} />
        </Bleed>
        {chosen === "builder" && (
          <Box maxWidth="48rem">
            <BuilderPanel faces={faces} policies={false} onMend={() => choose("text")} />
          </Box>
        )}
        {chosen === "text" && <TextPanel faces={faces} drawn={drawn} />}
        {chosen === "sql" && <SqlPanel faces={faces} drawn={drawn} />}
      </BlockStack>
    </section>
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
