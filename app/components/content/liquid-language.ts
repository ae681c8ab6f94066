import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { liquid } from "@codemirror/lang-liquid";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { FILTERS, INNER_TAGS, TAGS } from "../../content/allowed.ts";
import { type KnownName, OF_PRODUCT, PARTS, partsOfTraits, TOP } from "../../content/dictionary.ts";
import { TALL } from "../rule/editor-loading.tsx";
import { STYLE } from "../rule/text-language.ts";
import { t } from "../../texts/text.ts";

/** What HTML adds to the colours of rules. */
const MARKUP = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--p-color-text-secondary)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--p-color-text-info)" },
  { tag: [tags.attributeValue], color: "var(--p-color-text-success)" },
  { tag: [tags.comment], color: "var(--p-color-text-secondary)", fontStyle: "italic" },
  { tag: [tags.brace, tags.processingInstruction], color: "var(--p-color-text-magic)" },
]);

/** Liquid as it is typed: colours, and the names that blocks know. What is wrong with it is known to the server. */
export function liquidLanguage(segmentNames: readonly string[], traitNames: readonly string[]): Extension {
  return [
    liquid(),
    syntaxHighlighting(STYLE),
    syntaxHighlighting(MARKUP),
    EditorView.contentAttributes.of({ spellcheck: "false" }),
    EditorView.theme({ ".cm-content": { minHeight: TALL } }),
    autocompletion({ icons: false, override: [(context) => complete(context, segmentNames, traitNames)] }),
  ];
}

function complete(
  context: CompletionContext,
  segmentNames: readonly string[],
  traitNames: readonly string[],
): CompletionResult | null {
  const before = context.state.sliceDoc(0, context.pos);
  const open = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  if (open === -1 || open < Math.max(before.lastIndexOf("}}"), before.lastIndexOf("%}"))) return null;
  const inside = before.slice(open + 2);
  const segment = /customer_segments?\s*(?:==|!=|contains)\s*["']([^"']*)$/.exec(inside);
  if (segment)
    return offer(
      context,
      segment[1] ?? "",
      segmentNames.map((label) => ({ label, type: "text" })),
      /[^"']*/,
    );
  const word = /[\w-]*$/.exec(inside)?.[0] ?? "";
  const left = inside.slice(0, inside.length - word.length);
  if (word === "" && !context.explicit && !/[.|]\s*$/.test(left)) return null;
  return offer(context, word, options(left, before, before[open + 1] === "%", traitNames), /[\w-]*/);
}

function options(left: string, before: string, inTag: boolean, traitNames: readonly string[]): Completion[] {
  if (/\|\s*$/.test(left)) return [...FILTERS, "money"].map((label) => ({ label, type: "function" }));
  const owner = /(\w+)\.$/.exec(left)?.[1];
  if (owner === "traits") return named(partsOfTraits(traitNames));
  if (owner !== undefined) {
    const loops = new RegExp(`\\bfor\\s+${owner}\\s+in\\s+recommended_products\\b`).test(before);
    return named(PARTS[owner] ?? (loops ? OF_PRODUCT : []));
  }
  if (inTag && /^-?\s*$/.test(left)) return [...TAGS, ...INNER_TAGS].map((label) => ({ label, type: "keyword" }));
  const loops = [...before.matchAll(/\bfor\s+(\w+)\s+in\b/g)].map(([, name = ""]) => ({
    label: name,
    type: "variable",
  }));
  return [...loops, ...named(TOP)];
}

function named(names: readonly KnownName[]): Completion[] {
  return names.map(({ name, about }) => ({ label: name, type: "variable", detail: t(about) }));
}

function offer(context: CompletionContext, word: string, found: Completion[], valid: RegExp): CompletionResult {
  return { from: context.pos - word.length, options: found, validFor: new RegExp(`^${valid.source}$`) };
}
