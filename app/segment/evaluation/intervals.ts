import type { CustomerHistory, Interval } from "./customer-history.ts";
import type { Probe } from "./probe.ts";
import type { CompiledRule } from "./compile.ts";

/** A stretch [from, to) in milliseconds; `to` is Infinity when nothing that is known ends it. */
export interface Stretch {
  from: number;
  to: number;
}

/** Yearly returns meet every pattern of common and leap years within this time, the gap around 2100 included. */
const YEARLY_HORIZON_MS = 13 * 366 * 86_400_000;

/** The first instant after `at` at which the answer differs from the one at `at` if nothing new happens, or Infinity. */
export function nextFlip(probe: Omit<Probe, "explain">, at: number): number {
  const now = probe.holds(at);
  let boundary = at;
  let horizon = Infinity;
  for (;;) {
    const once = probe.next(boundary);
    if (once === Infinity && horizon === Infinity) horizon = boundary + YEARLY_HORIZON_MS;
    boundary = probe.recurring ? Math.min(once, probe.recurring(boundary)) : once;
    if (boundary === Infinity || boundary > horizon) return Infinity;
    if (probe.holds(boundary) !== now) return boundary;
  }
}

/** All stretches in which the rule is true, those that are foreseen included, up to the first one that begins after `until`. */
export function stretchesOf(probe: Probe, from: number, until: number): Stretch[] {
  const stretches: Stretch[] = [];
  let at = from;
  let holds = probe.holds(at);
  for (;;) {
    const flip = nextFlip(probe, at);
    if (holds) stretches.push({ from: at, to: flip });
    if (flip === Infinity || (holds && at > until)) return stretches;
    at = flip;
    holds = !holds;
  }
}

/**
 * When the rule was true up to `now`, on the facts known now, and when that changes by itself: its entry and exit policies
 * are not applied.
 */
export function intervalsOf(
  compiled: CompiledRule,
  history: CustomerHistory,
  now: Date,
): { intervals: Interval[]; changesAt: Date | null } {
  const probe = compiled.bind(history);
  return intervalsUpTo(stretchesOf(probe, history.existsFrom.getTime(), now.getTime()), now);
}

/** The part of the stretches that has come to pass, and the first change that has not. */
export function intervalsUpTo(
  stretches: readonly Stretch[],
  now: Date,
): { intervals: Interval[]; changesAt: Date | null } {
  const at = now.getTime();
  const intervals: Interval[] = [];
  for (const { from, to } of stretches) {
    if (from > at) return { intervals, changesAt: new Date(from) };
    intervals.push({ enteredAt: new Date(from), leftAt: to <= at ? new Date(to) : null });
    if (to > at) return { intervals, changesAt: to === Infinity ? null : new Date(to) };
  }
  return { intervals, changesAt: null };
}
