import { nearestName, type Problem, problemAt, Refusal, unknownAttribute } from "./diagnostics.ts";
import { parseDecimal } from "./decimal.ts";
import type { Attribute, Dictionary } from "./dictionary.ts";
import { distanceClause } from "./distance.ts";
import type { Token } from "./lexer.ts";
import { normalForm } from "./normal-form.ts";
import { createFunctionReader } from "./parse-function.ts";
import { createTestReader, NO_TEST } from "./parse-test.ts";
import { printText } from "./print-text.ts";
import { createCursor, shorten } from "./token-cursor.ts";
import type { Condition, Rule, Test } from "./tree.ts";
import { type Literal, type Subject, typedTest, type WrittenTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

/** What reading a face of a rule gives. */
export type Reading = { outcome: "read"; rule: Rule } | { outcome: "refused"; problems: [Problem, ...Problem[]] };

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 50;
const MAX_CLAUSES = 500;
/** Reads the text face. Unknown names and ill-typed values are all told at once; a broken sentence ends the reading. */
export function parseText(source: string, dictionary: Dictionary): Reading {
  const problems: Problem[] = [];
  const report = ({ span, message, suggestion }: Refusal): void => {
    problems.push(problemAt(source, span, message, suggestion));
  };
  try {
    if (source.trim() === "") throw new Refusal({ start: 0, end: 0 }, t("The rule is empty; expected a condition."));
    if (source.length > MAX_LENGTH) {
      throw new Refusal(
        { start: MAX_LENGTH, end: source.length },
        t("A rule has at most {count} characters.", { count: MAX_LENGTH }),
      );
    }
    const rule = createParser(source, dictionary, report).rule();
    const [first, ...rest] = problems;
    if (first) return { outcome: "refused", problems: [first, ...rest] };
    const { length } = printText(rule);
    if (length > MAX_LENGTH)
      throw new Refusal(
        { start: 0, end: source.length },
        t("A rule has at most {count} characters.", { count: MAX_LENGTH }),
      );
    return { outcome: "read", rule: normalForm(rule) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report(error);
    const [first, ...rest] = problems;
    if (!first) throw error;
    return { outcome: "refused", problems: [first, ...rest] };
  }
}

function createParser(source: string, dictionary: Dictionary, report: (refusal: Refusal) => void): { rule(): Rule } {
  const cursor = createCursor(source, report);
  const tests = createTestReader(cursor);
  const { peek, next, isWord, isSymbol, skipWord, skipSymbol, unexpected, expectWord, expectSymbol, tolerate } = cursor;
  const { readTest, literal, duration } = tests;
  const { beginsFunction, unknownFunction, eventClause, legacyAnswer } = createFunctionReader(
    cursor,
    tests,
    dictionary,
  );
  let depth = 0;
  let clauses = 0;

  const rule = (): Rule => {
    skipShopifyQuery();
    const when = either();
    const policies = readPolicies();
    skipOrderBy();
    const rest = peek();
    if (isSymbol(rest, ",") && peek(-1).kind === "number") {
      throw new Refusal(rest, t("Numbers are written without thousands separators, with a point before decimals."));
    }
    if (rest.kind !== "end") throw unexpected(rest, t("AND, OR or the end of the rule"));
    return { when, ...policies };
  };

  /** The admin shows a segment as FROM customers SHOW … WHERE …; only the condition matters. */
  const skipShopifyQuery = (): void => {
    if (!isWord(peek(), "FROM")) {
      skipWord("WHERE");
      return;
    }
    next();
    const table = next();
    if (!isWord(table, "CUSTOMERS")) throw unexpected(table, "customers");
    while (!isWord(peek(), "WHERE")) if (next().kind === "end") throw unexpected(peek(), t("WHERE and a condition"));
    next();
  };
  const skipOrderBy = (): void => {
    if (!isWord(peek(), "ORDER") || !isWord(peek(1), "BY")) return;
    next();
    next();
    do {
      if (next().kind !== "name") throw unexpected(peek(-1), t("a column to order by"));
      if (!skipWord("ASC")) skipWord("DESC");
    } while (skipSymbol(","));
  };

  const either = (): Condition => group("any", "OR", both);
  const both = (): Condition => group("all", "AND", unary);
  const group = (kind: "all" | "any", word: string, part: () => Condition): Condition => {
    const first = part();
    if (!isWord(peek(), word)) return first;
    const of = [first];
    while (skipWord(word)) of.push(part());
    return { kind, of };
  };
  const unary = (): Condition => {
    const token = peek();
    if (!isWord(token, "NOT") && !isSymbol(token, "(")) return clause();
    depth += 1;
    if (depth > MAX_DEPTH)
      throw new Refusal(token, t("Groups are nested more than {count} deep.", { count: MAX_DEPTH }));
    next();
    const inner = isWord(token, "NOT") ? ({ kind: "not", of: unary() } as const) : either();
    if (isSymbol(token, "(")) expectSymbol(")", "'{symbol}' at the end of the group");
    depth -= 1;
    return inner;
  };

  const clause = (): Condition => {
    const token = next();
    clauses += 1;
    if (clauses > MAX_CLAUSES)
      throw new Refusal(token, t("A rule has at most {count} clauses.", { count: MAX_CLAUSES }));
    if (token.kind !== "name") throw unexpected(token, t("an attribute, a function, NOT or ("));
    const name = token.source;
    const lower = name.toLowerCase();
    if (["AND", "OR", "MATCHES", "BETWEEN", "IN", "IS", "CONTAINS", "THEN"].includes(name.toUpperCase())) {
      throw unexpected(token, t("an attribute, a function, NOT or ("));
    }
    if (lower === "sample" && isSymbol(peek(), "(")) return sample();
    if (lower === "anniversary" && isSymbol(peek(), "(")) return anniversary();
    if (lower === "customer_within_distance") return distance(token);
    const event = dictionary.event(name);
    if (event) return eventClause(token, event);
    if (beginsFunction()) return unknownFunction(token);
    return attributeClause(token);
  };

  const attributeClause = (token: Token): Condition => {
    const attribute = tolerate<Attribute | null>(() => findAttribute(token), null);
    const written = readTest(attribute?.name ?? token.source);
    if (!attribute) return PLACEHOLDER;
    const subject: Subject = { label: attribute.name, place: "attribute", ...attribute };
    const test = tolerate<Test>(() => typedTest(subject, written), NO_TEST);
    return { kind: "attribute", name: attribute.name, test };
  };
  const findAttribute = (token: Token): Attribute => {
    const attribute = dictionary.attribute(token.source);
    if (attribute) return attribute;
    const near = nearestName(token.source, [...dictionary.attributeNames(), ...dictionary.eventNames()]);
    if (/^(customer\.)?metafields\b/.test(token.source)) {
      throw new Refusal(
        token,
        t("A metafield is written metafields.NAMESPACE.KEY, not '{name}'.", { name: token.source }),
      );
    }
    throw new Refusal(token, unknownAttribute(shorten(token.source), near), near ?? undefined);
  };

  const sample = (): Condition => {
    next();
    const token = next();
    if (token.kind !== "number") throw unexpected(token, t("a share such as 10%"));
    expectSymbol("%", "'{symbol}' after the share");
    expectSymbol(")", "'{symbol}' after the share");
    const decimal = parseDecimal(token.value);
    const share = decimal && decimal.scale <= 2 ? Number(decimal.units) * 10 ** (2 - decimal.scale) : Number.NaN;
    if (!(share > 0 && share <= 10_000)) {
      report(new Refusal(token, t("A share goes from 0.01% to 100%, in steps of 0.01%.")));
      return PLACEHOLDER;
    }
    return { kind: "sample", share };
  };

  const anniversary = (): Condition => {
    next();
    if (isWord(peek(), "DATE") && isSymbol(peek(1), ":")) {
      next();
      next();
    }
    const token = next();
    if (token.kind !== "text")
      throw unexpected(token, t("the name of a date in single quotes, such as 'metafields.facts.birth_date'"));
    expectSymbol(")", "'{symbol}' after the name of the date");
    const attribute = tolerate(() => findAttribute({ ...token, source: token.value }), null);
    if (attribute && attribute.type !== "date" && attribute.type !== "any") {
      report(new Refusal(token, t("{name} is no date, so it has no anniversary.", { name: attribute.name })));
    }
    const written = readTest("anniversary");
    if (!attribute) return PLACEHOLDER;
    const subject: Subject = { label: "anniversary", type: "date", place: "attribute" };
    const test = tolerate(() => anniversaryTest(subject, written), NO_TEST);
    return { kind: "anniversary", name: attribute.name, test };
  };
  const anniversaryTest = (subject: Subject, written: WrittenTest): Test => {
    if (!["=", "!=", "between", "is_null", "is_not_null"].includes(written.op)) {
      throw new Refusal(written.span, t("An anniversary comes back every year; expected =, != or BETWEEN."));
    }
    const misfit = written.operands.find(({ value }) => value.kind === "rolling" || value.kind === "time");
    if (misfit)
      throw new Refusal(misfit, t("An anniversary is a whole day; expected a date such as 2026-01-31, +7d or today."));
    return typedTest(subject, written);
  };

  const distance = (token: Token): Condition => {
    const legacy = isSymbol(peek(), "(");
    const negated = !legacy && (skipWord("NOT_MATCHES") || (skipWord("NOT") && (expectWord("MATCHES"), true)));
    if (!legacy && !negated) expectWord("MATCHES");
    expectSymbol("(", "'{symbol}' after {name}", { name: "customer_within_distance" });
    const given = new Map<string, Literal>();
    do {
      const name = next();
      if (name.kind !== "name" || !["coordinates", "distance_km", "distance_mi"].includes(name.source)) {
        throw unexpected(name, t("coordinates, distance_km or distance_mi"));
      }
      expectSymbol(legacy ? ":" : "=", "'{symbol}' after {name}", { name: name.source });
      if (given.has(name.source)) throw new Refusal(name, t("{name} is given twice.", { name: name.source }));
      given.set(name.source, literal());
    } while (skipSymbol(","));
    expectSymbol(")", "'{symbol}' at the end of the parameters");
    const positive = legacy ? legacyAnswer() : !negated;
    const clause = tolerate<Condition>(() => distanceClause(token, given), PLACEHOLDER);
    return positive ? clause : { kind: "not", of: clause };
  };

  const readPolicies = (): Omit<Rule, "when"> => {
    const policies: Omit<Rule, "when"> = {};
    for (;;) {
      const token = peek();
      const key = isWord(token, "STAY")
        ? "stayAtLeast"
        : isWord(token, "EXPIRE")
          ? "expireAfter"
          : isWord(token, "NO")
            ? "noReentryFor"
            : null;
      if (!key) return policies;
      if (policies[key]) throw new Refusal(token, t("{name} is said twice.", { name: token.source }));
      next();
      if (key === "stayAtLeast") {
        expectWord("AT");
        expectWord("LEAST");
      } else if (key === "expireAfter") expectWord("AFTER");
      else {
        expectWord("REENTRY");
        expectWord("FOR");
      }
      policies[key] = duration();
      if (key === "expireAfter" && skipWord("WITHOUT")) expectWord("ACTIVITY");
    }
  };

  return { rule };
}

/** Stands in for a clause that was refused; a rule with one is never given out. */
const PLACEHOLDER: Condition = { kind: "attribute", name: "", test: NO_TEST };
