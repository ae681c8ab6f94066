import type { Interval } from "./evaluate.ts";

export interface MembershipKey {
  customerId: string;
  segmentId: number;
}

export type Membership = MembershipKey & Interval;

export interface MembershipDifference {
  /** Rows to write or overwrite, by customer, segment and time of entry. */
  write: Membership[];
  /** Rows that the facts no longer bear out. */
  remove: (MembershipKey & { enteredAt: Date })[];
  /** Who is in now and was not, or the other way round. */
  changed: (MembershipKey & { member: boolean; at: Date })[];
}

/** Compares the intervals that are stored with those that the facts give now, for one customer and segment. */
export function membershipDifference(
  key: MembershipKey,
  stored: readonly Interval[],
  decided: readonly Interval[],
  now: Date,
): MembershipDifference {
  const before = new Map(stored.map((interval) => [interval.enteredAt.getTime(), interval]));
  const after = new Map(decided.map((interval) => [interval.enteredAt.getTime(), interval]));
  const write = decided.filter((interval) => {
    const present = before.get(interval.enteredAt.getTime());
    return !present || present.leftAt?.getTime() !== interval.leftAt?.getTime();
  });
  const remove = stored.filter((interval) => !after.has(interval.enteredAt.getTime()));
  return {
    write: write.map((interval) => ({ ...key, ...interval })),
    remove: remove.map(({ enteredAt }) => ({ ...key, enteredAt })),
    changed: changeNow(key, stored, decided, now),
  };
}

function changeNow(
  key: MembershipKey,
  stored: readonly Interval[],
  decided: readonly Interval[],
  now: Date,
): MembershipDifference["changed"] {
  const was = stored.some(({ leftAt }) => leftAt === null);
  const current = decided.find(({ leftAt }) => leftAt === null);
  if (was === (current !== undefined)) return [];
  return [{ ...key, member: !was, at: current?.enteredAt ?? decided.at(-1)?.leftAt ?? now }];
}
