import { Badge, Banner, BlockStack, Box, Button, Card, InlineStack, List, Tabs, Text } from "@shopify/polaris";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import { describeProblem, type Problem } from "../../segment/language/diagnostics.ts";
import type { Vocabulary } from "../../segment/language/dictionary.ts";
import { t } from "../../texts/text.ts";
import { Builder } from "./builder.tsx";
import { CodeWaiting } from "./editor-loading.tsx";
import { FACES_STYLE, foldBeforeHydration, useDesk, useFolded } from "./faces-layout.ts";
import { EMPTY, type Face, type Faces, useFaces } from "./use-faces.ts";

export interface RuleEditorProps {
  /** The rule as text: what is kept and sent, whichever face it is written in. */
  text: string;
  onChange(text: string): void;
  /** What the shop has of its own to speak of. */
  vocabulary: Vocabulary;
  /** Stands above the builder. */
  head: ReactNode;
  /** On a desk this goes on in the column of text and SQL. */
  beside: ReactNode;
  /** On a desk this goes on below the builder. */
  below: ReactNode;
}

// The code editor touches the document as soon as it is loaded, so the server never loads it.
const TextFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).TextFace }));
const SqlFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).SqlFace }));

const FACES: readonly Face[] = ["builder", "text", "sql"];

/**
 * A rule in three faces of which each shows what was written in another: on a desk side by side, text and SQL folded away where
 * somebody wants it so; on a phone one at a time.
 */
export function RuleEditor({ text, onChange, vocabulary, head, beside, below }: RuleEditorProps) {
  const faces = useFaces(text, onChange, vocabulary);
  const desk = useDesk();
  const [folded, fold] = useFolded();
  const [chosen, choose] = useState<Face>("builder");
  const mend = (): void => {
    choose("text");
    fold(false);
  };
  const tabs = [
    { id: "builder", content: t("Builder") },
    { id: "text", content: t("Text|of a rule") },
    { id: "sql", content: "SQL" },
  ];
  return (
    <div className="muster-faces" data-folded={folded} suppressHydrationWarning>
      <style>{FACES_STYLE}</style>
      <script dangerouslySetInnerHTML={{ __html: foldBeforeHydration }} />
      <Card>
        <BlockStack gap="400">
          {head}
          <div className="muster-phone">
            <Tabs
              tabs={tabs}
              selected={FACES.indexOf(chosen)}
              onSelect={(place) => choose(FACES[place] ?? "builder")}
            />
          </div>
          {(desk !== false || chosen === "builder") && (
            <BuilderFace faces={faces} onMend={desk === false || folded ? mend : null} />
          )}
          {desk === false && chosen === "text" && <TextPanel faces={faces} />}
          {desk === false && chosen === "sql" && <SqlPanel faces={faces} />}
        </BlockStack>
      </Card>
      <div className="muster-beside">
        <BlockStack gap="400">
          {desk !== false && <CodesCard faces={faces} drawn={desk === true} folded={folded} onFold={fold} />}
          {beside}
        </BlockStack>
      </div>
      {below}
    </div>
  );
}

function BuilderFace({ faces, onMend }: { faces: Faces; onMend: (() => void) | null }) {
  const { rule, dictionary, faulty, problems, build } = faces;
  return (
    <FacePanel face="builder" title={t("Builder")} faulty={faulty}>
      {rule ? (
        <Builder rule={rule} dictionary={dictionary} onChange={build} />
      ) : (
        <Banner tone="warning" title={t("The text cannot be shown as conditions yet")}>
          <InlineStack gap="200">
            {onMend && <Button onClick={onMend}>{t("Mend the text")}</Button>}
            <Button variant="plain" onClick={() => build(EMPTY)}>
              {t("Begin anew")}
            </Button>
          </InlineStack>
        </Banner>
      )}
      {faulty === "builder" && (
        <Text as="p" tone="caution">
          {problems[0]?.message}
        </Text>
      )}
    </FacePanel>
  );
}

interface CodesCardProps {
  faces: Faces;
  /** Whether this is a browser, where the code editors can be loaded. */
  drawn: boolean;
  folded: boolean;
  onFold(folded: boolean): void;
}

function CodesCard({ faces, drawn, folded, onFold }: CodesCardProps) {
  const id = useId();
  return (
    <div className="muster-desk">
      <Card>
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              {t("Text and SQL")}
            </Text>
            <Button variant="plain" ariaExpanded={!folded} ariaControls={id} onClick={() => onFold(!folded)}>
              {folded ? t("Unfold") : t("Fold away")}
            </Button>
          </InlineStack>
          <div id={id} className="muster-codes">
            {!folded && (
              <BlockStack gap="400">
                <TextPanel faces={faces} drawn={drawn} />
                <SqlPanel faces={faces} drawn={drawn} />
              </BlockStack>
            )}
          </div>
        </BlockStack>
      </Card>
    </div>
  );
}

function TextPanel({ faces, drawn = true }: { faces: Faces; drawn?: boolean }) {
  const { text, faulty, dictionary, problems, writeText } = faces;
  const waiting = <CodeWaiting code={text} />;
  return (
    <FacePanel face="text" title={t("Text|of a rule")} faulty={faulty}>
      {drawn ? (
        <Suspense fallback={waiting}>
          <TextFace dictionary={dictionary} value={text} onChange={writeText} />
        </Suspense>
      ) : (
        waiting
      )}
      <Problems problems={faulty === "text" ? problems : NONE} />
    </FacePanel>
  );
}

/** SQL is read on the server; what it means comes back as the rule's text. */
function SqlPanel({ faces, drawn = true }: { faces: Faces; drawn?: boolean }) {
  const { sql, faulty, dictionary, problems, writeSql } = faces;
  const waiting = <CodeWaiting code={sql} />;
  const shown = faulty === "sql" ? problems : NONE;
  return (
    <FacePanel face="sql" title="SQL" faulty={faulty}>
      {drawn ? (
        <Suspense fallback={waiting}>
          <SqlFace dictionary={dictionary} value={sql} onChange={writeSql} problems={shown} />
        </Suspense>
      ) : (
        waiting
      )}
      <Problems problems={shown} />
      <Text as="p" tone="subdued" variant="bodySm">
        {t(
          "SQL is translated into the same rule and never run. CURRENT_DATE counts whole days in your shop’s time zone.",
        )}
      </Text>
    </FacePanel>
  );
}

const NONE: readonly Problem[] = [];

interface FacePanelProps {
  face: Face;
  title: string;
  faulty: Face | null;
  children: ReactNode;
}

/** A face with its name; while another holds what cannot be read, dimmed. On a phone its tab names it. */
function FacePanel({ face, title, faulty, children }: FacePanelProps) {
  const stale = faulty !== null && faulty !== face;
  return (
    <BlockStack gap="200">
      <div className={stale ? "" : "muster-desk"}>
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm">
            {title}
          </Text>
          {stale && <Badge tone="attention">{t("Last readable rule")}</Badge>}
        </InlineStack>
      </div>
      <div className={stale ? "muster-stale" : ""}>
        <BlockStack gap="200">{children}</BlockStack>
      </div>
    </BlockStack>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <div aria-live="polite">
      {problems.length > 0 && (
        <Box paddingBlockEnd="100">
          <List>
            {problems.map((problem) => (
              <List.Item key={`${problem.start} ${problem.message}`}>{describeProblem(problem)}</List.Item>
            ))}
          </List>
        </Box>
      )}
    </div>
  );
}
