import { toDecimal } from "../../platform/money.ts";
import { type Calendar, calendarOf, dayReaching, parseDay, spanOf } from "../language/calendar.ts";
import { compareDecimals, type Decimal, decimalOfNumber, parseDecimal } from "../language/decimal.ts";
import type { ValueType } from "../language/dictionary.ts";
import { type DateValue, lengthOf, type Test, type Value } from "../language/tree.ts";
import type { CalendarDay, PropertyValue, Shop } from "./customer-history.ts";
import { foldCase } from "../../platform/fold-case.ts";

/** A test made ready for one shop. */
export interface ValueTest {
  holds(value: PropertyValue | null | undefined, at: number): boolean;
  /** When the answer for a date may change by itself; absent for all that time leaves alone. */
  edges: readonly Edge[];
  /** Where a date has one edge and its answer surely turns there: whether it is yes until then, or from then on. */
  yes?: "until" | "from" | undefined;
}

/** From an instant in the history to the instant at which a test on it may turn; never decreasing. */
export type Edge = (instant: number) => number;

/** Half-open stretches of time, in order and apart. */
export type Ranges = readonly { from: number; to: number }[];

export interface ShopContext {
  calendar: Calendar;
  /** Decimal places of the shop's currency. */
  exponent: number;
}

export function contextOf(shop: Shop): ShopContext {
  return {
    calendar: calendarOf(shop.timeZone),
    exponent: (toDecimal(0n, shop.currency).split(".")[1] ?? "").length,
  };
}

/**
 * The meaning of a test. A missing value fails every test but `!=`, NOT IN, NOT CONTAINS and IS NULL; a value of another type
 * than the test's counts as different from it.
 */
export function compileTest(test: Test, type: ValueType, context: ShopContext): ValueTest {
  const edges = edgesOf(test, context.calendar);
  switch (test.op) {
    case "is_null":
      return { holds: isMissing, edges };
    case "is_not_null":
      return { holds: (value) => !isMissing(value), edges };
    case "in":
    case "not_in": {
      const same = test.values.map((value) => compileEquality(value, type, context));
      const wanted = test.op === "in";
      return { holds: (value, at) => same.some((equals) => equals(value, at)) === wanted, edges };
    }
    case "=":
    case "!=":
    case "contains":
    case "not_contains": {
      const contains = test.op === "contains" || test.op === "not_contains";
      const equals = compileEquality(test.value, contains && type === "any" ? "text_list" : type, context);
      const wanted = test.op === "=" || test.op === "contains";
      return { holds: (value, at) => equals(value, at) === wanted, edges };
    }
    default:
      return { holds: compileOrder(test, type, context), edges, yes: sideOf(test) };
  }
}

/** A date lies after a moment that goes with time until that moment reaches it, and before it from then on. */
function sideOf(test: Test): ValueTest["yes"] {
  const [value] = valuesOf(test);
  // The edge of a rolling window is an instant and not the next, so "from" the window on and "before" it turn elsewhere.
  const sides = value?.kind === "rolling" ? [">", "<="] : value?.kind === "day_offset" ? [">", ">=", "<=", "<"] : [];
  return sides.includes(test.op) ? (test.op.startsWith(">") ? "until" : "from") : undefined;
}

/** Where in time a date must lie at the instant `at` for the test to hold. */
export function dateRanges(test: Test, at: number, calendar: Calendar): Ranges {
  switch (test.op) {
    case "between": {
      const low = spanOf(test.low as DateValue, at, calendar);
      // The far end of a rolling window is open: (t − W, t].
      const from = test.low.kind === "rolling" ? low.to : low.from;
      return nonEmpty(from, spanOf(test.high as DateValue, at, calendar).to);
    }
    case "in":
    case "not_in":
    case "contains":
    case "not_contains":
    case "is_null":
      return [];
    case "is_not_null":
      return nonEmpty(-Infinity, Infinity);
  }
  const { from, to } = spanOf(test.value as DateValue, at, calendar);
  switch (test.op) {
    case "=":
      return nonEmpty(from, to);
    case "!=":
      return [...nonEmpty(-Infinity, from), ...nonEmpty(to, Infinity)];
    case ">":
      return nonEmpty(to, Infinity);
    case ">=":
      return nonEmpty(from, Infinity);
    case "<":
      return nonEmpty(-Infinity, from);
    case "<=":
      return nonEmpty(-Infinity, to);
  }
}

/** The values of a test, in the order they are written. */
export function valuesOf(test: Test): Value[] {
  if ("values" in test) return test.values;
  if ("low" in test) return [test.low, test.high];
  return "value" in test ? [test.value] : [];
}

/** A date in the history as an instant; a day without a zone begins when it begins in the shop. */
export function instantOfValue(value: Date | CalendarDay, calendar: Calendar): number {
  return value instanceof Date ? value.getTime() : calendar.startOf(parseDay(value.day));
}

function isMissing(value: PropertyValue | null | undefined): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** A value of the history as a number, money in the currency's units; null when it is none. */
export function decimalOf(
  value: PropertyValue | null | undefined,
  type: ValueType,
  { exponent }: ShopContext,
): Decimal | null {
  if (typeof value === "bigint") return { units: value, scale: type === "money" ? exponent : 0 };
  return typeof value === "number" ? decimalOfNumber(value) : null;
}

export function isDateLike(value: unknown): value is Date | CalendarDay {
  return value instanceof Date || (typeof value === "object" && value !== null && "day" in value);
}

function nonEmpty(from: number, to: number): Ranges {
  return from < to ? [{ from, to }] : [];
}

type Holds = ValueTest["holds"];

function compileEquality(wanted: Value, type: ValueType, context: ShopContext): Holds {
  switch (wanted.kind) {
    case "text": {
      // One of several values is enough, and a single value counts as a list of one.
      const normal = type === "text_list" ? foldCase : (given: string) => given;
      const text = normal(wanted.value);
      return (value) =>
        Array.isArray(value)
          ? value.some((given: string) => normal(given) === text)
          : typeof value === "string" && normal(value) === text;
    }
    case "number": {
      if (type === "id")
        return (value) => (typeof value === "string" || typeof value === "bigint") && String(value) === wanted.value;
      const decimal = parseDecimal(wanted.value);
      return (value) => {
        const given = decimalOf(value, type, context);
        return given !== null && decimal !== null && compareDecimals(given, decimal) === 0;
      };
    }
    case "boolean":
      return (value) => value === wanted.value;
    default:
      return compileOrder({ op: "=", value: wanted }, type, context);
  }
}

function compileOrder(test: Test, type: ValueType, context: ShopContext): Holds {
  const [first, second] = valuesOf(test);
  if (first?.kind === "number") {
    const low = parseDecimal(first.value);
    const high = second?.kind === "number" ? parseDecimal(second.value) : low;
    return (value) => {
      const given = decimalOf(value, type, context);
      return given !== null && low !== null && high !== null && inOrder(test.op, given, low, high);
    };
  }
  const { calendar } = context;
  const isRelative = valuesOf(test).some(({ kind }) => kind === "rolling" || kind === "day_offset");
  let fixed: Ranges | undefined;
  return (value, at) => {
    if (!isDateLike(value)) return false;
    const instant = instantOfValue(value, calendar);
    const ranges = isRelative ? dateRanges(test, at, calendar) : (fixed ??= dateRanges(test, at, calendar));
    return ranges.some(({ from, to }) => from <= instant && instant < to);
  };
}

function inOrder(op: Test["op"], given: Decimal, low: Decimal, high: Decimal): boolean {
  const order = compareDecimals(given, low);
  switch (op) {
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "between":
      return order >= 0 && compareDecimals(given, high) <= 0;
    default:
      return order === 0;
  }
}

function edgesOf(test: Test, calendar: Calendar): Edge[] {
  return valuesOf(test).flatMap((value, place): Edge[] => {
    if (value.kind === "rolling") {
      const length = lengthOf(value);
      return [(instant) => instant - length];
    }
    if (value.kind !== "day_offset") return [];
    const { amount, unit } = value;
    const passing = (later: number): Edge => {
      return (instant) => calendar.startOf(dayReaching(calendar.dayOf(instant) + later, amount, unit));
    };
    switch (test.op === "between" ? (place === 0 ? ">=" : "<=") : test.op) {
      // Only the end of the day that is named matters, or only its beginning.
      case ">":
      case "<=":
        return [passing(0)];
      case ">=":
      case "<":
        return [passing(1)];
      default:
        return [passing(0), passing(1)];
    }
  });
}
