/** Node has it and TypeScript's library does not yet: a number that is written as it was. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keepLongIntegers: Reviver = (_key, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source)
    ? context.source
    : value;

/**
 * Parses JSON without rounding integers past 2^53 (Shopify's ids): those come back as strings.
 * @throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): unknown {
  // The reviver costs several times the plain parse, and few documents need it.
  return /\d{16}/.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
}

/** The document with one value to a line, every number as it was written; null where the text is no JSON. */
export function prettyJson(text: string): string | null {
  const keepNumbers: Reviver = (_key, value, context) =>
    typeof value === "number" && context?.source !== undefined ? rawJSON(context.source) : value;
  try {
    return JSON.stringify(JSON.parse(text, keepNumbers), null, 2);
  } catch {
    return null;
  }
}
