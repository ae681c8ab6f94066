import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { sql, PostgreSQL } from "@codemirror/lang-sql";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import { propertyNames } from "../../segment/language/dictionary.ts";
import type { Problem } from "../../segment/language/diagnostics.ts";
import { parseText } from "../../segment/language/parse-text.ts";
import { t } from "../../texts/text.ts";
import { MOST_HEIGHT } from "./editor-loading.tsx";
import { nameWords } from "./words.ts";

const KEYWORDS =
  /^(AND|OR|NOT|MATCHES|NOT_MATCHES|BETWEEN|CONTAINS|IN|IS|NULL|THEN|WITHIN|STAY|AT|LEAST|EXPIRE|AFTER|WITHOUT|ACTIVITY|NO|REENTRY|FOR)$/i;

export const STYLE = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--p-color-text-magic)", fontWeight: "600" },
  { tag: tags.string, color: "var(--p-color-text-success)" },
  { tag: tags.number, color: "var(--p-color-text-info)" },
  { tag: tags.variableName, color: "var(--p-color-text)" },
  { tag: tags.operator, color: "var(--p-color-text-secondary)" },
]);

const SCROLLED = EditorView.theme({ "&": { maxHeight: MOST_HEIGHT }, ".cm-scroller": { overflow: "auto" } });

/** The text face as it is typed: colours, names as they are known, and what is wrong under the words it is about. */
export function textLanguage(dictionary: Dictionary): Extension {
  const language = StreamLanguage.define({
    token(stream) {
      if (stream.eatSpace()) return null;
      if (stream.match(/^'(?:\\.|[^'\\])*'?/)) return "string";
      if (stream.match(/^\d{4}-\d{2}-\d{2}(T[\d:]+)?|^[-+]?\d[\d.]*(min|[hdwmy%])?/)) return "number";
      const word = stream.match(/^[A-Za-z_][\w.]*/);
      if (word && typeof word === "object") return KEYWORDS.test(word[0]) ? "keyword" : "variableName";
      stream.next();
      return "operator";
    },
  });
  return [
    language,
    SCROLLED,
    syntaxHighlighting(STYLE),
    linter(
      (view) => {
        const text = view.state.doc.toString();
        if (text.trim() === "") return [];
        const reading = parseText(text, dictionary);
        return reading.outcome === "read" ? [] : reading.problems.map((problem) => diagnostic(problem, text.length));
      },
      { delay: 250 },
    ),
    EditorState.phrases.of({ Completions: t("Completions") }),
    autocompletion({ icons: false, override: [(context) => complete(context, dictionary)], compareCompletions }),
  ];
}

/** Names are in plain letters; the order of a language would take a slow machine 30 ms at a key. */
function compareCompletions(a: Completion, b: Completion): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}

/** SQL as it is typed. What is wrong with it is known to the server, which reads it. */
export function sqlLanguage(dictionary: Dictionary): Extension {
  return [
    sql({
      dialect: PostgreSQL,
      schema: { customer_data: ["customer_id", ...dictionary.attributeNames()] },
      upperCaseKeywords: true,
    }),
    SCROLLED,
    syntaxHighlighting(STYLE),
  ];
}

/** A problem as the editor shows it; with a button where it is known what to write instead. */
export function diagnostic({ start, end, message, suggestion }: Problem, length: number): Diagnostic {
  const from = Math.min(start, Math.max(0, length - 1));
  const to = Math.min(length, Math.max(end, from + 1));
  return {
    from,
    to,
    severity: "error",
    message,
    ...(suggestion !== undefined && {
      actions: [
        {
          name: t("Write {text}", { text: suggestion }),
          apply: (view) => view.dispatch({ changes: { from: start, to: end, insert: suggestion } }),
        },
      ],
    }),
  };
}

/** Inside the parentheses of a function its properties, elsewhere attributes, functions and the words that join them. */
function complete(context: CompletionContext, dictionary: Dictionary): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_][\w.]*/);
  if (!word && !context.explicit) return null;
  const before = context.state.sliceDoc(0, word?.from ?? context.pos);
  const open = before.lastIndexOf("(");
  const inside =
    open > before.lastIndexOf(")") ? /([\w.]+)\s+(?:NOT\s+)?MATCHES\s*$/i.exec(before.slice(0, open)) : null;
  const event = inside?.[1] ? dictionary.event(inside[1]) : null;
  const option = (label: string, type: string, detail?: string) => ({ label, type, ...(detail && { detail }) });
  const options = event
    ? [
        ...propertyNames(event).map((name) => option(name, "property")),
        ...["count", "distinct(", "sum(", "average(", "min(", "max("].map((name) => option(name, "function")),
      ]
    : [
        ...dictionary.attributeNames().map((name) => option(name, "variable", nameWords(name))),
        ...dictionary.eventNames().map((name) => ({
          ...option(name, "function", nameWords(name)),
          apply: `${name} MATCHES (`,
        })),
        ...["AND", "OR", "NOT"].map((name) => option(name, "keyword")),
      ];
  return { from: word?.from ?? context.pos, options, validFor: /^[\w.]*$/ };
}
