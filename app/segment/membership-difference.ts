import type { Interval } from "./evaluation/customer-history.ts";

export interface MembershipKey {
  customerId: string;
  segmentId: number;
}

export type Membership = MembershipKey & Interval;

/**
 * What is recorded of one change. A stay that later facts do not bear out is withdrawn; one whose end they do not bear out is
 * resumed, as of the end that was none.
 */
export interface Change {
  change: "entered" | "left" | "withdrawn" | "resumed";
  at: Date;
}

export interface MembershipDifference {
  /** Rows to write or overwrite, by customer, segment and time of entry. */
  write: Interval[];
  /** Rows that the facts no longer bear out, by their time of entry. */
  remove: Date[];
  changes: Change[];
  /** Set when somebody is in now and was not, or the other way round. */
  turned: { member: boolean; at: Date } | null;
}

/**
 * Compares the intervals that are stored with those that the facts give now, for one customer and segment.
 * @param closeAt where the rule reads what has no past (a name, a country): a stay that was true as long as nobody knew otherwise
 * ends then instead of never having been
 */
export function membershipDifference(
  stored: readonly Interval[],
  decided: readonly Interval[],
  now: Date,
  closeAt: Date | null = null,
): MembershipDifference {
  if (closeAt === null && isAsStored(stored, decided)) return UNCHANGED;
  const wanted = closeAt === null ? decided : [...decided, ...pastStays(stored, decided, closeAt)];
  const before = new Map(stored.map((interval) => [interval.enteredAt.getTime(), interval]));
  const after = new Set(wanted.map((interval) => interval.enteredAt.getTime()));
  const write = wanted.filter((interval) => !isSame(before.get(interval.enteredAt.getTime()), interval));
  const remove = stored
    .filter((interval) => !after.has(interval.enteredAt.getTime()))
    .map(({ enteredAt }) => enteredAt);
  const changes = [
    ...remove.map((at): Change => ({ change: "withdrawn", at })),
    ...write.flatMap((interval): Change[] => {
      const present = before.get(interval.enteredAt.getTime());
      return [
        ...(present ? [] : [{ change: "entered" as const, at: interval.enteredAt }]),
        ...(interval.leftAt ? [{ change: "left" as const, at: interval.leftAt }] : []),
        ...(present?.leftAt && !interval.leftAt ? [{ change: "resumed" as const, at: present.leftAt }] : []),
      ];
    }),
  ];
  return { write, remove, changes, turned: turnOf(stored, wanted, now) };
}

/** What nearly every decision comes to. */
const UNCHANGED: MembershipDifference = { write: [], remove: [], changes: [], turned: null };

function isAsStored(stored: readonly Interval[], decided: readonly Interval[]): boolean {
  return (
    stored.length === decided.length &&
    decided.every((interval, place) => {
      const before = stored[place];
      return before?.enteredAt.getTime() === interval.enteredAt.getTime() && isSame(before, interval);
    })
  );
}

function isSame(stored: Interval | undefined, interval: Interval): boolean {
  return stored !== undefined && stored.leftAt?.getTime() === interval.leftAt?.getTime();
}

/** Stored stays that no decided one overlaps; one that still lasts ends at `closeAt`. */
function pastStays(stored: readonly Interval[], decided: readonly Interval[], closeAt: Date): Interval[] {
  return stored
    .map(({ enteredAt, leftAt }) => ({ enteredAt, leftAt: leftAt ?? closeAt }))
    .filter(
      ({ enteredAt, leftAt }) =>
        enteredAt < leftAt &&
        !decided.some((interval) => interval.enteredAt < leftAt && (!interval.leftAt || enteredAt < interval.leftAt)),
    );
}

function turnOf(stored: readonly Interval[], wanted: readonly Interval[], now: Date): MembershipDifference["turned"] {
  const was = stored.some(({ leftAt }) => leftAt === null);
  const current = wanted.find(({ leftAt }) => leftAt === null);
  if (was === (current !== undefined)) return null;
  return { member: !was, at: current?.enteredAt ?? wanted.at(-1)?.leftAt ?? now };
}
