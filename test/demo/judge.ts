import type { FaultKind } from "../sandbox/faults.ts";
import type { LedgerReport } from "../sandbox/ledger.ts";

/** One audience as three sides have it: the segment with its consents, the vendor, and the app's books. */
export interface AudienceEvidence {
  /** As in "klaviyo Loyal". */
  name: string;
  /** Addresses of the segment's members who subscribed, from the memberships and profiles alone. */
  wanted: readonly string[];
  /** Addresses in the vendor's list. */
  held: readonly string[];
  members: number;
  acked: number;
  exceptions: Readonly<Record<string, number>>;
  /** Rows that still wait to be sent. */
  due: number;
  /** Whom the vendor will not have, as the app's books give its code and words. */
  rejected: readonly { customerId: string; rejection: string }[];
}

export interface Evidence {
  /** The vendors' own. */
  books: Readonly<Record<"klaviyo" | "mailchimp", LedgerReport>>;
  audiences: readonly AudienceEvidence[];
  /** Addresses of customers whom the store ever told of as subscribed. */
  everSubscribed: ReadonlySet<string>;
  /** Entries and exits: how many the app says Klaviyo has, and the names of those it recorded. */
  events: { sent: number; recorded: readonly (string | null)[] };
  /** Addresses that a vendor holds as subscribed, though the shop's consent is another. */
  mailedAgainstConsent: readonly string[];
}

export type Verdicts = Record<
  "limits" | "consent" | "unsubscribes" | "twice" | "events" | "audiences" | "outcomes" | "faults",
  { ok: boolean; words: string }
>;

const MOST_OVER_LIMIT = 0.01;
const FAULTS: readonly FaultKind[] = [
  "rate429",
  "wrongRetryAfter",
  "rate500",
  "timeoutAfterApply",
  "badBody",
  "truncated",
  "partial",
];

/** What has to hold after a run under faults. Words name counts and audiences, never an address. */
export function judge({ books, audiences, everSubscribed, mailedAgainstConsent, events }: Evidence): Verdicts {
  const all = Object.entries(books);
  const sum = (of: (report: LedgerReport) => number): number =>
    all.reduce((total, [, report]) => total + of(report), 0);
  const over = all.filter(([, { overLimitShare }]) => overLimitShare > MOST_OVER_LIMIT);
  const raised = sum(
    ({ consentRaised, consentRefused, suppressionsLifted }) => consentRaised + consentRefused + suppressionsLifted,
  );
  const created = all.flatMap(([, { entries }]) => entries.createdSubscribed);
  const unproven = created.filter(({ email }) => email === null || !everSubscribed.has(email.toLowerCase()));
  const twice = sum(({ duplicateEffects }) => duplicateEffects);
  const unequal = audiences.filter(({ wanted, held }) => !sameAddresses(wanted, held));
  const unknown = audiences.filter((audience) => !isAccountedFor(audience));
  const absent = FAULTS.filter((kind) => sum(({ injectedFaults }) => injectedFaults[kind] ?? 0) === 0);
  return {
    limits: {
      ok: over.length === 0,
      words: all
        .map(([name, { overLimit, requests }]) => `${name}: ${overLimit} of ${requests} requests over a limit`)
        .join(", "),
    },
    consent: {
      ok: raised + unproven.length === 0,
      words: `${raised} raised or tried to, ${unproven.length} of ${created.length} created as subscribed without having subscribed`,
    },
    unsubscribes: {
      ok: mailedAgainstConsent.length === 0,
      words: `${mailedAgainstConsent.length} subscribed against the shop's consent`,
    },
    twice: { ok: twice === 0, words: `${twice} effects came twice` },
    events: {
      ok: events.sent > 0 && events.sent === events.recorded.length && new Set(events.recorded).size === events.sent,
      words: `${events.recorded.length} entries and exits recorded, ${events.sent} sent`,
    },
    audiences: {
      ok: audiences.length > 0 && unequal.length === 0,
      words: named(audiences, unequal, "equal to their segment") + whoWasRejected(audiences),
    },
    outcomes: {
      ok: audiences.length > 0 && unknown.length === 0,
      words: named(audiences, unknown, "with every member's outcome known"),
    },
    faults: {
      ok: absent.length === 0,
      words: absent.length === 0 ? "each kind was injected" : `never injected: ${absent.join(", ")}`,
    },
  };
}

/** Whether it was rightly so is for whoever reads the vendor's words. */
function whoWasRejected(audiences: readonly AudienceEvidence[]): string {
  return audiences
    .flatMap(({ name, rejected }) => rejected.map((one) => `; ${name} rejected ${one.customerId}: ${one.rejection}`))
    .join("");
}

function sameAddresses(wanted: readonly string[], held: readonly string[]): boolean {
  const there = new Set(held);
  return new Set(wanted).size === there.size && held.length === there.size && wanted.every((email) => there.has(email));
}

/** In the audience, or an exception with a name that is not merely "later". */
function isAccountedFor({ members, acked, exceptions, due }: AudienceEvidence): boolean {
  const excepted = Object.values(exceptions).reduce((total, count) => total + count, 0);
  return due === 0 && (exceptions["pending"] ?? 0) === 0 && members === acked + excepted;
}

function named(all: readonly AudienceEvidence[], bad: readonly AudienceEvidence[], what: string): string {
  const failing = bad.length === 0 ? "" : `; not ${bad.map(({ name }) => name).join(", ")}`;
  return `${all.length - bad.length} of ${all.length} ${what}${failing}`;
}
