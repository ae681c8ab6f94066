import { type Calendar, DAY_MS, dayReaching, parseDay, shiftDay } from "../language/calendar.ts";
import { printCondition } from "../language/print-text.ts";
import type { AnniversaryClause, DateValue, Test } from "../language/tree.ts";
import { timelineOf } from "./attribute-clause.ts";
import type { PropertyValue } from "./customer-history.ts";
import type { BindClause } from "./probe.ts";
import { isDateLike, type ShopContext, valuesOf } from "./value-test.ts";

/**
 * The yearly return of a date. 29 February is kept on the 28th in years that have no 29th. A date that is written out counts by
 * month and day alone, as Shopify's does.
 */
export function compileAnniversaryClause(clause: AnniversaryClause, { calendar }: ShopContext): BindClause {
  const { test, name } = clause;
  const text = printCondition(clause);
  const offsets = valuesOf(test).filter((value) => value.kind === "day_offset");
  const written = valuesOf(test).length - offsets.length;
  return (history) => {
    const timeline = timelineOf(name, history);
    const dayAt = (at: number): number | null => dayOf(timeline.valueAt(at), calendar);
    const holds = (at: number): boolean => holdsOn(test, dayAt(at), calendar.dayOf(at));
    const recurring = (after: number): number => {
      const day = dayAt(after);
      if (day === null) return Infinity;
      const today = calendar.dayOf(after);
      // Where a written date bounds the other end, every day may be the one.
      if (written > 0) return calendar.startOf(today + 1);
      return Math.min(
        ...turningDays(day, today, offsets)
          .map(calendar.startOf)
          .filter((start) => start > after),
      );
    };
    return {
      holds,
      next: timeline.nextChange,
      recurring: offsets.length > 0 ? recurring : undefined,
      explain: (at) => [{ clause: text, holds: holds(at), found: [{ name, value: timeline.valueAt(at) }], events: [] }],
    };
  };
}

/** The days around today on which a bound reaches or passes a return of the date. */
function turningDays(day: number, today: number, offsets: readonly (DateValue & { kind: "day_offset" })[]): number[] {
  return offsets.flatMap(({ amount, unit }) => {
    const year = yearOf(shiftDay(today, amount, unit));
    return [year - 1, year, year + 1, year + 2]
      .map((wanted) => returnIn(wanted, day))
      .flatMap((back) => [dayReaching(back, amount, unit), dayReaching(back + 1, amount, unit)]);
  });
}

export function holdsOn(test: Test, day: number | null, today: number): boolean {
  switch (test.op) {
    case "is_null":
      return day === null;
    case "is_not_null":
      return day !== null;
    case "=":
    case "!=": {
      const wanted = resolve(test.value, today);
      return (day !== null && returnsBetween(day, wanted, wanted)) === (test.op === "=");
    }
    case "between": {
      if (day === null) return false;
      let low = resolve(test.low, today);
      let high = resolve(test.high, today);
      if (test.high.kind === "day") high = firstReturnFrom(low, high);
      else if (test.low.kind === "day") low = lastReturnUpTo(high, low);
      return returnsBetween(day, low, high);
    }
    default:
      return false;
  }
}

function resolve(value: { kind: string }, today: number): number {
  const date = value as DateValue;
  if (date.kind === "day") return parseDay(date.value);
  return date.kind === "day_offset" ? shiftDay(today, date.amount, date.unit) : today;
}

function returnsBetween(day: number, low: number, high: number): boolean {
  if (high < low) return false;
  if (high - low >= 366) return true;
  const years = [yearOf(low), yearOf(high)];
  return years.map((year) => returnIn(year, day)).some((back) => low <= back && back <= high);
}

function firstReturnFrom(low: number, day: number): number {
  const back = returnIn(yearOf(low), day);
  return back >= low ? back : returnIn(yearOf(low) + 1, day);
}

function lastReturnUpTo(high: number, day: number): number {
  const back = returnIn(yearOf(high), day);
  return back <= high ? back : returnIn(yearOf(high) - 1, day);
}

function returnIn(year: number, day: number): number {
  return shiftDay(day, year - yearOf(day), "y");
}

function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

function dayOf(value: PropertyValue | null, calendar: Calendar): number | null {
  if (!isDateLike(value)) return null;
  return value instanceof Date ? calendar.dayOf(value.getTime()) : parseDay(value.day);
}
