import { lengthOf, type Rule } from "../language/tree.ts";
import type { CompiledRule } from "./compile.ts";
import type { CustomerHistory, Interval } from "./customer-history.ts";
import { intervalsOf, intervalsUpTo, type Stretch, stretchesOf } from "./intervals.ts";

export type Policy = Pick<Rule, "stayAtLeast" | "expireAfter" | "noReentryFor">;

/** Whether membership is more than whether the rule is true now. */
export function hasPolicies({ stayAtLeast, expireAfter, noReentryFor }: Policy): boolean {
  return stayAtLeast !== undefined || expireAfter !== undefined || noReentryFor !== undefined;
}

/** What others do to a customer, or what says the same as another event, is no activity of theirs. */
const PASSIVE: ReadonlySet<string> = new Set([
  "refunds_made",
  "store_credit_accounts",
  "email.delivered",
  "email.bounced",
  "shopify_email.delivered",
  "shopify_email.bounced",
]);

/**
 * Membership under the entry and exit policies: up to `now`, and when it next changes by itself if nothing new happens.
 * A deleted customer is out at once, whatever the policies say.
 */
export function membershipOf(
  compiled: CompiledRule,
  history: CustomerHistory,
  now: Date,
): { intervals: Interval[]; changesAt: Date | null } {
  const { rule } = compiled;
  if (!hasPolicies(rule)) return intervalsOf(compiled, history, now);
  const lookAhead = [rule.stayAtLeast, rule.noReentryFor].reduce((sum, part) => sum + (part ? lengthOf(part) : 0), 0);
  const until = now.getTime() + lookAhead;
  const holding = stretchesOf(compiled.bind(history), history.existsFrom.getTime(), until);
  const staying = applyPolicies(holding, rule.expireAfter ? activityOf(history) : [], rule);
  const deletedAt = history.deletedAt?.getTime() ?? Infinity;
  const bounded = staying.map(({ from, to }) => ({ from, to: Math.min(to, deletedAt) }));
  return intervalsUpTo(
    bounded.filter(({ from, to }) => from < to),
    now,
  );
}

/** The instants at which the customer did something, ascending. */
export function activityOf({ events }: CustomerHistory): number[] {
  return Object.entries(events)
    .filter(([kind]) => !PASSIVE.has(kind))
    .flatMap(([, list]) => list.map(({ at }) => at.getTime()))
    .sort((left, right) => left - right);
}

/**
 * Who is in, given the stretches in which the rule is true. Someone enters when the rule is true, the last activity (or the
 * stretch's own beginning) is not too long ago and the last exit is; someone leaves when one of the first two fails, but never
 * before the least stay is over.
 */
export function applyPolicies(holding: readonly Stretch[], activity: readonly number[], policy: Policy): Stretch[] {
  const least = policy.stayAtLeast ? lengthOf(policy.stayAtLeast) : 0;
  const gap = policy.noReentryFor ? lengthOf(policy.noReentryFor) : 0;
  const eligible = policy.expireAfter ? whileActive(holding, activity, lengthOf(policy.expireAfter)) : holding;
  const stays: Stretch[] = [];
  for (const { from, to } of eligible) {
    const last = stays.at(-1);
    if (last && from <= last.to) {
      // Still in: the least stay, or a stretch that adjoins, carries over.
      last.to = Math.max(last.to, to);
      continue;
    }
    const enters = Math.max(from, last ? last.to + gap : -Infinity);
    if (enters < to) stays.push({ from: enters, to: Math.max(to, enters + least) });
  }
  return stays;
}

/** The parts of each stretch less than `length` after its beginning or after an activity. */
function whileActive(holding: readonly Stretch[], activity: readonly number[], length: number): Stretch[] {
  return holding.flatMap(({ from, to }) => {
    // An activity from before the stretch lasts no longer than the stretch's own beginning does.
    const parts: Stretch[] = [{ from, to: Math.min(to, from + length) }];
    for (const at of activity) {
      if (at <= from || at >= to) continue;
      const last = parts.at(-1);
      if (last && at <= last.to) last.to = Math.min(to, at + length);
      else parts.push({ from: at, to: Math.min(to, at + length) });
    }
    return parts;
  });
}
