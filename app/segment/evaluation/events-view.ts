import { type Dictionary, DATE_PROPERTY, findProperty } from "../language/dictionary.ts";
import type { PropertyTest } from "../language/tree.ts";
import type { CustomerHistory, HistoryEvent } from "./customer-history.ts";
import {
  compileTest,
  dateRanges,
  type Edge,
  instantOfValue,
  isDateLike,
  type Ranges,
  type ShopContext,
  type ValueTest,
} from "./value-test.ts";

/** The events of one kind that pass a clause's tests on properties, ready to be asked about any instant. */
export interface EventsView {
  /** Those that pass whatever time it is, oldest first. */
  events: readonly HistoryEvent[];
  times: readonly number[];
  /** Index ranges [from, to) of the events that count at an instant; with `passes` where dates among the properties matter. */
  rangesAt(at: number): Ranges;
  /** Null when every event in the ranges passes. */
  passes: ((index: number, at: number) => boolean) | null;
  /** The first instant after `after` at which another set of events may count, or Infinity. */
  next(after: number): number;
}

export type BindEvents = (history: CustomerHistory) => EventsView;

/** Prepares the tests once; binding them to a history filters its events once. */
export function compileEvents(
  event: string,
  where: readonly PropertyTest[],
  dictionary: Dictionary,
  context: ShopContext,
): BindEvents {
  const kind = dictionary.event(event);
  const dates = where.filter(({ property }) => property === DATE_PROPERTY).map(({ test }) => test);
  const dateEdges = dates.flatMap((test) => compileTest(test, "date", context).edges);
  const others = where
    .filter(({ property }) => property !== DATE_PROPERTY)
    .map(({ property, test }) => {
      const type = (kind && findProperty(kind, property)?.type) ?? "any";
      return { property, test: compileTest(test, type, context) };
    });
  const fixed = others.filter(({ test }) => test.edges.length === 0);
  const moving = others.filter(({ test }) => test.edges.length > 0);

  return (history) => {
    const all = history.events[event] ?? [];
    const events =
      fixed.length === 0
        ? all
        : all.filter(({ properties }) => fixed.every(({ property, test }) => test.holds(properties[property], 0)));
    const times = events.map(({ at }) => at.getTime());
    const crossings = dateEdges.map((edge) => crossingsOf(times, edge));
    return {
      events,
      times,
      rangesAt: (at) => {
        let ranges: Ranges = [{ from: -Infinity, to: at + 1 }];
        for (const test of dates) ranges = intersect(ranges, dateRanges(test, at, context.calendar));
        const found: { from: number; to: number }[] = [];
        for (const range of ranges) {
          const from = countBefore(times, range.from);
          const to = countBefore(times, range.to);
          if (from < to) found.push({ from, to });
        }
        return found;
      },
      passes:
        moving.length === 0
          ? null
          : (index, at) => moving.every(({ property, test }) => test.holds(events[index]?.properties[property], at)),
      next: (after) => {
        let first = times[countBefore(times, after + 1)] ?? Infinity;
        for (const firstAfter of crossings) first = Math.min(first, firstAfter(after));
        for (const part of moving) first = Math.min(first, firstMoving(events, part, after, context));
        return first;
      },
    };
  };
}

/** How many of the ascending `times` lie before `instant`. */
export function countBefore(times: readonly number[], instant: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) >= instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Tells when the first of the ascending `times` crosses the edge after an instant, or Infinity. It is asked at one instant after another,
 * and calendars are slow, so each crossing is worked out once.
 */
export function crossingsOf(times: readonly number[], edge: Edge): (after: number) => number {
  const known: (number | undefined)[] = Array.from({ length: times.length });
  const crossing = (index: number): number => (known[index] ??= edge(times[index] ?? Infinity));
  return (after) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (crossing(middle) > after) high = middle;
      else low = middle + 1;
    }
    return low < times.length ? crossing(low) : Infinity;
  };
}

function firstMoving(
  events: readonly HistoryEvent[],
  { property, test }: { property: string; test: ValueTest },
  after: number,
  { calendar }: ShopContext,
): number {
  let first = Infinity;
  for (const { properties } of events) {
    const value = properties[property];
    if (!isDateLike(value)) continue;
    for (const edge of test.edges) {
      const instant = edge(instantOfValue(value, calendar));
      if (instant > after && instant < first) first = instant;
    }
  }
  return first;
}

function intersect(left: Ranges, right: Ranges): Ranges {
  const both: { from: number; to: number }[] = [];
  for (const a of left) {
    for (const b of right) {
      const from = Math.max(a.from, b.from);
      const to = Math.min(a.to, b.to);
      if (from < to) both.push({ from, to });
    }
  }
  return both;
}
