import type { Calendar } from "../language/calendar.ts";
import { DATE_PROPERTY } from "../language/dictionary.ts";
import { visitClauses } from "../language/needs.ts";
import { lengthOf, type PropertyTest, type Rule } from "../language/tree.ts";
import { dateRanges } from "./value-test.ts";

/**
 * Since when events of some kinds have to be known for the rule to be right at the instant `at`, in milliseconds: Infinity where it reads
 * none, -Infinity where it counts whatever there ever was.
 * @param isMeant whether it is one of these kinds
 */
export function readsBackTo(rule: Rule, isMeant: (event: string) => boolean, calendar: Calendar, at: number): number {
  const windowFrom = (where: readonly PropertyTest[]): number =>
    where
      .filter(({ property }) => property === DATE_PROPERTY)
      .map(({ test }) => Math.min(...dateRanges(test, at, calendar).map(({ from }) => from)))
      .reduce((latest, from) => Math.max(latest, from), -Infinity);
  let back = Infinity;
  visitClauses(rule.when, (clause) => {
    if (clause.kind === "event" && isMeant(clause.event)) back = Math.min(back, windowFrom(clause.where));
    if (clause.kind !== "sequence") return;
    let since = -Infinity;
    for (const { event, where } of clause.steps) {
      // No step is earlier than the one before it.
      since = Math.max(since, windowFrom(where));
      if (isMeant(event)) back = Math.min(back, since);
    }
  });
  if (rule.expireAfter) back = Math.min(back, at - lengthOf(rule.expireAfter));
  // When one stay begins depends on when the one before ended, and so on back to the first.
  const isChained = rule.stayAtLeast !== undefined || rule.noReentryFor !== undefined;
  return isChained && back !== Infinity ? -Infinity : back;
}
