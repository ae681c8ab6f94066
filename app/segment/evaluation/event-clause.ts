import type { Dictionary } from "../language/dictionary.ts";
import type { EventClause } from "../language/tree.ts";
import { type AggregateValue, type BoundAggregate, compileAggregate, instantOf } from "./aggregate.ts";
import { courseOf } from "./course.ts";
import type { PropertyValue } from "./customer-history.ts";
import { compileEvents, countingAt, followTurns } from "./events-view.ts";
import type { BindClause, ClauseEvidence } from "./probe.ts";
import type { Edge, ShopContext } from "./value-test.ts";

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
    const course = courseOf((tell) => {
      const bound = aggregates.map(({ edges, bind }) => ({ ...bind(view.events), edges }));
      const dated = bound.filter(({ edges }) => edges.length > 0);
      let counting = 0;
      const judge = (at: number): void =>
        tell(at, bound.length === 0 ? counting > 0 : bound.every((one) => one.holds(at)));
      judge(-Infinity);
      followTurns(
        [view],
        [],
        (_view, { index, counts }) => {
          counting += counts ? 1 : -1;
          for (const one of bound) one.turn(index, counts);
        },
        (at, until) => {
          judge(at);
          if (dated.length > 0) edgesBetween(dated, at, until, context).forEach(judge);
        },
      );
    });
    const explain = (at: number): ClauseEvidence[] => {
      const counting = countingAt(view, at);
      const found = aggregates.map(({ name, bind }) => {
        const one = bind(view.events);
        for (const index of counting) one.turn(index, true);
        return { name, value: shown(one.value()) };
      });
      const count = { name: "count", value: BigInt(counting.length) };
      const events = counting
        .slice(-SHOWN_EVENTS)
        .reverse()
        .map((index) => ({ kind: clause.event, at: new Date(view.times[index] ?? 0) }));
      return [{ clause: text, holds: course.holds(at), found: found.length > 0 ? found : [count], events }];
    };
    return { ...course, explain };
  };
}

/** A date that is an aggregate meets its own boundaries, as long as it stays what it is. */
function edgesBetween(
  dated: readonly (BoundAggregate & { edges: readonly Edge[] })[],
  from: number,
  to: number,
  context: ShopContext,
): number[] {
  return dated
    .flatMap((one) => {
      const instant = instantOf(one.value(), context);
      return instant === null ? [] : one.edges.map((edge) => edge(instant));
    })
    .filter((edge) => from < edge && edge < to)
    .sort((left, right) => left - right);
}

/** Averages are cut to six places for people to read; the comparison never is. */
function shown(value: AggregateValue): PropertyValue | null {
  if (value === null) return null;
  if ("value" in value) return value.value;
  const { sum, count } = value;
  const [whole, scale] = count === 1n ? [sum.units, sum.scale] : [(sum.units * 1_000_000n) / count, sum.scale + 6];
  return Number(whole) / 10 ** scale;
}
