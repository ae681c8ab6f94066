import type { Interval } from "./customer-history.ts";

/**
 * What was decided of the time before `from` stays as it is, since what it followed from is not known any more; from there on counts what the
 * facts give. A stay that lasts over it goes on as the one that was.
 */
export function stitchIntervals(decided: readonly Interval[], given: readonly Interval[], from: Date): Interval[] {
  const past = decided.filter(({ enteredAt }) => enteredAt < from);
  const future = given.filter(({ leftAt }) => leftAt === null || leftAt > from);
  const [next, ...later] = future;
  const last = past.at(-1);
  const lasts = last && (last.leftAt === null || last.leftAt >= from);
  if (!lasts) {
    const ended = last?.leftAt;
    if (!next || !ended || next.enteredAt >= ended) return [...past, ...future];
    return [...past, { ...next, enteredAt: from }, ...later];
  }
  if (next && next.enteredAt <= from) return [...past.slice(0, -1), { ...last, leftAt: next.leftAt }, ...later];
  // It ended before after all: where the facts that are left say so, else as far back as they reach.
  const told = given.findLast(({ enteredAt, leftAt }) => leftAt && leftAt > last.enteredAt && enteredAt < from)?.leftAt;
  const end = last.leftAt?.getTime() === from.getTime() ? from : (told ?? from);
  return [...past.slice(0, -1), { ...last, leftAt: end }, ...future];
}
