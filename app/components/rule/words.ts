import type { ValueType } from "../../segment/language/dictionary.ts";
import type { AggregateFunction, Duration } from "../../segment/language/tree.ts";
import type { Operator } from "../../segment/language/typed-test.ts";

/** What a person calls a name of the rule language: "storefront.product_viewed" is "Product viewed". */
export function nameWords(name: string): string {
  const bare = name.replace(/^(storefront|custom|traits)\./, "").replace(/^(email|shopify_email|metafields)\./, "$1 ");
  const words = bare
    .replaceAll("shopify_email", "Shopify Email")
    .replace(/[_.]/g, " ")
    .replace(/^email /, "e-mail ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an operator is called beside a value of this type. */
export function operatorWords(op: Operator, type: ValueType): string {
  if (type === "date") {
    const ofDates = DATE_WORDS[op];
    if (ofDates) return ofDates;
  }
  return WORDS[op];
}

const WORDS: Record<Operator, string> = {
  "=": "is",
  "!=": "is not",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
  between: "is between",
  in: "is one of",
  not_in: "is none of",
  contains: "has",
  not_contains: "does not have",
  is_null: "is unknown",
  is_not_null: "is known",
};

const DATE_WORDS: Partial<Record<Operator, string>> = {
  "=": "is on",
  "!=": "is not on",
  ">": "is after",
  ">=": "is on or after",
  "<": "is before",
  "<=": "is on or before",
};

export const DURATION_UNITS: { value: Duration["unit"]; label: string }[] = [
  { value: "min", label: "minutes" },
  { value: "h", label: "hours" },
  { value: "d", label: "days" },
  { value: "w", label: "weeks" },
];

/** A duration out of a field for its amount; undefined where there is none. */
export function typedDuration(text: string, unit: Duration["unit"]): Duration | undefined {
  const amount = Math.trunc(Number(text));
  return amount > 0 ? { amount, unit } : undefined;
}

export const AGGREGATE_WORDS: Record<AggregateFunction, string> = {
  count: "How many times",
  distinct: "How many different",
  sum: "Sum of",
  average: "Average of",
  min: "Smallest",
  max: "Largest",
  first: "First",
  last: "Last",
};
