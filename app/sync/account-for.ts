import { targetOf } from "./difference.ts";
import { named } from "./exceptions.ts";
import type { Exceptions } from "./exceptions.ts";
import type { Correction, MemberState } from "./sync-store.server.ts";

export interface ReconcileReport {
  /** People in the segment. */
  members: number;
  /** Addresses in the audience, as read. */
  audience: number;
  /** Why members are not in the audience, by name. When `equal`, members = audience + all exceptions. */
  exceptions: Exceptions;
  /** The rejected ones by the destination's code. */
  rejections: Record<string, number>;
  /** The audience holds exactly the addresses it should. */
  equal: boolean;
  /** Members who should be in the audience, are not, and are not waiting to be sent. */
  missing: number;
  /** Addresses in the audience that should not be, those waiting to be removed included. */
  extra: number;
  /** Of these, the ones nobody here has anything to do with: put in by someone else. */
  strangers: number;
  /** Differences that were made to be sent again or were removed. */
  repaired: number;
}

export interface Stranger {
  email: string;
  remoteId: string;
}

export interface Account {
  report: ReconcileReport;
  corrections: Correction[];
  strangers: Stranger[];
}

/**
 * Accounts for every difference between what an audience should hold and what was read there.
 * @param remote the vendor's ids by address, in lower case.
 */
export async function accountFor(
  rows: AsyncIterable<MemberState> | Iterable<MemberState>,
  remote: ReadonlyMap<string, string>,
): Promise<Account> {
  const exceptions = { no_consent: 0, no_email: 0, rejected: 0, pending: 0, same_address: 0 };
  const rejections: Record<string, number> = {};
  const desired = new Set<string>();
  const ours = new Set<string>();
  const missing: Correction[] = [];
  const surplus: Correction[] = [];
  let members = 0;

  for await (const row of rows) {
    const target = targetOf(row);
    const present = [row.ackedEmail, row.email].find((address) => address !== null && remote.has(address)) ?? null;
    for (const address of [row.email, row.ackedEmail]) if (address !== null) ours.add(address);
    if (row.member) members += 1;
    if (row.exception !== null) exceptions[row.exception] += 1;
    if (row.email !== null && row.rejection !== null) {
      const code = row.rejection.split(":", 1)[0] ?? row.rejection;
      exceptions.rejected += 1;
      rejections[code] = (rejections[code] ?? 0) + 1;
    }
    if (target !== null && desired.has(target)) exceptions.same_address += 1;
    else if (target !== null && row.due && !remote.has(target)) exceptions.pending += 1;
    if (target !== null) desired.add(target);
    // A row that is due is about to be put right anyway.
    if (row.due) continue;
    if (target !== null && !remote.has(target)) missing.push(correction(row, target, remote));
    if (target === null && present !== null) surplus.push(correction(row, present, remote));
  }

  const extras = [...remote].filter(([email]) => !desired.has(email));
  const strangers = extras.filter(([email]) => !ours.has(email)).map(([email, remoteId]) => ({ email, remoteId }));
  return {
    report: {
      members,
      audience: remote.size,
      exceptions: named(exceptions),
      rejections,
      equal: extras.length === 0 && desired.size === remote.size,
      missing: missing.length,
      extra: extras.length,
      strangers: strangers.length,
      repaired: 0,
    },
    corrections: [...missing, ...surplus.filter((each) => !desired.has(each.ackedEmail))],
    strangers,
  };
}

function correction(
  { customerId, revision }: MemberState,
  ackedEmail: string,
  remote: ReadonlyMap<string, string>,
): Correction {
  return { customerId, revision, ackedEmail, remoteId: remote.get(ackedEmail) ?? null };
}
