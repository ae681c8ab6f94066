import { type Dictionary, DATE_PROPERTY, findProperty } from "../language/dictionary.ts";
import type { PropertyTest } from "../language/tree.ts";
import type { CustomerHistory, HistoryEvent, PropertyValue } from "./customer-history.ts";
import { compileTest, instantOfValue, isDateLike, type ShopContext, type ValueTest } from "./value-test.ts";

/** The events of one kind that pass a clause's tests on properties, and when each of them counts. */
export interface EventsView {
  /** Those that may ever count, oldest first. */
  events: readonly HistoryEvent[];
  times: readonly number[];
  /** What changes in which of them count, in order of time. */
  turns: readonly Turn[];
}

/** From `at` on the event at `index` counts, or no longer does. */
export interface Turn {
  at: number;
  index: number;
  counts: boolean;
}

export type BindEvents = (history: CustomerHistory) => EventsView;

/** Prepares the tests once; binding them to a history asks each of its events once for every instant at which they may turn. */
export function compileEvents(
  event: string,
  where: readonly PropertyTest[],
  dictionary: Dictionary,
  context: ShopContext,
): BindEvents {
  const kind = dictionary.event(event);
  const tests = where.map(({ property, test }) => {
    const type = property === DATE_PROPERTY ? "date" : ((kind && findProperty(kind, property)?.type) ?? "any");
    return { property, test: compileTest(test, type, context) };
  });
  const fixed = tests.filter(({ test }) => test.edges.length === 0);
  const moving = tests.filter(({ test }) => test.edges.length > 0);
  const [first] = moving;
  const window = moving.length === 1 && first?.property === DATE_PROPERTY && first.test.yes ? first.test : null;

  /** An event counts from when it happened, as far as the tests that time turns let it. */
  const addTurns = (turns: Turn[], event: HistoryEvent, index: number): void => {
    const begin = event.at.getTime();
    const instants = [begin];
    for (const { property, test } of moving) {
      const value = propertyOf(event, property);
      if (!isDateLike(value)) continue;
      const instant = instantOfValue(value, context.calendar);
      for (const edge of test.edges) {
        const at = edge(instant);
        if (at > begin) instants.push(at);
      }
    }
    if (instants.length > 2) instants.sort((left, right) => left - right);
    let counted = false;
    for (const at of instants) {
      const counts = moving.every(({ property, test }) => test.holds(propertyOf(event, property), at));
      if (counts !== counted) turns.push({ at, index, counts });
      counted = counts;
    }
  };

  return (history) => {
    const all = history.events[event] ?? [];
    const events =
      fixed.length === 0
        ? all
        : all.filter((each) => fixed.every(({ property, test }) => test.holds(propertyOf(each, property), 0)));
    const times = events.map(({ at }) => at.getTime());
    if (moving.length === 0) return { events, times, turns: times.map((at, index) => ({ at, index, counts: true })) };
    if (window) return { events, times, turns: turnsInWindow(times, window) };
    const turns: Turn[] = [];
    events.forEach((each, index) => addTurns(turns, each, index));
    return { events, times, turns: turns.sort((left, right) => left.at - right.at) };
  };
}

/** What nearly every rule asks: whether events are later than a moment that goes with time, or earlier. */
function turnsInWindow(times: readonly number[], { edges: [edge], yes }: ValueTest): Turn[] {
  const begun: Turn[] = [];
  const ended: Turn[] = [];
  times.forEach((begin, index) => {
    const at = edge?.(begin) ?? Infinity;
    if (yes === "from") begun.push({ at: Math.max(begin, at), index, counts: true });
    else if (at > begin) {
      begun.push({ at: begin, index, counts: true });
      ended.push({ at, index, counts: false });
    }
  });
  if (ended.length === 0) return begun;
  const turns: Turn[] = [];
  let next = 0;
  for (const end of ended) {
    for (let begin = begun[next]; begin && begin.at < end.at; begin = begun[next]) {
      turns.push(begin);
      next += 1;
    }
    turns.push(end);
  }
  return turns;
}

/** A property of an event as it was given; its date is the time at which it happened. */
export function propertyOf(event: HistoryEvent, property: string): PropertyValue | null | undefined {
  return property === DATE_PROPERTY ? event.at : event.properties[property];
}

/**
 * Goes through the instants at which another set of events counts in one of the views, and `others` (ascending). All that turns at an
 * instant is told to `turn` before `settle`, which hears until when nothing else does.
 */
export function followTurns(
  views: readonly EventsView[],
  others: readonly number[],
  turn: (view: number, turn: Turn) => void,
  settle: (at: number, until: number) => void,
): void {
  const places = views.map(() => 0);
  let other = 0;
  const upcoming = (): number => {
    let first = others[other] ?? Infinity;
    for (let view = 0; view < views.length; view += 1) {
      const at = views[view]?.turns[places[view] ?? 0]?.at ?? Infinity;
      if (at < first) first = at;
    }
    return first;
  };
  for (let at = upcoming(); at !== Infinity;) {
    while (others[other] === at) other += 1;
    for (let view = 0; view < views.length; view += 1) {
      const turns = views[view]?.turns ?? [];
      let place = places[view] ?? 0;
      for (let next = turns[place]; next?.at === at; next = turns[place]) {
        turn(view, next);
        place += 1;
      }
      places[view] = place;
    }
    const until = upcoming();
    settle(at, until);
    at = until;
  }
}

/** The events that count at an instant, by their place among all of them, ascending. */
export function countingAt({ turns }: EventsView, at: number): number[] {
  const counting: number[] = [];
  for (const turn of turns) {
    if (turn.at > at) break;
    turnIn(counting, turn.index, turn.counts);
  }
  return counting;
}

/** Puts a number into an ascending list, or takes it out: mostly the newest comes and the oldest goes. */
export function turnIn(ascending: number[], value: number, counts: boolean): void {
  if (counts && (ascending.at(-1) ?? -Infinity) <= value) ascending.push(value);
  else if (!counts && ascending[0] === value) ascending.shift();
  else ascending.splice(countBefore(ascending, value), counts ? 0 : 1, ...(counts ? [value] : []));
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
