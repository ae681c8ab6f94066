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
  /** By customer id: why a member is not in the audience, or that somebody is in it who should not be. So many of each reason. */
  unlike: Map<string, string>;
  corrections: Correction[];
  strangers: Stranger[];
}

/** More of one reason are counted and not named: the report is kept for months. */
export const MOST_NAMED = 5_000;

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
  const stillIn: [MemberState, address: string][] = [];
  let members = 0;
  const unlike = new Map<string, string>();
  const counts = new Map<string, number>();
  const name = ({ customerId }: MemberState, reason: string, words = ""): void => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    if (count <= MOST_NAMED) unlike.set(customerId, words === "" ? reason : `${reason} ${words}`);
  };

  for await (const row of rows) {
    const target = targetOf(row);
    const present = [row.ackedEmail, row.email].find((address) => address !== null && remote.has(address)) ?? null;
    for (const address of [row.email, row.ackedEmail]) if (address !== null) ours.add(address);
    if (row.member) members += 1;
    if (row.exception !== null) {
      exceptions[row.exception] += 1;
      name(row, row.exception);
    }
    if (row.email !== null && row.rejection !== null) {
      const code = row.rejection.split(":", 1)[0] ?? row.rejection;
      exceptions.rejected += 1;
      rejections[code] = (rejections[code] ?? 0) + 1;
      name(row, "rejected", row.rejection);
    }
    if (target !== null && desired.has(target)) {
      exceptions.same_address += 1;
      name(row, "same_address");
    } else if (target !== null && row.due && !remote.has(target)) {
      exceptions.pending += 1;
      name(row, "pending");
    }
    if (target !== null) desired.add(target);
    if (target === null && present !== null) stillIn.push([row, present]);
    // A row that is due is about to be put right anyway.
    if (row.due) continue;
    if (target !== null && !remote.has(target)) {
      missing.push(correction(row, target, remote));
      name(row, "missing");
    }
    if (target === null && present !== null) surplus.push(correction(row, present, remote));
  }
  for (const [row, address] of stillIn) if (!desired.has(address)) name(row, "still_in", row.exception ?? "");

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
    unlike,
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
