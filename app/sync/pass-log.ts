import type { CallRecord, MemberOutcome } from "./destination.ts";
import type { Difference } from "./difference.ts";

/** One pass as it is kept: counts, calls, and for every member by customer id what was sent and what came back. */
export interface PassEntry {
  added: number;
  removed: number;
  again: number;
  refused: number;
  calls: CallRecord[];
  members: Record<string, string>;
}

/** Null: nothing was sent. */
export function describePass(
  { removals, additions }: Difference,
  outcomes: ReadonlyMap<string, MemberOutcome>,
  calls: readonly CallRecord[],
): PassEntry | null {
  const entry: PassEntry = { added: 0, removed: 0, again: 0, refused: 0, calls: [...calls], members: {} };
  for (const row of removals) note(entry, row.customerId, "removed", outcomes.get(row.customerId));
  for (const row of additions) {
    note(entry, row.customerId, row.ackedEmail === null ? "added" : "updated", outcomes.get(row.customerId));
  }
  return removals.length + additions.length === 0 && calls.length === 0 ? null : entry;
}

function note(entry: PassEntry, customerId: string, what: string, outcome: MemberOutcome | undefined): void {
  switch (outcome?.outcome) {
    case "done":
      if (what === "removed") entry.removed += 1;
      else entry.added += 1;
      entry.members[customerId] = what;
      return;
    case "rejected":
      entry.refused += 1;
      entry.members[customerId] = `refused: ${outcome.code}`;
      return;
    case "skipped":
      entry.refused += 1;
      entry.members[customerId] = `not sent: ${outcome.reason}`;
      return;
    case "retry":
    case undefined:
      entry.again += 1;
      entry.members[customerId] = `${what === "removed" ? "removal" : "addition"} not answered, sent again`;
  }
}
