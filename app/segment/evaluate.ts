import { toMinor } from "../platform/money.ts";
import type { History } from "../profile/history.ts";
import { type Rule, windowsOf } from "./rule.ts";

const HOUR_MS = 3_600_000;

export interface Evidence {
  /** What was looked at, in the rule's own terms. */
  fact: "orders" | "spent";
  /** Count of orders, or minor units spent. */
  value: bigint;
  needed: bigint;
  withinHours: number | null;
  holds: boolean;
}

export interface Evaluation {
  matches: boolean;
  evidence: Evidence[];
  /** The first instant after now at which `matches` differs if nothing new happens; null when it never does. */
  changesAt: Date | null;
}

export interface Interval {
  enteredAt: Date;
  /** Null while it lasts. */
  leftAt: Date | null;
}

/** Decides a rule for one history at one instant, on the facts known now. Pure: it is the meaning of a rule. */
export function evaluate(rule: Rule, history: History, now: Date): Evaluation {
  const reader = createReader(history);
  const at = now.getTime();
  const matches = reader.matches(rule, at);
  const flip = boundariesOf(rule, history).find(
    (boundary) => boundary > at && reader.matches(rule, boundary) !== matches,
  );
  return { matches, evidence: reader.evidence(rule, at), changesAt: flip === undefined ? null : new Date(flip) };
}

/**
 * All stretches [enteredAt, leftAt) up to `now` in which the rule is true, and the next instant at which that changes by itself.
 * The answer is constant between two boundaries, so trying each of them once is exact.
 */
export function intervalsOf(
  rule: Rule,
  history: History,
  now: Date,
): { intervals: Interval[]; changesAt: Date | null } {
  const reader = createReader(history);
  const intervals: Interval[] = [];
  let open: Interval | null = null;
  for (const boundary of boundariesOf(rule, history)) {
    const matches = reader.matches(rule, boundary);
    if (matches === (open !== null)) continue;
    const at = new Date(boundary);
    if (at > now) return { intervals, changesAt: at };
    if (open) open.leftAt = at;
    else intervals.push((open = { enteredAt: at, leftAt: null }));
    if (!matches) open = null;
  }
  return { intervals, changesAt: null };
}

/** Every instant at which an answer could differ from the instant before, ascending. */
function boundariesOf(rule: Rule, history: History): number[] {
  const windows = windowsOf(rule);
  const boundaries = new Set<number>();
  for (const { at } of history.orders) {
    boundaries.add(at.getTime());
    for (const window of windows) boundaries.add(at.getTime() + window);
  }
  for (const { at } of history.refunds) boundaries.add(at.getTime());
  if (history.deletedAt) boundaries.add(history.deletedAt.getTime());
  return [...boundaries].sort((left, right) => left - right);
}

interface Reader {
  matches(rule: Rule, at: number): boolean;
  evidence(rule: Rule, at: number): Evidence[];
}

/** Answers questions about a history at any instant in logarithmic time. */
function createReader(history: History): Reader {
  const orderTimes = history.orders.map((order) => order.at.getTime());
  const refundTimes = history.refunds.map((refund) => refund.at.getTime());
  const gross = runningSums(history.orders.map((order) => order.grossMinor));
  const refunded = runningSums(history.refunds.map((refund) => refund.amountMinor));

  const ordersIn = (from: number, to: number): number => countUpTo(orderTimes, to) - countUpTo(orderTimes, from);
  const spentBy = (at: number): bigint =>
    (gross[countUpTo(orderTimes, at)] ?? 0n) - (refunded[countUpTo(refundTimes, at)] ?? 0n);
  const look = (rule: Rule & { kind: "orders" | "spent_over" }, at: number): Evidence => {
    if (rule.kind === "orders") {
      const from = rule.withinHours === undefined ? -Infinity : at - rule.withinHours * HOUR_MS;
      const value = BigInt(ordersIn(from, at));
      const needed = BigInt(rule.atLeast);
      return { fact: "orders", value, needed, withinHours: rule.withinHours ?? null, holds: value >= needed };
    }
    const value = spentBy(at);
    const needed = toMinor(rule.amount, history.currency ?? "XXX") ?? 0n;
    return { fact: "spent", value, needed, withinHours: null, holds: value > needed };
  };
  const holds = (rule: Rule, at: number): boolean => {
    switch (rule.kind) {
      case "orders":
      case "spent_over":
        return look(rule, at).holds;
      case "all":
        return rule.rules.every((part) => holds(part, at));
      case "not":
        return !holds(rule.rule, at);
    }
  };
  const evidence = (rule: Rule, at: number): Evidence[] => {
    switch (rule.kind) {
      case "orders":
      case "spent_over":
        return [look(rule, at)];
      case "all":
        return rule.rules.flatMap((part) => evidence(part, at));
      case "not":
        return evidence(rule.rule, at);
    }
  };
  const exists = (at: number): boolean => !history.deletedAt || at < history.deletedAt.getTime();
  return { matches: (rule, at) => exists(at) && holds(rule, at), evidence };
}

/** How many of the ascending `times` are at or before `at`. */
function countUpTo(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** sums[n] is the sum of the first n values. */
function runningSums(values: readonly bigint[]): bigint[] {
  const sums = [0n];
  for (const value of values) sums.push((sums.at(-1) ?? 0n) + value);
  return sums;
}
