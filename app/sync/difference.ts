import type { AudienceChange, MemberOutcome, Traits } from "./destination.ts";

/** One person in one audience: what is wanted and what was last acknowledged. */
export interface MemberRow {
  customerId: string;
  /** In the segment, whether or not allowed into the audience. */
  member: boolean;
  /** The address that is to be in the audience, in lower case; null: this person is not to be in it. */
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  /** The profile's consent at the moment of reading; null without a profile. */
  consent: string | null;
  /** Since when, of a subscription; null: not known. */
  consentedAt: Date | null;
  /** Whether that consent lets this person into this audience, or would if they were in the segment. */
  allowed: boolean;
  /** What goes along beside the names, by the field at the vendor; null: nothing does. */
  traits: Traits | null;
  /**
   * The address that is, or may be, in the audience. It is written before an addition is sent and cleared only after a
   * removal was acknowledged, so that an answer that got lost can never leave someone behind.
   */
  ackedEmail: string | null;
  /** The vendor's id of the profile behind the last acknowledged address. */
  remoteId: string | null;
  /** Why the vendor will not have this address, as `code: words`. */
  rejection: string | null;
  /** Rises whenever what is wanted changes. */
  revision: number;
  attempts: number;
  /** How often the vendor named this person in words that may be trouble of its own: outages do not count here. */
  doubts: number;
}

/** What to do about the rows that are due, each in exactly one of the lists. */
export interface Difference {
  removals: (MemberRow & { ackedEmail: string })[];
  additions: (MemberRow & { email: string })[];
  /** Nothing to send: in order as they are, or their address now belongs to another member of the audience. */
  settled: MemberRow[];
  /** Wanted, but consent was withdrawn since that was computed: to be computed anew before anything is sent. */
  outdated: MemberRow[];
}

/** What the row becomes. Only `ackedEmail` and `remoteId` hold if the row's revision changed meanwhile. */
export interface RowChange {
  customerId: string;
  revision: number;
  ackedEmail: string | null;
  remoteId: string | null;
  rejection: string | null;
  attempts: number;
  doubts: number;
  /** Null: settled. */
  dueAt: Date | null;
}

/**
 * What to send for rows that are due. A row is removed or added, never both in one pass: a changed address leaves first
 * and comes in under the new one in the next, so the two cannot overtake each other.
 * @param keptElsewhere of the addresses that rows are to give up, those that another row of the audience holds and keeps.
 */
export function difference(rows: readonly MemberRow[], keptElsewhere: ReadonlySet<string>): Difference {
  const plan: Difference = { removals: [], additions: [], settled: [], outdated: [] };
  for (const row of rows) {
    const { ackedEmail } = row;
    const email = targetOf(row);
    if (email !== null && !row.allowed) plan.outdated.push(row);
    else if (ackedEmail === email && email === null) plan.settled.push(row);
    else if (email !== null && (ackedEmail === null || ackedEmail === email)) plan.additions.push({ ...row, email });
    else if (ackedEmail === null || keptElsewhere.has(ackedEmail)) plan.settled.push(row);
    else plan.removals.push({ ...row, ackedEmail });
  }
  return plan;
}

/**
 * Someone who withdrew consent or was erased outranks whoever merely left the segment; whoever is new, those whose data changed.
 * @param firstLoad the audience has never been settled
 */
export function urgencyOf({ removals, additions }: Difference, firstLoad: boolean): AudienceChange["urgency"] {
  const withdrawn = removals.some(({ consent, allowed }) => consent === null || !allowed);
  const fresh = additions.some(({ ackedEmail }) => ackedEmail === null);
  return {
    removals: withdrawn ? "unsubscribe" : "removal",
    additions: firstLoad ? "back-fill" : fresh ? "addition" : "update",
  };
}

/** Merely left the segment: the guard may hold these up, and nobody else. */
export function isGuarded({ member, consent, allowed }: MemberRow): boolean {
  return !member && consent !== null && allowed;
}

/** The addresses that rows are to give up. */
export function givenUp(rows: readonly MemberRow[]): string[] {
  return rows.flatMap((row) => (row.ackedEmail === null || row.ackedEmail === targetOf(row) ? [] : [row.ackedEmail]));
}

/** The address that has to be in the audience for the row to be settled. */
export function targetOf(row: Pick<MemberRow, "email" | "rejection">): string | null {
  return row.rejection === null ? row.email : null;
}

export interface Moment {
  now: Date;
  /** 0 to 1, for jitter. */
  random: number;
}

/** A row that needed no call: what it held under another address is not ours to remove any more. */
export function afterSettling(row: MemberRow, { now }: Moment): RowChange {
  return { ...unchanged(row), ackedEmail: null, attempts: 0, doubts: 0, dueAt: targetOf(row) === null ? null : now };
}

export function afterRemoval(row: MemberRow, outcome: MemberOutcome, moment: Moment): RowChange {
  if (outcome.outcome === "done") return afterSettling(row, moment);
  // A removal is never given up: someone who left, or withdrew consent, is still in there.
  const retry = outcome.outcome === "retry" ? outcome : { afterMs: null, countsAsAttempt: true };
  return { ...unchanged(row), ...backOff(row, retry, moment) };
}

export function afterAddition(row: MemberRow & { email: string }, outcome: MemberOutcome, moment: Moment): RowChange {
  switch (outcome.outcome) {
    case "done":
      return {
        ...unchanged(row),
        ackedEmail: row.email,
        remoteId: outcome.remoteId ?? null,
        attempts: 0,
        doubts: 0,
        dueAt: null,
      };
    case "retry":
      if (outcome.orReject && row.doubts >= MOST_DOUBTS) return afterRejection(row, say(outcome.orReject), moment);
      return {
        ...unchanged(row),
        ackedEmail: row.email,
        remoteId: row.ackedEmail === null ? null : row.remoteId,
        ...backOff(row, outcome, moment),
        doubts: outcome.orReject ? row.doubts + 1 : row.doubts,
      };
    case "skipped":
      return afterRejection(row, outcome.reason, moment);
    case "rejected":
      return afterRejection(row, say(outcome), moment);
  }
}

/** With the back-off between them about a quarter of an hour, so that trouble of some minutes costs nobody their place. */
const MOST_DOUBTS = 10;

function say({ code, words }: { code: string; words: string }): string {
  return words === "" ? code : `${code}: ${words}`;
}

/** If an earlier addition may have gone through unanswered, its address is taken out again. */
function afterRejection(row: MemberRow, rejection: string, { now }: Moment): RowChange {
  return { ...unchanged(row), rejection, attempts: 0, doubts: 0, dueAt: row.ackedEmail === null ? null : now };
}

function unchanged({ customerId, revision, ackedEmail, remoteId, rejection, attempts, doubts }: MemberRow) {
  return { customerId, revision, ackedEmail, remoteId, rejection, attempts, doubts };
}

/** A row that was taken and of which nothing was sent. */
export function asRead(row: MemberRow, dueAt: Date): RowChange {
  return { ...unchanged(row), dueAt };
}

const FIRST_BACK_OFF_MS = 2_000;
const LONGEST_BACK_OFF_MS = 600_000;

function backOff(
  { attempts }: MemberRow,
  { afterMs, countsAsAttempt }: { afterMs: number | null; countsAsAttempt: boolean },
  { now, random }: Moment,
): { attempts: number; dueAt: Date } {
  const exponential = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** attempts);
  const wait = afterMs ?? exponential * (0.5 + random / 2);
  return { attempts: countsAsAttempt ? attempts + 1 : attempts, dueAt: new Date(now.getTime() + wait) };
}
