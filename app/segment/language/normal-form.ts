import type { Condition, Rule, Test } from "./tree.ts";

/**
 * The one tree for a rule, whichever way it was written: groups of a kind flatten, a group of one is its member, NOT cancels
 * out or turns into the operator that is its exact opposite. `>` has none, since a missing value fails both it and `<=`.
 */
export function normalForm(rule: Rule): Rule {
  const { when, stayAtLeast, expireAfter, noReentryFor } = rule;
  return {
    when: normalCondition(when),
    ...(stayAtLeast && { stayAtLeast }),
    ...(expireAfter && { expireAfter }),
    ...(noReentryFor && { noReentryFor }),
  };
}

export function normalCondition(condition: Condition): Condition {
  switch (condition.kind) {
    case "all":
    case "any": {
      const of = condition.of.map(normalCondition).flatMap((part) => (part.kind === condition.kind ? part.of : [part]));
      return of.length === 1 && of[0] ? of[0] : { kind: condition.kind, of };
    }
    case "not":
      return negate(normalCondition(condition.of));
    case "attribute":
    case "anniversary":
      return { ...condition, test: normalTest(condition.test) };
    case "event":
      return { ...condition, where: condition.where.map(normalPart), having: condition.having.map(normalPart) };
    case "sequence":
      return {
        ...condition,
        steps: condition.steps.map((step) => ({ ...step, where: step.where.map(normalPart) })),
      };
    case "distance":
    case "sample":
      return condition;
  }
}

/** True exactly where a condition in normal form is false. */
export function negate(condition: Condition): Condition {
  if (condition.kind === "not") return condition.of;
  if (condition.kind === "attribute" || condition.kind === "anniversary") {
    const opposite = oppositeTest(condition.test);
    if (opposite) return { ...condition, test: opposite };
  }
  return { kind: "not", of: condition };
}

export function oppositeTest(test: Test): Test | null {
  switch (test.op) {
    case "=":
      return { op: "!=", value: test.value };
    case "!=":
      return { op: "=", value: test.value };
    case "in":
      return { op: "not_in", values: test.values };
    case "not_in":
      return { op: "in", values: test.values };
    case "contains":
      return { op: "not_contains", value: test.value };
    case "not_contains":
      return { op: "contains", value: test.value };
    case "is_null":
      return { op: "is_not_null" };
    case "is_not_null":
      return { op: "is_null" };
    default:
      return null;
  }
}

function normalPart<T extends { test: Test }>(part: T): T {
  return { ...part, test: normalTest(part.test) };
}

export function normalTest(test: Test): Test {
  if ((test.op === "in" || test.op === "not_in") && test.values.length === 1 && test.values[0]) {
    return { op: test.op === "in" ? "=" : "!=", value: test.values[0] };
  }
  return test;
}
