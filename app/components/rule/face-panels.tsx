import { Badge, Banner, BlockStack, Box, Button, InlineStack, List, Tabs, Text } from "@shopify/polaris";
import { lazy, memo, type ReactNode, Suspense } from "react";
import { describeProblem, type Problem } from "../../segment/language/diagnostics.ts";
import { t } from "../../texts/text.ts";
import { Builder } from "./builder.tsx";
import { CodeWaiting } from "./editor-loading.tsx";
import { EMPTY, type Face, type Faces } from "./use-faces.ts";

// The code editor touches the document as soon as it is loaded, so the server never loads it.
const TextFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).TextFace }));
const SqlFace = lazy(async () => ({ default: (await import("./code-faces.tsx")).SqlFace }));

const FACES: readonly Face[] = ["builder", "text", "sql"];

/** Which face is shown, where there is room for one. */
export const FaceTabs = memo(function FaceTabs({ chosen, onChoose }: { chosen: Face; onChoose(face: Face): void }) {
  const tabs = [
    { id: "builder", content: t("Builder") },
    { id: "text", content: t("Text|of a rule") },
    { id: "sql", content: "SQL" },
  ];
  return (
    <Tabs tabs={tabs} selected={FACES.indexOf(chosen)} onSelect={(place) => onChoose(FACES[place] ?? "builder")} />
  );
});

interface BuilderPanelProps {
  faces: Faces;
  /** As the builder has them. */
  policies: boolean;
  /** Leads to the text that cannot be read; null: it is in sight. */
  onMend: (() => void) | null;
}

export function BuilderPanel({ faces, ...more }: BuilderPanelProps) {
  const { rule, dictionary, faulty, problems, build } = faces;
  return <BuilderFace {...more} {...{ rule, dictionary, faulty, problems, build }} />;
}

type BuilderFaceProps = Omit<BuilderPanelProps, "faces"> &
  Pick<Faces, "rule" | "dictionary" | "faulty" | "problems" | "build">;

/** Each face is drawn anew for what it shows only, and not for every letter that is typed in another field. */
const BuilderFace = memo(function BuilderFace(props: BuilderFaceProps) {
  const { policies, onMend, rule, dictionary, faulty, problems, build } = props;
  return (
    <FacePanel face="builder" title={t("Builder")} faulty={faulty}>
      {rule ? (
        <Builder rule={rule} dictionary={dictionary} policies={policies} onChange={build} />
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
});

interface CodePanelProps {
  faces: Faces;
  /** Whether this is a browser, where the code editors can be loaded. */
  drawn: boolean;
}

export function TextPanel({ faces, drawn }: CodePanelProps) {
  const { text, faulty, dictionary, problems, writeText } = faces;
  return <TextPart {...{ drawn, text, faulty, dictionary, problems, writeText }} />;
}

type TextPartProps = { drawn: boolean } & Pick<Faces, "text" | "faulty" | "dictionary" | "problems" | "writeText">;

const TextPart = memo(function TextPart({ drawn, text, faulty, dictionary, problems, writeText }: TextPartProps) {
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
});

/** SQL is read on the server; what it means comes back as the rule's text. */
export function SqlPanel({ faces, drawn }: CodePanelProps) {
  const { sql, faulty, dictionary, problems, writeSql } = faces;
  return <SqlPart {...{ drawn, sql, faulty, dictionary, problems, writeSql }} />;
}

type SqlPartProps = { drawn: boolean } & Pick<Faces, "sql" | "faulty" | "dictionary" | "problems" | "writeSql">;

const SqlPart = memo(function SqlPart({ drawn, sql, faulty, dictionary, problems, writeSql }: SqlPartProps) {
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
});

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
