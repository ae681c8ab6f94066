import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { type ReactNode, useCallback, useId, useRef, useState } from "react";
import type { Vocabulary } from "../../segment/language/dictionary.ts";
import { t } from "../../texts/text.ts";
import { BuilderPanel, FaceTabs, SqlPanel, TextPanel } from "./face-panels.tsx";
import { FACES_STYLE, foldBeforeHydration, useDesk, useFolded } from "./faces-layout.ts";
import { type Face, type Faces, useFaces } from "./use-faces.ts";

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
  /** On a desk this goes on below the builder; on a phone after `beside` and before `last`. */
  below: ReactNode;
  /** What ends the column of text and SQL. */
  last: ReactNode;
}

/**
 * A rule in three faces of which each shows what was written in another: on a desk side by side, text and SQL folded away where
 * somebody wants it so; on a phone one at a time.
 */
export function RuleEditor({ text, onChange, vocabulary, head, beside, below, last }: RuleEditorProps) {
  const faces = useFaces(text, onChange, vocabulary);
  const desk = useDesk();
  const [folded, fold] = useFolded();
  const [chosen, choose] = useState<Face>("builder");
  const folding = useRef(fold);
  folding.current = fold;
  const mend = useCallback((): void => {
    choose("text");
    folding.current(false);
  }, []);
  return (
    <div className="muster-faces" data-folded={folded} suppressHydrationWarning>
      <style>{FACES_STYLE}</style>
      <script dangerouslySetInnerHTML={{ __html: foldBeforeHydration }} />
      <Card>
        <BlockStack gap="400">
          {head}
          <div className="muster-phone">
            <FaceTabs chosen={chosen} onChoose={choose} />
          </div>
          {(desk !== false || chosen === "builder") && (
            <BuilderPanel faces={faces} policies onMend={desk === false || folded ? mend : null} />
          )}
          {desk === false && chosen === "text" && <TextPanel faces={faces} drawn />}
          {desk === false && chosen === "sql" && <SqlPanel faces={faces} drawn />}
        </BlockStack>
      </Card>
      <div className="muster-beside">
        <BlockStack gap="400">
          {desk !== false && <CodesCard faces={faces} drawn={desk === true} folded={folded} onFold={fold} />}
          {beside}
          {desk === false && below}
          {last}
        </BlockStack>
      </div>
      {desk !== false && below}
    </div>
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
