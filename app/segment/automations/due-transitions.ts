import type { Interval } from "../evaluation/customer-history.ts";
import type { MembershipDifference } from "../membership-difference.ts";

/** What was last said of a customer in a segment. */
export interface Standing {
  version: number;
  inside: boolean;
  /** Everything up to here, in business time, is accounted for. */
  at: Date;
}

export interface Transition {
  change: "entered" | "left";
  at: Date;
  /** It happened, or an entry that was announced turned out never to have been, or a new rule did it and that is announced. */
  reason: "happened" | "withdrawn" | "rule";
}

export interface DecidedStays {
  /** What the stays were before the decision, and what it changes of them. */
  before: readonly Interval[];
  difference: Pick<MembershipDifference, "write" | "remove">;
  /** Of the live rule. */
  version: number;
  publishedAt: Date;
  /** Whether those whom the publication of the live rule moves are told. */
  announced: boolean;
  now: Date;
}

/**
 * Which transitions of one customer have to be announced after a decision. What is announced alternates and only goes forward in
 * business time, so each transition is announced once, however often and in whatever order facts arrive:
 * - a correction of the past (a time that moves, a stay that goes on after all) announces nothing;
 * - a stay that was over when it was discovered announces nothing;
 * - an entry that was announced and is not borne out any more is followed by one exit, so that nobody is left inside;
 * - what was so before the live rule was published announces nothing, whoever comes into or out of the segment by it, unless the
 *   merchant asked for that: then it is announced as of now, once.
 */
export function dueTransitions(
  standing: Standing | null,
  { before, difference, version, publishedAt, announced, now }: DecidedStays,
): { due: Transition[]; standing: Standing } {
  const after = applied(before, difference);
  if (announced && standing?.version !== version && isLasting(before) !== isLasting(after)) {
    return ruleTransition(standing, { member: isLasting(after), version, now });
  }
  const known = standing?.version === version ? standing : firstStanding(before, after, publishedAt);
  const due: Transition[] = [];
  let inside = known.inside;
  let at = known.at.getTime();
  const say = (change: Transition["change"], when: Date, reason: Transition["reason"] = "happened"): void => {
    inside = change === "entered";
    due.push({ change, at: when, reason });
  };
  for (const { enteredAt, leftAt } of after) {
    if (enteredAt > known.at) {
      if (!inside && leftAt === null) say("entered", enteredAt);
      at = Math.max(at, enteredAt.getTime());
    }
    if (leftAt && leftAt > known.at) {
      if (inside) say("left", leftAt);
      at = Math.max(at, leftAt.getTime());
    }
  }
  if (inside && !isLasting(after)) say("left", now, "withdrawn");
  return { due, standing: { version, inside, at: new Date(at) } };
}

/** Which transition is announced of somebody whom a new rule put in or out; nothing of what was said already. */
export function ruleTransition(
  standing: Standing | null,
  { member, version, now }: { member: boolean; version: number; now: Date },
): { due: Transition[]; standing: Standing } {
  const inside = standing ? standing.inside : !member;
  return {
    due: inside === member ? [] : [{ change: member ? "entered" : "left", at: now, reason: "rule" }],
    standing: { version, inside: member, at: now },
  };
}

function applied(before: readonly Interval[], { write, remove }: DecidedStays["difference"]): Interval[] {
  const stays = new Map(before.map((stay) => [stay.enteredAt.getTime(), stay]));
  for (const enteredAt of remove) stays.delete(enteredAt.getTime());
  for (const stay of write) stays.set(stay.enteredAt.getTime(), stay);
  return [...stays.values()].sort((left, right) => left.enteredAt.getTime() - right.enteredAt.getTime());
}

/** Nothing was said yet under this rule: whoever is in, and was known to be, is inside without a word. */
function firstStanding(
  before: readonly Interval[],
  after: readonly Interval[],
  publishedAt: Date,
): Pick<Standing, "inside" | "at"> {
  const current = before.find(({ leftAt }) => leftAt === null);
  if (current) {
    const at = current.enteredAt > publishedAt ? current.enteredAt : publishedAt;
    const isBorneOut = after.some(({ enteredAt, leftAt }) => enteredAt <= at && (!leftAt || at < leftAt));
    return isBorneOut ? { inside: true, at } : { inside: false, at: publishedAt };
  }
  const ends = before.flatMap(({ leftAt }) => (leftAt ? [leftAt.getTime()] : []));
  return { inside: false, at: new Date(Math.max(publishedAt.getTime(), ...ends)) };
}

function isLasting(stays: readonly Interval[]): boolean {
  return stays.some(({ leftAt }) => leftAt === null);
}
