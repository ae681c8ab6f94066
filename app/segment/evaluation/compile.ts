import type { Dictionary } from "../language/dictionary.ts";
import { printCondition } from "../language/print-text.ts";
import type { Clause, Condition, DistanceClause, Rule, SampleClause } from "../language/tree.ts";
import { compileAnniversaryClause } from "./anniversary-clause.ts";
import { compileAttributeClause } from "./attribute-clause.ts";
import type { CustomerHistory, Shop } from "./customer-history.ts";
import { compileEventClause } from "./event-clause.ts";
import { nextFlip } from "./intervals.ts";
import type { Bind, BindClause, Evidence, Probe } from "./probe.ts";
import { type Reads, readsOf } from "./reads.ts";
import { sampleBucket } from "../../profile/sample-bucket.ts";
import { compileSequenceClause } from "./sequence-clause.ts";
import { contextOf, type ShopContext } from "./value-test.ts";

/** A rule made ready for one shop: compile once, bind to each customer. */
export interface CompiledRule {
  rule: Rule;
  reads: Reads;
  bind(history: CustomerHistory): Probe;
}

/** Prepares a rule in normal form. Names the dictionary does not know read as missing, so an old rule outlives its data. */
export function compileRule(rule: Rule, shop: Shop, dictionary: Dictionary): CompiledRule {
  const condition = compileCondition(rule.when, dictionary, contextOf(shop));
  return {
    rule,
    reads: readsOf(rule, dictionary),
    bind: (history) => whileExisting(condition(history), history),
  };
}

function compileCondition(condition: Condition, dictionary: Dictionary, context: ShopContext): Bind {
  switch (condition.kind) {
    case "all":
    case "any":
      return compileGroup(
        condition.kind,
        condition.of.map((part) => compileCondition(part, dictionary, context)),
      );
    case "not": {
      const inner = compileCondition(condition.of, dictionary, context);
      const text = printCondition(condition);
      // A clause says with its NOT what it says in the rule; of a group the parts follow, each as it is by itself.
      const isGroup = ["all", "any", "not"].includes(condition.of.kind);
      return (history) => {
        const probe = inner(history);
        const holds = (at: number): boolean => !probe.holds(at);
        const explain = (at: number): Evidence[] => {
          const [only] = probe.explain(at);
          if (only && !isGroup) return [{ ...only, clause: text, holds: holds(at) }];
          const whole = { clause: text, holds: holds(at), found: [], events: [], changesAt: changeOf(probe, at) };
          return [whole, ...probe.explain(at)];
        };
        return { ...probe, holds, explain };
      };
    }
    default:
      return telling(compileClause(condition, dictionary, context));
  }
}

function compileClause(clause: Clause, dictionary: Dictionary, context: ShopContext): BindClause {
  switch (clause.kind) {
    case "attribute":
      return compileAttributeClause(clause, dictionary, context);
    case "event":
      return compileEventClause(clause, printCondition(clause), dictionary, context);
    case "sequence":
      return compileSequenceClause(clause, printCondition(clause), dictionary, context);
    case "anniversary":
      return compileAnniversaryClause(clause, context);
    case "distance":
      return fixed(clause, (history) => isWithinDistance(clause, history));
    case "sample":
      return fixed(clause, ({ customerId }) => sampleBucket(customerId) < clause.share);
  }
}

/** Beside what a clause looked at, when it changes by itself. */
function telling(bind: BindClause): Bind {
  return (history) => {
    const probe = bind(history);
    const explain = (at: number): Evidence[] =>
      probe.explain(at).map((evidence) => ({ ...evidence, changesAt: changeOf(probe, at) }));
    return { ...probe, explain };
  };
}

function changeOf(probe: Omit<Probe, "explain">, at: number): Date | null {
  const flip = nextFlip(probe, at);
  return flip === Infinity ? null : new Date(flip);
}

function compileGroup(kind: "all" | "any", parts: readonly Bind[]): Bind {
  return (history) => {
    const probes = parts.map((bind) => bind(history));
    const recurring = probes.flatMap((probe) => (probe.recurring ? [probe.recurring] : []));
    return {
      holds:
        kind === "all"
          ? (at) => probes.every((probe) => probe.holds(at))
          : (at) => probes.some((probe) => probe.holds(at)),
      next: (after) => probes.reduce((first, probe) => Math.min(first, probe.next(after)), Infinity),
      recurring: recurring.length === 0 ? undefined : (after) => Math.min(...recurring.map((next) => next(after))),
      explain: (at) => probes.flatMap((probe) => probe.explain(at)),
    };
  };
}

/** A clause that time does not change. */
function fixed(clause: DistanceClause | SampleClause, decide: (history: CustomerHistory) => boolean): BindClause {
  const text = printCondition(clause);
  return (history) => {
    const answer = decide(history);
    const explain = () => [{ clause: text, holds: answer, found: [], events: [] }];
    return { holds: () => answer, next: () => Infinity, explain };
  };
}

/** Nobody is in a segment before being a customer or after being deleted, NOT or no NOT. */
function whileExisting(probe: Probe, { existsFrom, deletedAt }: CustomerHistory): Probe {
  const from = existsFrom.getTime();
  const to = deletedAt?.getTime() ?? Infinity;
  const bounded = (next: (after: number) => number) => (after: number) => {
    if (after < from) return from;
    return after >= to ? Infinity : Math.min(to, next(after));
  };
  return {
    holds: (at) => from <= at && at < to && probe.holds(at),
    next: bounded(probe.next),
    recurring: probe.recurring && bounded(probe.recurring),
    explain: probe.explain,
  };
}

const EARTH_RADIUS = { km: 6371.0088, mi: 3958.7613 };

/** Great-circle distance to any address (haversine). */
function isWithinDistance(
  { latitude, longitude, distance, unit }: DistanceClause,
  { places }: CustomerHistory,
): boolean {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [Number(latitude), Number(longitude)];
  return places.some((place) => {
    const height = Math.sin(radians(place.latitude - north) / 2) ** 2;
    const width = Math.sin(radians(place.longitude - east) / 2) ** 2;
    const chord = height + Math.cos(radians(north)) * Math.cos(radians(place.latitude)) * width;
    return 2 * EARTH_RADIUS[unit] * Math.asin(Math.min(1, Math.sqrt(chord))) <= Number(distance);
  });
}
