import type { Dictionary } from "../language/dictionary.ts";
import { printCondition } from "../language/print-text.ts";
import type { AttributeClause } from "../language/tree.ts";
import type { CustomerHistory, HistoryEvent, PropertyValue } from "./customer-history.ts";
import { countBefore } from "./events-view.ts";
import type { BindClause } from "./probe.ts";
import { compileTest, instantOfValue, isDateLike, type ShopContext } from "./value-test.ts";

/** A value that changes over time. */
export interface Timeline {
  valueAt(at: number): PropertyValue | null;
  /** The first instant after `after` at which the value changes, or Infinity. */
  nextChange(after: number): number;
}

export function compileAttributeClause(
  clause: AttributeClause,
  dictionary: Dictionary,
  context: ShopContext,
): BindClause {
  const type = dictionary.attribute(clause.name)?.type ?? "any";
  const test = compileTest(clause.test, type, context);
  const text = printCondition(clause);
  return (history) => {
    const timeline = timelineOf(clause.name, history);
    const holds = (at: number): boolean => test.holds(timeline.valueAt(at), at);
    return {
      holds,
      next: (after) => {
        let first = timeline.nextChange(after);
        if (test.edges.length === 0) return first;
        const value = timeline.valueAt(after);
        if (!isDateLike(value)) return first;
        const instant = instantOfValue(value, context.calendar);
        for (const edge of test.edges) {
          const turn = edge(instant);
          if (turn > after && turn < first) first = turn;
        }
        return first;
      },
      explain: (at) => [
        {
          clause: text,
          holds: holds(at),
          found: [{ name: clause.name, value: shown(timeline.valueAt(at), type, context) }],
          events: [],
        },
      ],
    };
  };
}

/** Lifetime totals and the dates of orders follow from the orders; everything else is given. */
export function timelineOf(name: string, history: CustomerHistory): Timeline {
  switch (name) {
    case "number_of_orders":
      return withOpening(history, ordersOf(history), (count, opening) => BigInt(count + (opening?.orders ?? 0)));
    case "first_order_date":
      return withOpening(history, ordersOf(history), (count, opening) => {
        return opening?.firstOrderAt ?? (count > 0 ? (ordersOf(history)[0]?.at ?? null) : null);
      });
    case "last_order_date":
      return withOpening(history, ordersOf(history), (count, opening) => {
        return count > 0 ? (ordersOf(history)[count - 1]?.at ?? null) : (opening?.lastOrderAt ?? null);
      });
    case "amount_spent":
      return spentOf(history);
    case "segments":
      return membershipsOf(history);
    default:
      return givenTimeline(history, name);
  }
}

function ordersOf({ events }: CustomerHistory): readonly HistoryEvent[] {
  return events["orders_placed"] ?? [];
}

/** The opening balance counts from its last order on; before that nothing of it is known to have happened. */
function withOpening(
  { opening }: CustomerHistory,
  events: readonly HistoryEvent[],
  read: (count: number, opening: CustomerHistory["opening"]) => PropertyValue | null,
): Timeline {
  const times = events.map(({ at }) => at.getTime());
  const opens = opening ? (opening.lastOrderAt?.getTime() ?? -Infinity) : Infinity;
  return {
    valueAt: (at) => read(countBefore(times, at + 1), at >= opens ? opening : null),
    nextChange: (after) => Math.min(times[countBefore(times, after + 1)] ?? Infinity, opens > after ? opens : Infinity),
  };
}

/** Gross less refunds, each from its own moment on. */
function spentOf(history: CustomerHistory): Timeline {
  const signed = (sign: bigint, events: readonly HistoryEvent[] = []): { at: Date; amount: bigint }[] =>
    events.map(({ at, properties: { amount } }) => ({ at, amount: typeof amount === "bigint" ? sign * amount : 0n }));
  const moves = [...signed(1n, history.events["orders_placed"]), ...signed(-1n, history.events["refunds_made"])].sort(
    (left, right) => left.at.getTime() - right.at.getTime(),
  );
  const sums = [0n];
  for (const { amount } of moves) sums.push((sums.at(-1) ?? 0n) + amount);
  const events = moves.map(({ at }) => ({ at, properties: {} }));
  return withOpening(history, events, (count, opening) => (sums[count] ?? 0n) + (opening?.spentMinor ?? 0n));
}

function membershipsOf({ memberships }: CustomerHistory): Timeline {
  const stretches = Object.entries(memberships).flatMap(([key, intervals]) =>
    intervals.map(({ enteredAt, leftAt }) => ({ key, from: enteredAt.getTime(), to: leftAt?.getTime() ?? Infinity })),
  );
  const ends = [...new Set(stretches.flatMap(({ from, to }) => [from, to]))].sort((left, right) => left - right);
  return {
    valueAt: (at) => stretches.filter(({ from, to }) => from <= at && at < to).map(({ key }) => key),
    nextChange: (after) => ends[countBefore(ends, after + 1)] ?? Infinity,
  };
}

function givenTimeline({ attributes }: CustomerHistory, name: string): Timeline {
  const changes = attributes[name] ?? [];
  const times = changes.map(({ since }) => since?.getTime() ?? -Infinity);
  return {
    valueAt: (at) => changes[countBefore(times, at + 1) - 1]?.value ?? null,
    nextChange: (after) => times[countBefore(times, after + 1)] ?? Infinity,
  };
}

function shown(value: PropertyValue | null, type: string, { exponent }: ShopContext): PropertyValue | null {
  return type === "money" && typeof value === "bigint" ? Number(value) / 10 ** exponent : value;
}
