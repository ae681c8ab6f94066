import { segmentsRead } from "./needs.ts";
import type { Clause, Condition } from "./tree.ts";

/** True for nobody: it has to stand where a rule asks for any segment and names none. */
const NOBODY: Clause = { kind: "sample", share: 0 };

/**
 * A condition in which membership of a segment is replaced by what that segment's rule asks, for those in `rules`: what it would say if
 * these rules were the live ones. Entry and exit policies are lost on the way.
 */
export function inlineSegments(when: Condition, rules: ReadonlyMap<string, Condition>): Condition {
  const named = [...segmentsRead(when)];
  const isIn = (key: string): Condition =>
    rules.get(key) ?? {
      kind: "attribute",
      name: "segments",
      test: { op: "contains", value: { kind: "text", value: key } },
    };
  // "Any segment" means one of those that this rule names, and would mean others once it stands in another rule.
  const isInAny = (): Condition => (named.length === 0 ? NOBODY : { kind: "any", of: named.map(isIn) });
  const replaced = (condition: Condition): Condition => {
    switch (condition.kind) {
      case "all":
      case "any":
        return { ...condition, of: condition.of.map(replaced) };
      case "not":
        return { kind: "not", of: replaced(condition.of) };
      case "attribute": {
        const { name, test } = condition;
        if (name !== "segments") return condition;
        if (test.op === "is_not_null") return isInAny();
        if (test.op === "is_null") return { kind: "not", of: isInAny() };
        if ((test.op !== "contains" && test.op !== "not_contains") || test.value.kind !== "text") return condition;
        const member = isIn(test.value.value);
        return test.op === "contains" ? member : { kind: "not", of: member };
      }
      default:
        return condition;
    }
  };
  return replaced(when);
}
