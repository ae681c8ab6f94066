import { Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { type Piece, textDifference } from "./text-difference.ts";

/** A rule's text, with what was taken out of the one before it struck through and what was put in underlined. */
export function RuleDifference({ before, after }: { before: string; after: string }) {
  return (
    <Text as="p" variant="bodySm" breakWord>
      <code translate="no">
        {textDifference(before, after).map((piece, place) => (
          <Changed key={place} {...piece} />
        ))}
      </code>
    </Text>
  );
}

function Changed({ kind, text }: Piece) {
  if (kind === "same") return text;
  const Element = kind === "added" ? "ins" : "del";
  const color = kind === "added" ? "var(--p-color-text-success)" : "var(--p-color-text-critical)";
  return (
    <>
      <Text as="span" visuallyHidden>
        {kind === "added" ? t("Added:") : t("Taken out:")}{" "}
      </Text>
      <Element style={{ color }}>{text}</Element>
    </>
  );
}
