import type { Dictionary } from "../language/dictionary.ts";
import type { EventClause } from "../language/tree.ts";
import { type AggregateValue, type BoundAggregate, compileAggregate, instantOf } from "./aggregate.ts";
import type { PropertyValue } from "./customer-history.ts";
import { compileEvents, type EventsView } from "./events-view.ts";
import type { BindClause, ClauseEvidence } from "./probe.ts";
import type { Edge, Ranges, ShopContext } from "./value-test.ts";

const SHOWN_EVENTS = 3;

export function compileEventClause(
  clause: EventClause,
  text: string,
  dictionary: Dictionary,
  context: ShopContext,
): BindClause {
  const bindEvents = compileEvents(clause.event, clause.where, dictionary, context);
  const kind = dictionary.event(clause.event);
  const aggregates = clause.having.map((test) => compileAggregate(test, kind, context));

  return (history) => {
    const view = bindEvents(history);
    const bound = aggregates.map((aggregate) => ({ ...aggregate, ...aggregate.bind(view) }));
    const holds = (at: number): boolean => {
      const ranges = view.rangesAt(at);
      return bound.length === 0 ? someCounts(view, ranges, at) : bound.every((one) => holdsAt(one, ranges, at));
    };
    const next = (after: number): number => {
      let first = view.next(after);
      for (const one of bound) {
        if (one.edges.length > 0) first = Math.min(first, nextEdge(one, view, after, context));
      }
      return first;
    };
    const explain = (at: number): ClauseEvidence[] => {
      const ranges = view.rangesAt(at);
      const found = bound.map((one) => ({ name: one.name, value: shown(one.valueAt(ranges, at)) }));
      const count = { name: "count", value: BigInt(latest(view, ranges, at, Infinity).length) };
      const events = latest(view, ranges, at, SHOWN_EVENTS).map((instant) => ({
        kind: clause.event,
        at: new Date(instant),
      }));
      return [{ clause: text, holds: holds(at), found: found.length > 0 ? found : [count], events }];
    };
    return { holds, next, explain };
  };
}

function holdsAt(one: BoundAggregate, ranges: Ranges, at: number): boolean {
  return one.holds(one.valueAt(ranges, at), at);
}

/** A date that is an aggregate meets its own boundaries, as long as it stays what it is now. */
function nextEdge(
  { valueAt, edges }: BoundAggregate & { edges: readonly Edge[] },
  view: EventsView,
  after: number,
  context: ShopContext,
): number {
  const instant = instantOf(valueAt(view.rangesAt(after), after), context);
  if (instant === null) return Infinity;
  return Math.min(...edges.map((edge) => edge(instant)).filter((edge) => edge > after));
}

function someCounts(view: EventsView, ranges: Ranges, at: number): boolean {
  if (!view.passes) return ranges.length > 0;
  return latest(view, ranges, at, 1).length > 0;
}

function latest({ times, passes }: EventsView, ranges: Ranges, at: number, limit: number): number[] {
  const found: number[] = [];
  for (const { from, to } of [...ranges].reverse()) {
    for (let index = to - 1; index >= from && found.length < limit; index -= 1) {
      if (!passes || passes(index, at)) found.push(times[index] ?? 0);
    }
  }
  return found;
}

/** Averages are cut to six places for people to read; the comparison never is. */
function shown(value: AggregateValue): PropertyValue | null {
  if (value === null) return null;
  if ("value" in value) return value.value;
  const { sum, count } = value;
  const [whole, scale] = count === 1n ? [sum.units, sum.scale] : [(sum.units * 1_000_000n) / count, sum.scale + 6];
  return Number(whole) / 10 ** scale;
}
