import { Refusal } from "./diagnostics.ts";
import type { Token } from "./lexer.ts";
import { shorten, type TokenCursor } from "./token-cursor.ts";
import { type Duration, isDuration, type Test, type Value } from "./tree.ts";
import type { Literal, Operator, WrittenTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

const COMPARISONS: Readonly<Record<string, Operator>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
};
/** Stands in for a test that was refused; a rule with one is never given out. */
export const NO_TEST: Test = { op: "is_null" };

export type TestReader = ReturnType<typeof createTestReader>;

/** Reads what stands after a name: an operator and its values, not yet typed. */
export function createTestReader(cursor: TokenCursor) {
  const { peek, next, isWord, skipWord, skipSymbol, unexpected, expectWord, expectSymbol } = cursor;

  const readTest = (label: string): WrittenTest => {
    const span = peek();
    const negated = isWord(span, "NOT");
    if (negated) next();
    const token = next();
    const to = { start: span.start, end: token.end };
    if (isWord(token, "CONTAINS"))
      return { op: negated ? "not_contains" : "contains", span: to, operands: [literal()] };
    if (isWord(token, "IN")) return { op: negated ? "not_in" : "in", span: to, operands: list() };
    if (negated) throw unexpected(token, t("CONTAINS, IN or MATCHES after NOT"));
    if (isWord(token, "BETWEEN")) {
      const low = literal();
      expectWord("AND");
      return { op: "between", span: to, operands: [low, literal()] };
    }
    if (isWord(token, "IS")) {
      const not = skipWord("NOT");
      const last = peek();
      expectWord("NULL");
      return { op: not ? "is_not_null" : "is_null", span: { start: span.start, end: last.end }, operands: [] };
    }
    const op = token.kind === "symbol" ? COMPARISONS[token.source] : undefined;
    if (!op) {
      const name = shorten(label);
      throw unexpected(
        token,
        t("an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after {name}", { name }),
      );
    }
    return { op, span: to, operands: [literal()] };
  };

  const list = (): Literal[] => {
    expectSymbol("(", "'{symbol}' before the list");
    const values = [literal()];
    while (skipSymbol(",")) values.push(literal());
    expectSymbol(")", "'{symbol}' or ',' in the list");
    return values;
  };

  const literal = (): Literal => {
    const token = next();
    const value = valueOf(token);
    if (value) return { start: token.start, end: token.end, value };
    if (token.kind === "amount") {
      throw new Refusal(
        token,
        t("An offset has a sign; expected -{offset} or +{offset}.", { offset: token.source }),
        `-${token.source}`,
      );
    }
    if (isWord(token, "NULL")) {
      throw new Refusal(
        token,
        t("Nothing is compared with NULL; expected IS NULL or IS NOT NULL before it."),
        "IS NULL",
      );
    }
    if (token.kind === "name" && !["AND", "OR", "NOT"].includes(token.source.toUpperCase())) {
      throw new Refusal(
        token,
        t("'{value}' is no value; texts are written in single quotes: '{value}'.", { value: shorten(token.source) }),
        `'${token.source}'`,
      );
    }
    throw unexpected(token, t("a value"));
  };

  const duration = (): Duration => {
    const token = next();
    if (token.kind !== "amount") throw unexpected(token, t("a duration such as 15min, 2h, 7d or 4w"));
    const { amount, unit } = token;
    if (token.signed)
      throw new Refusal(token, t("A duration has no sign; expected 15min, 2h, 7d or 4w."), token.source.slice(1));
    if (unit === "m" || unit === "y") {
      throw new Refusal(token, t("A duration is counted in min, h, d or w: months and years differ in length."));
    }
    if (!isDuration({ amount, unit })) {
      throw new Refusal(token, t("A duration is longer than nothing and at most 73,000 days."));
    }
    return { amount, unit };
  };

  /** Whether a comparison begins here, rather than a bare value. */
  const beginsTest = (): boolean =>
    (peek().kind === "symbol" && COMPARISONS[peek().source] !== undefined) ||
    ["BETWEEN", "IN", "NOT"].some((word) => isWord(peek(), word));

  return { readTest, list, literal, duration, beginsTest };
}

function valueOf(token: Token): Value | null {
  switch (token.kind) {
    case "text":
      return { kind: "text", value: token.value };
    case "number":
      return { kind: "number", value: token.value };
    case "day":
    case "time":
      return { kind: token.kind, value: token.value };
    case "amount": {
      const { amount, unit, signed } = token;
      if (!signed) return null;
      return unit === "h" || unit === "min" ? { kind: "rolling", amount, unit } : { kind: "day_offset", amount, unit };
    }
    case "name":
      return NAMED_VALUES.get(token.source.toLowerCase()) ?? null;
    default:
      return null;
  }
}

const NAMED_VALUES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["today", { kind: "day_offset", amount: 0, unit: "d" }],
  ["yesterday", { kind: "day_offset", amount: -1, unit: "d" }],
  ["true", { kind: "boolean", value: true }],
  ["false", { kind: "boolean", value: false }],
]);
