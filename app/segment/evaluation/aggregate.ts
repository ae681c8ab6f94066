import { addDecimals, compareDecimals, type Decimal, parseDecimal } from "../language/decimal.ts";
import { type EventKind, findProperty, type ValueType } from "../language/dictionary.ts";
import type { AggregateTest, Test, Value } from "../language/tree.ts";
import type { HistoryEvent, PropertyValue } from "./customer-history.ts";
import { propertyOf, turnIn } from "./events-view.ts";
import {
  compileTest,
  decimalOf,
  type Edge,
  instantOfValue,
  isDateLike,
  type ShopContext,
  valuesOf,
} from "./value-test.ts";

/** Judges one aggregate of a clause. */
export interface CompiledAggregate {
  /** In the rule's own words: "count", "sum(amount)". */
  name: string;
  /** Of events of which none counts yet. */
  bind(events: readonly HistoryEvent[]): BoundAggregate;
  /** For aggregates that are dates: when the answer may turn by itself. */
  edges: readonly Edge[];
}

export interface BoundAggregate extends Tally {
  holds(at: number): boolean;
}

/** An aggregate of the events that count. */
interface Tally {
  /** The event at this place begins to count, or stops. */
  turn(index: number, counts: boolean): void;
  value(): AggregateValue;
}

/** A fraction where the aggregate is a number (an average stays sum over count, so nothing is rounded). */
export type AggregateValue = { sum: Decimal; count: bigint } | { value: PropertyValue } | null;

export function compileAggregate(
  { fn, property, test }: AggregateTest,
  kind: EventKind | null,
  context: ShopContext,
): CompiledAggregate {
  const name = property === undefined ? fn : `${fn}(${property})`;
  const type = typeOfProperty(kind, property);
  const compiled = compileTest(test, fn === "first" || fn === "last" || type === "date" ? type : "any", context);
  const dated = valuesOf(test).some(({ kind }) => !["text", "number", "boolean"].includes(kind));
  const numeric = dated
    ? (_sum: Decimal, _count: bigint, at: number) => compiled.holds(null, at)
    : compileFraction(test);
  const judge = (value: AggregateValue, at: number): boolean =>
    value !== null && "sum" in value ? numeric(value.sum, value.count, at) : compiled.holds(value?.value, at);
  const read = (event: HistoryEvent): PropertyValue | null =>
    property === undefined ? null : (propertyOf(event, property) ?? null);
  if (fn === "count" || fn === "distinct") {
    // The same few numbers come again and again, and time changes nothing about them.
    const answers: (boolean | undefined)[] = [];
    const counted = fn === "distinct" ? property : kind?.counts;
    const bind = (events: readonly HistoryEvent[]): BoundAggregate => {
      const { turn, size } = counted === undefined ? createCount() : createDifferent(events, counted);
      return { turn, value: () => whole(size()), holds: () => (answers[size()] ??= judge(whole(size()), 0)) };
    };
    return { name, edges: [], bind };
  }
  const bind = (events: readonly HistoryEvent[]): BoundAggregate => {
    const tally = tallyOf(fn, events, dated ? "date" : type, read, context);
    return { ...tally, holds: (at) => judge(tally.value(), at) };
  };
  return { name, edges: compiled.edges, bind };
}

function typeOfProperty(kind: EventKind | null, property: string | undefined): ValueType {
  return (kind && property !== undefined ? findProperty(kind, property)?.type : undefined) ?? "any";
}

function tallyOf(
  fn: Exclude<AggregateTest["fn"], "count" | "distinct">,
  events: readonly HistoryEvent[],
  type: ValueType,
  read: (event: HistoryEvent) => PropertyValue | null,
  context: ShopContext,
): Tally {
  if (fn === "sum" || fn === "average") {
    return createSum(
      fn,
      events.map((event) => decimalOf(read(event), type, context)),
    );
  }
  const counting: number[] = [];
  const turn = (index: number, counts: boolean): void => turnIn(counting, index, counts);
  if (fn === "min" || fn === "max") {
    return {
      turn,
      value: () =>
        extreme(
          fn,
          counting.flatMap((index) => events[index] ?? []),
          read,
          type,
          context,
        ),
    };
  }
  // The event first or last in time; of several at one instant the first or last that is given.
  const value = (): AggregateValue => {
    const event = events[counting.at(fn === "first" ? 0 : -1) ?? -1];
    const found = event ? read(event) : null;
    return found === null ? null : { value: found };
  };
  return { turn, value };
}

/** The instant of a date aggregate, whose own edges then count. */
export function instantOf(value: AggregateValue, { calendar }: ShopContext): number | null {
  return value !== null && "value" in value && isDateLike(value.value) ? instantOfValue(value.value, calendar) : null;
}

function createSum(fn: "sum" | "average", values: readonly (Decimal | null)[]): Tally {
  let sum = ZERO;
  let count = 0n;
  return {
    turn: (index, counts) => {
      const value = values[index];
      if (!value) return;
      sum = addDecimals(sum, counts ? value : { units: -value.units, scale: value.scale });
      count += counts ? 1n : -1n;
    },
    value: () => {
      if (fn === "sum") return { sum, count: 1n };
      return count === 0n ? null : { sum, count };
    },
  };
}

function extreme(
  fn: "min" | "max",
  counting: readonly HistoryEvent[],
  read: (event: HistoryEvent) => PropertyValue | null,
  type: ValueType,
  context: ShopContext,
): AggregateValue {
  const wanted = fn === "min" ? -1 : 1;
  let number: Decimal | null = null;
  let instant: number | null = null;
  for (const event of counting) {
    const value = read(event);
    const decimal = type === "date" ? null : decimalOf(value, type, context);
    if (decimal && (!number || compareDecimals(decimal, number) * wanted > 0)) number = decimal;
    if (type !== "date" || !isDateLike(value)) continue;
    const time = instantOfValue(value, context.calendar);
    if (instant === null || (time - instant) * wanted > 0) instant = time;
  }
  if (number) return { sum: number, count: 1n };
  return instant === null ? null : { value: new Date(instant) };
}

interface Count {
  turn: Tally["turn"];
  size(): number;
}

function createCount(): Count {
  let size = 0;
  return { turn: (_index, counts) => void (size += counts ? 1 : -1), size: () => size };
}

function createDifferent(events: readonly HistoryEvent[], property: string): Count {
  const identities = events.map((event) => identityOf(propertyOf(event, property)));
  const times = new Map<string, number>();
  const turn = (index: number, counts: boolean): void => {
    const identity = identities[index] ?? null;
    if (identity === null) return;
    const left = (times.get(identity) ?? 0) + (counts ? 1 : -1);
    if (left === 0) times.delete(identity);
    else times.set(identity, left);
  };
  return { turn, size: () => times.size };
}

function identityOf(value: PropertyValue | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (typeof value === "object") return `value ${JSON.stringify(value)}`;
  return `${typeof value === "bigint" ? "number" : typeof value} ${String(value)}`;
}

const ZERO: Decimal = { units: 0n, scale: 0 };

function whole(count: number): AggregateValue {
  return { sum: { units: BigInt(count), scale: 0 }, count: 1n };
}

/** Compares sum ÷ count with a value as sum with value × count. A value that is no number differs from every number and is never beside one. */
function compileFraction(test: Test): (sum: Decimal, count: bigint) => boolean {
  const wanted = valuesOf(test).map(numberOf);
  const [first = null, second = null] = wanted;
  const order = (sum: Decimal, count: bigint, value: Decimal | null): number =>
    value ? compareDecimals(sum, { units: value.units * count, scale: value.scale }) : NaN;
  switch (test.op) {
    case "between":
      return (sum, count) => order(sum, count, first) >= 0 && order(sum, count, second) <= 0;
    case "in":
      return (sum, count) => wanted.some((value) => order(sum, count, value) === 0);
    case "not_in":
      return (sum, count) => wanted.every((value) => order(sum, count, value) !== 0);
    case "=":
      return (sum, count) => order(sum, count, first) === 0;
    case "!=":
      return (sum, count) => order(sum, count, first) !== 0;
    case ">":
      return (sum, count) => order(sum, count, first) > 0;
    case ">=":
      return (sum, count) => order(sum, count, first) >= 0;
    case "<":
      return (sum, count) => order(sum, count, first) < 0;
    case "<=":
      return (sum, count) => order(sum, count, first) <= 0;
    default:
      return () => test.op === "not_contains";
  }
}

function numberOf(value: Value): Decimal | null {
  return value.kind === "number" ? parseDecimal(value.value) : null;
}
