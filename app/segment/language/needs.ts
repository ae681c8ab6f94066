import { type DataNeed, type Dictionary, isHeld } from "./dictionary.ts";
import type { Clause, Condition, Rule } from "./tree.ts";

/** What a rule reads that Muster does not have: the clause's own name for it, and the data it would need. */
export interface MissingData {
  name: string;
  needs: DataNeed;
}

/** Empty when every clause can be answered; a merchant is told the rest before such a rule goes live. */
export function missingData(rule: Rule, dictionary: Dictionary): MissingData[] {
  const missing = new Map<string, DataNeed>();
  const read = (name: string, needs: DataNeed | undefined): void => {
    if (needs && !isHeld(needs)) missing.set(name, needs);
  };
  visitClauses(rule.when, (clause) => {
    if (clause.kind === "attribute" || clause.kind === "anniversary") {
      read(clause.name, dictionary.attribute(clause.name)?.needs);
    } else if (clause.kind === "distance") read("customer_within_distance", "coordinates of addresses");
    else if (clause.kind === "event") read(clause.event, dictionary.event(clause.event)?.needs);
    else if (clause.kind === "sequence") {
      for (const { event } of clause.steps) read(event, dictionary.event(event)?.needs);
    }
  });
  return [...missing].map(([name, needs]) => ({ name, needs }));
}

/** The keys of the segments whose membership a condition asks for. */
export function segmentsRead(when: Condition): Set<string> {
  const keys = new Set<string>();
  visitClauses(when, (clause) => {
    if (clause.kind !== "attribute" || clause.name !== "segments" || !("value" in clause.test)) return;
    if (clause.test.value.kind === "text") keys.add(clause.test.value.value);
  });
  return keys;
}

/** These rules and those of the segments that they ask for, and that those ask for. @param live the rules of the segments, by key */
export function withAskedRules(rules: readonly Rule[], live: ReadonlyMap<string, Rule>): Rule[] {
  const found = new Set(rules);
  // A set that grows while it is gone through is gone through to its end.
  for (const { when } of found) {
    for (const key of segmentsRead(when)) {
      const asked = live.get(key);
      if (asked) found.add(asked);
    }
  }
  return [...found];
}

/** Whether a condition holds for a share of the customers, whoever they are. */
export function asksForSample(when: Condition): boolean {
  let asks = false;
  visitClauses(when, ({ kind }) => {
    if (kind === "sample") asks = true;
  });
  return asks;
}

/**
 * The order in which segments are decided, so that each comes after those it asks for; keys nobody has are left out. A cycle is
 * given from the first segment round to the same one again.
 */
export function segmentOrder(
  rules: ReadonlyMap<string, Rule>,
): { outcome: "ordered"; keys: string[] } | { outcome: "cycle"; keys: string[] } {
  const keys: string[] = [];
  const path: string[] = [];
  const visit = (key: string): string[] | null => {
    const rule = rules.get(key);
    if (!rule || keys.includes(key)) return null;
    if (path.includes(key)) return [...path.slice(path.indexOf(key)), key];
    path.push(key);
    for (const other of segmentsRead(rule.when)) {
      const cycle = visit(other);
      if (cycle) return cycle;
    }
    path.pop();
    keys.push(key);
    return null;
  };
  for (const key of rules.keys()) {
    const cycle = visit(key);
    if (cycle) return { outcome: "cycle", keys: cycle };
  }
  return { outcome: "ordered", keys };
}

/**
 * The segments that ask for one, be it through others, and so may change when its rule does; each after those it asks for. In a circle
 * there are none.
 */
export function segmentsAsking(rules: ReadonlyMap<string, Rule>, key: string): string[] {
  const order = segmentOrder(rules);
  if (order.outcome === "cycle") return [];
  const found = new Set([key]);
  for (const each of order.keys) {
    const rule = rules.get(each);
    if (rule && !segmentsRead(rule.when).isDisjointFrom(found)) found.add(each);
  }
  found.delete(key);
  return [...found];
}

/** Calls `visit` for every clause, those that are negated included. */
export function visitClauses(condition: Condition, visit: (clause: Clause) => void): void {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.forEach((part) => visitClauses(part, visit));
    case "not":
      return visitClauses(condition.of, visit);
    default:
      return visit(condition);
  }
}
