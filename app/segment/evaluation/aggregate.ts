import { addDecimals, compareDecimals, type Decimal, parseDecimal } from "../language/decimal.ts";
import { DATE_PROPERTY, type EventKind, findProperty, type ValueType } from "../language/dictionary.ts";
import type { AggregateTest, Test, Value } from "../language/tree.ts";
import type { HistoryEvent, PropertyValue } from "./customer-history.ts";
import type { EventsView } from "./events-view.ts";
import {
  compileTest,
  decimalOf,
  type Edge,
  instantOfValue,
  isDateLike,
  type Ranges,
  type ShopContext,
  valuesOf,
} from "./value-test.ts";

/** Judges one aggregate of a clause. */
export interface CompiledAggregate {
  /** In the rule's own words: "count", "sum(amount)". */
  name: string;
  bind(view: EventsView): BoundAggregate;
  /** For aggregates that are dates: when the answer may turn by itself. */
  edges: readonly Edge[];
}

export interface BoundAggregate {
  valueAt(ranges: Ranges, at: number): AggregateValue;
  holds(value: AggregateValue, at: number): boolean;
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
  const counted = fn === "distinct" ? property : fn === "count" ? kind?.counts : undefined;
  const compiled = compileTest(test, fn === "first" || fn === "last" || type === "date" ? type : "any", context);
  const dated = valuesOf(test).some(({ kind }) => !["text", "number", "boolean"].includes(kind));
  const numeric = dated
    ? (_sum: Decimal, _count: bigint, at: number) => compiled.holds(null, at)
    : compileFraction(test);
  const read = (event: HistoryEvent): PropertyValue | null =>
    property === DATE_PROPERTY ? event.at : property === undefined ? null : (event.properties[property] ?? null);
  return {
    name,
    edges: compiled.edges,
    bind: (view) => ({
      valueAt: bindValue(fn, view, counted, dated ? "date" : type, read, context),
      holds: (value, at) =>
        value !== null && "sum" in value ? numeric(value.sum, value.count, at) : compiled.holds(value?.value, at),
    }),
  };
}

function typeOfProperty(kind: EventKind | null, property: string | undefined): ValueType {
  return (kind && property !== undefined ? findProperty(kind, property)?.type : undefined) ?? "any";
}

function bindValue(
  fn: AggregateTest["fn"],
  view: EventsView,
  counted: string | undefined,
  type: ValueType,
  read: (event: HistoryEvent) => PropertyValue | null,
  context: ShopContext,
): BoundAggregate["valueAt"] {
  switch (fn) {
    case "count":
    case "distinct":
      return counted === undefined
        ? (ranges, at) => whole(view.passes ? countPassing(view, ranges, at) : lengthOfRanges(ranges))
        : (ranges, at) => whole(countDifferent(view, ranges, at, counted));
    case "sum":
    case "average":
      return bindSum(fn, view, (event) => decimalOf(read(event), type, context));
    case "min":
    case "max":
      return (ranges, at) => extreme(fn, view, ranges, at, read, type, context);
    case "first":
    case "last":
      return (ranges, at) => {
        const event = endmost(fn, view, ranges, at);
        const value = event && read(event);
        return value === null || value === undefined ? null : { value };
      };
  }
}

/** The instant of a date aggregate, whose own edges then count. */
export function instantOf(value: AggregateValue, { calendar }: ShopContext): number | null {
  return value !== null && "value" in value && isDateLike(value.value) ? instantOfValue(value.value, calendar) : null;
}

/** Running sums make a sum over any stretch two look-ups. */
function bindSum(
  fn: "sum" | "average",
  view: EventsView,
  read: (event: HistoryEvent) => Decimal | null,
): BoundAggregate["valueAt"] {
  const zero = { sum: ZERO, count: 0n };
  const running = [zero];
  for (const event of view.events) {
    const { sum, count } = running.at(-1) ?? zero;
    const value = read(event);
    running.push(value ? { sum: addDecimals(sum, value), count: count + 1n } : { sum, count });
  }
  const negative = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });
  return (ranges, at) => {
    let sum = ZERO;
    let count = 0n;
    const add = (from: number, to: number): void => {
      const [before, after] = [running[from] ?? zero, running[to] ?? zero];
      sum = addDecimals(sum, addDecimals(after.sum, negative(before.sum)));
      count += after.count - before.count;
    };
    if (view.passes) eachPassing(view, ranges, at, (_event, index) => add(index, index + 1));
    else for (const { from, to } of ranges) add(from, to);
    if (fn === "sum") return { sum, count: 1n };
    return count === 0n ? null : { sum, count };
  };
}

function extreme(
  fn: "min" | "max",
  view: EventsView,
  ranges: Ranges,
  at: number,
  read: (event: HistoryEvent) => PropertyValue | null,
  type: ValueType,
  context: ShopContext,
): AggregateValue {
  const wanted = fn === "min" ? -1 : 1;
  let number: Decimal | null = null;
  let instant: number | null = null;
  eachPassing(view, ranges, at, (event) => {
    const value = read(event);
    const decimal = type === "date" ? null : decimalOf(value, type, context);
    if (decimal && (!number || compareDecimals(decimal, number) * wanted > 0)) number = decimal;
    if (type !== "date" || !isDateLike(value)) return;
    const time = instantOfValue(value, context.calendar);
    if (instant === null || (time - instant) * wanted > 0) instant = time;
  });
  if (number) return { sum: number, count: 1n };
  return instant === null ? null : { value: new Date(instant) };
}

/** The event first or last in time; of several at one instant the first or last that is given. */
function endmost(fn: "first" | "last", view: EventsView, ranges: Ranges, at: number): HistoryEvent | null {
  const ordered = fn === "first" ? ranges : [...ranges].reverse();
  for (const { from, to } of ordered) {
    for (let step = 0; step < to - from; step += 1) {
      const index = fn === "first" ? from + step : to - 1 - step;
      if (!view.passes || view.passes(index, at)) return view.events[index] ?? null;
    }
  }
  return null;
}

function countDifferent(view: EventsView, ranges: Ranges, at: number, property: string): number {
  const seen = new Set<string>();
  eachPassing(view, ranges, at, (event) => {
    const value = property === DATE_PROPERTY ? event.at : event.properties[property];
    if (value !== null && value !== undefined) seen.add(identityOf(value));
  });
  return seen.size;
}

function identityOf(value: PropertyValue): string {
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (typeof value === "object") return `value ${JSON.stringify(value)}`;
  return `${typeof value === "bigint" ? "number" : typeof value} ${String(value)}`;
}

function countPassing(view: EventsView, ranges: Ranges, at: number): number {
  let count = 0;
  eachPassing(view, ranges, at, () => (count += 1));
  return count;
}

function eachPassing(
  { events, passes }: EventsView,
  ranges: Ranges,
  at: number,
  visit: (event: HistoryEvent, index: number) => void,
): void {
  for (const { from, to } of ranges) {
    for (let index = from; index < to; index += 1) {
      const event = events[index];
      if (event && (!passes || passes(index, at))) visit(event, index);
    }
  }
}

function lengthOfRanges(ranges: Ranges): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
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
