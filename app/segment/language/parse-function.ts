import { aggregateNamed, aggregateType } from "./aggregates.ts";
import { nearestName, Refusal } from "./diagnostics.ts";
import { type Dictionary, type EventKind, findProperty, propertyNames } from "./dictionary.ts";
import type { Token } from "./lexer.ts";
import { NO_TEST, type TestReader } from "./parse-test.ts";
import { shorten, type TokenCursor } from "./token-cursor.ts";
import type { AggregateTest, Condition, EventClause, PropertyTest, Step, Test } from "./tree.ts";
import { createOnce, type Subject, typedTest, type WrittenTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

/** Reads functions over events: MATCHES (…), the call of before 2026-10, and sequences of them. */
export function createFunctionReader(cursor: TokenCursor, tests: TestReader, dictionary: Dictionary) {
  const { peek, next, isWord, isSymbol, skipWord, skipSymbol, unexpected, expectWord, expectSymbol, tolerate } = cursor;
  const { readTest, list, literal, duration, beginsTest } = tests;

  const beginsFunction = (): boolean =>
    isSymbol(peek(), "(") ||
    isWord(peek(), "MATCHES") ||
    isWord(peek(), "NOT_MATCHES") ||
    (isWord(peek(), "NOT") && isWord(peek(1), "MATCHES"));

  /** Names of functions that are unknown are told; what stands in their parentheses cannot be judged and is passed over. */
  const unknownFunction = (token: Token): Condition => {
    const attribute = dictionary.attribute(token.source);
    if (attribute) throw unexpected(peek(), t("an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL)"));
    const near = nearestName(token.source, [
      ...dictionary.eventNames(),
      "sample",
      "anniversary",
      "customer_within_distance",
    ]);
    const name = shorten(token.source);
    throw near
      ? new Refusal(token, t("There is no function '{name}'; did you mean {near}?", { name, near }), near)
      : new Refusal(token, t("There is no function '{name}'.", { name }));
  };

  const eventClause = (token: Token, event: EventKind): Condition => {
    if (skipWord("IS")) {
      const negated = skipWord("NOT");
      expectWord("NULL");
      const any: EventClause = { kind: "event", event: event.name, where: [], having: [] };
      return negated ? any : { kind: "not", of: any };
    }
    if (isSymbol(peek(), "(")) return legacyCall(event);
    const { negated, where, having } = matches(token, event);
    if (!isWord(peek(), "THEN")) {
      const clause: EventClause = { kind: "event", event: event.name, where, having };
      return negated ? { kind: "not", of: clause } : clause;
    }
    if (negated)
      throw new Refusal(peek(), t("A sequence begins with something that happened; expected MATCHES before THEN."));
    if (having.length > 0)
      throw new Refusal(peek(), t("A step of a sequence has conditions on its events, not counts or sums."));
    return sequence({ event: event.name, where });
  };

  const sequence = (first: Step): Condition => {
    const steps: Step[] = [first];
    while (isWord(peek(), "THEN")) {
      const then = next();
      if (steps.at(-1)?.absent) throw new Refusal(then, t("Only the last step of a sequence may be NOT MATCHES."));
      const within = skipWord("WITHIN") ? duration() : undefined;
      const token = next();
      const event = token.kind === "name" ? dictionary.event(token.source) : null;
      if (!event)
        throw token.kind === "name" && beginsFunction()
          ? unknownFunctionError(token)
          : unexpected(token, t("a function such as orders_placed"));
      const { negated, where, having } = matches(token, event);
      if (having.length > 0)
        throw new Refusal(token, t("A step of a sequence has conditions on its events, not counts or sums."));
      steps.push({ event: event.name, where, ...(within && { within }), ...(negated && { absent: true }) });
    }
    return { kind: "sequence", steps };
  };
  const unknownFunctionError = (token: Token): Refusal => {
    try {
      unknownFunction(token);
    } catch (error) {
      if (error instanceof Refusal) return error;
    }
    return unexpected(token, t("a function such as orders_placed"));
  };

  const matches = (
    token: Token,
    event: EventKind,
  ): { negated: boolean; where: PropertyTest[]; having: AggregateTest[] } => {
    const negated = skipWord("NOT_MATCHES") || (skipWord("NOT") && (expectWord("MATCHES"), true));
    if (!negated && !skipWord("MATCHES")) {
      throw unexpected(peek(), t("MATCHES (…) or NOT MATCHES (…) after {name}", { name: token.source }));
    }
    expectSymbol("(", "'{symbol}' after {name}", { name: "MATCHES" });
    const where: PropertyTest[] = [];
    const having: AggregateTest[] = [];
    const once = createOnce();
    if (!isSymbol(peek(), ")")) {
      do parameter(event, where, having, once);
      while (skipSymbol(","));
    }
    expectSymbol(")", "'{symbol}' or ',' after the parameter");
    return { negated, where, having };
  };

  const parameter = (
    event: EventKind,
    where: PropertyTest[],
    having: AggregateTest[],
    once: ReturnType<typeof createOnce>,
  ): void => {
    const token = next();
    if (token.kind !== "name") throw unexpected(token, t("a parameter of {name}", { name: event.name }));
    const target = tolerate(() => findTarget(token, event), null);
    const written = readTest(token.source);
    if (!target) return;
    const test = tolerate<Test>(() => {
      const typed = typedTest(target.subject, written);
      once(target.subject, typed, written.span);
      return typed;
    }, NO_TEST);
    if (target.fn)
      having.push({ fn: target.fn, ...(target.property !== undefined && { property: target.property }), test });
    else where.push({ property: target.property ?? token.source, test });
  };

  type Target = { fn?: AggregateTest["fn"]; property?: string; subject: Subject };
  const findTarget = (token: Token, event: EventKind): Target => {
    const fn = aggregateNamed(token.source);
    if (fn && isSymbol(peek(), "(")) {
      next();
      const inner = next();
      const property = inner.kind === "name" ? findProperty(event, inner.source) : null;
      expectSymbol(")", "'{symbol}' after the property of {name}", { name: fn });
      if (!property) throw unknownProperty(inner, event);
      if (fn === "count")
        throw new Refusal(token, t("count takes no property; expected count, or distinct(…)."), "distinct");
      if (fn === "distinct" && event.counts === property.name) return counted;
      const type = aggregateType(event, fn, property.name, inner);
      return {
        fn,
        property: property.name,
        subject: { ...property, label: `${fn}(${property.name})`, type, place: "aggregate" },
      };
    }
    if (token.source === "count") return counted;
    const property = findProperty(event, token.source);
    if (property) {
      return { property: property.name, subject: { ...property, label: property.name, place: "parameter" } };
    }
    const summed = token.source.startsWith("sum_") ? findProperty(event, token.source.slice(4)) : null;
    if (!summed) throw unknownProperty(token, event);
    const type = aggregateType(event, "sum", summed.name, token);
    return { fn: "sum", property: summed.name, subject: { label: token.source, type, place: "aggregate" } };
  };
  const counted: Target = { fn: "count", subject: { label: "count", type: "integer", place: "aggregate" } };

  const unknownProperty = (token: Token, event: EventKind): Refusal => {
    if (token.kind !== "name") return unexpected(token, t("a parameter of {name}", { name: event.name }));
    const near = nearestName(token.source, ["count", ...propertyNames(event)]);
    const said = { event: event.name, name: shorten(token.source) };
    if (near) {
      const message = t("{event} has no parameter '{name}'; did you mean {near}?", { ...said, near });
      return new Refusal(token, message, near);
    }
    const names = ["count", ...propertyNames(event)].join(", ");
    return new Refusal(token, t("{event} has no parameter '{name}'; it has {names}.", { ...said, names }));
  };

  /** Before 2026-10: name(parameter: value, …) = true. */
  const legacyCall = (event: EventKind): Condition => {
    next();
    const where: PropertyTest[] = [];
    const having: AggregateTest[] = [];
    if (!isSymbol(peek(), ")")) {
      do legacyParameter(event, where, having);
      while (skipSymbol(","));
    }
    expectSymbol(")", "'{symbol}' or ',' after the parameter");
    const call: EventClause = { kind: "event", event: event.name, where, having };
    return legacyAnswer() ? call : { kind: "not", of: call };
  };
  const legacyParameter = (event: EventKind, where: PropertyTest[], having: AggregateTest[]): void => {
    const token = next();
    if (token.kind !== "name") throw unexpected(token, t("a parameter of {name}", { name: event.name }));
    const target = tolerate(() => findTarget(token, event), null);
    expectSymbol(":", "'{symbol}' after {name}", { name: token.source });
    const written = legacyTest(token);
    if (!target) return;
    const test = tolerate<Test>(() => typedTest(target.subject, written), NO_TEST);
    if (target.fn)
      having.push({ fn: target.fn, ...(target.property !== undefined && { property: target.property }), test });
    else where.push({ property: target.property ?? token.source, test });
  };
  const legacyTest = (token: Token): WrittenTest => {
    const first = peek();
    if (isSymbol(first, "(")) return { op: "in", span: first, operands: list() };
    if (beginsTest()) return readTest(token.source);
    return { op: "=", span: first, operands: [literal()] };
  };
  /** The "= true" that ends a call in the old form. */
  const legacyAnswer = (): boolean => {
    const operator = next();
    const positive = isSymbol(operator, "=");
    if (!positive && !isSymbol(operator, "!="))
      throw unexpected(operator, t("= true or = false, or better MATCHES (…)"));
    const answer = next();
    if (isWord(answer, "TRUE")) return positive;
    if (isWord(answer, "FALSE")) return !positive;
    throw unexpected(answer, t("true or false"));
  };

  return { beginsFunction, unknownFunction, eventClause, legacyAnswer };
}
