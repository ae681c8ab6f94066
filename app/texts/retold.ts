import { t, type Text } from "./text.ts";

/**
 * A sentence that is stored as English has it, with its values in it, in the reader's language: by the first of `texts` that it was
 * made of. Values are told in the same way; what none of the texts is stays as it is.
 */
export function retold(stored: string, texts: readonly Text[]): string {
  for (const text of texts) {
    const values = patternOf(text).exec(stored);
    if (values)
      return t(
        text,
        mapped(values.groups ?? {}, (value) => retold(value, texts)),
      );
  }
  return stored;
}

/** With the values of its places as groups of their names. */
function patternOf(text: Text): RegExp {
  const pieces = text.split(/\{(\w+)\}/);
  return new RegExp(
    `^${pieces.map((piece, at) => (at % 2 === 0 ? escaped(piece) : `(?<${piece}>.+?)`)).join("")}$`,
    "s",
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function mapped(values: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
