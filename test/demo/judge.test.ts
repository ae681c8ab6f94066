import { expect, test } from "vitest";
import { createLedger, type Ledger } from "../sandbox/ledger.ts";
import { type AudienceEvidence, judge, type Verdicts } from "./judge.ts";

const AUDIENCE: AudienceEvidence = {
  name: "klaviyo Loyal",
  wanted: ["ada@example.com", "bo@example.com"],
  held: ["bo@example.com", "ada@example.com"],
  members: 3,
  acked: 2,
  exceptions: { no_consent: 1 },
  due: 0,
  rejected: [],
};
const ALL_FAULTS = [
  "rate429",
  "wrongRetryAfter",
  "rate500",
  "timeoutAfterApply",
  "badBody",
  "truncated",
  "partial",
] as const;
const entry = { account: "sandbox", email: "ada@example.com", operation: "batch" };

interface Case {
  klaviyo?: (books: Ledger) => void;
  audiences?: AudienceEvidence[];
  mailedAgainstConsent?: string[];
  events?: { sent: number; recorded: string[] };
  faults?: readonly (typeof ALL_FAULTS)[number][];
  fails: (keyof Verdicts)[];
}

/** A run in order, and with one thing wrong each. */
const CASES: Record<string, Case> = {
  "all in order": { fails: [] },
  "one request in a hundred over a limit": { klaviyo: requests(99, 1), fails: [] },
  "two requests in a hundred over a limit": { klaviyo: requests(98, 2), fails: ["limits"] },
  "somebody was subscribed": {
    klaviyo: (books) => books.consentRaised({ ...entry, from: "NEVER" }),
    fails: ["consent"],
  },
  "somebody would have been subscribed": { klaviyo: (books) => books.consentRefused(), fails: ["consent"] },
  "a suppression was lifted": { klaviyo: (books) => books.suppressionLifted(), fails: ["consent"] },
  "somebody who subscribed was created so": { klaviyo: (books) => books.createdSubscribed(entry), fails: [] },
  "somebody who never did was created as subscribed": {
    klaviyo: (books) => books.createdSubscribed({ ...entry, email: "eve@example.com" }),
    fails: ["consent"],
  },
  "an unsubscribe did not arrive": { mailedAgainstConsent: ["ada@example.com"], fails: ["unsubscribes"] },
  "an event came twice": { klaviyo: (books) => books.duplicateEffect("sandbox", "event"), fails: ["twice"] },
  "an event is lost": { events: { sent: 2, recorded: ["one"] }, fails: ["events"] },
  "an event is recorded twice": { events: { sent: 2, recorded: ["one", "one"] }, fails: ["events"] },
  "somebody is missing from a list": { audiences: [{ ...AUDIENCE, held: ["bo@example.com"] }], fails: ["audiences"] },
  "somebody else is on a list": {
    audiences: [{ ...AUDIENCE, held: ["bo@example.com", "eve@example.com"] }],
    fails: ["audiences"],
  },
  "a list is there twice": {
    audiences: [{ ...AUDIENCE, held: [...AUDIENCE.held, ...AUDIENCE.held] }],
    fails: ["audiences"],
  },
  "there is no audience": { audiences: [], fails: ["audiences", "outcomes"] },
  "somebody waits to be sent": { audiences: [{ ...AUDIENCE, due: 1 }], fails: ["outcomes"] },
  "what became of somebody is not known": { audiences: [{ ...AUDIENCE, members: 4 }], fails: ["outcomes"] },
  "somebody is excepted for being late": {
    audiences: [{ ...AUDIENCE, exceptions: { pending: 1 } }],
    fails: ["outcomes"],
  },
  "a fault never came": { faults: ALL_FAULTS.slice(1), fails: ["faults"] },
};

test.each(Object.keys(CASES))("%s", (name) => {
  const {
    klaviyo,
    audiences = [AUDIENCE],
    mailedAgainstConsent = [],
    faults = ALL_FAULTS,
    events = { sent: 1, recorded: ["one"] },
    fails,
  } = CASES[name] ?? { fails: [] };
  const books = { klaviyo: createLedger(Date.now), mailchimp: createLedger(Date.now) };
  klaviyo?.(books.klaviyo);
  for (const kind of faults) books.mailchimp.injected(kind);
  const verdicts = judge({
    books: { klaviyo: books.klaviyo.report(), mailchimp: books.mailchimp.report() },
    audiences,
    everSubscribed: new Set(["ada@example.com", "bo@example.com"]),
    mailedAgainstConsent,
    events,
  });
  expect(Object.entries(verdicts).flatMap(([verdict, { ok }]) => (ok ? [] : [verdict]))).toEqual(fails);
});

test("whoever was rejected is named with the vendor's words, so that a verdict explains itself", () => {
  const rejected = [{ customerId: "7", rejection: "invalid: Invalid email address" }];
  const { audiences } = judge({
    books: { klaviyo: createLedger(Date.now).report(), mailchimp: createLedger(Date.now).report() },
    audiences: [
      { ...AUDIENCE, held: ["bo@example.com"], exceptions: { no_consent: 1, rejected: 1 }, acked: 1, rejected },
    ],
    everSubscribed: new Set(),
    mailedAgainstConsent: [],
    events: { sent: 0, recorded: [] },
  });
  expect(audiences.words).toBe(
    "0 of 1 equal to their segment; not klaviyo Loyal; klaviyo Loyal rejected 7: invalid: Invalid email address",
  );
});

function requests(fine: number, over: number): (books: Ledger) => void {
  return (books) => {
    for (let at = 0; at < fine; at += 1) books.request("get", 200);
    for (let at = 0; at < over; at += 1) books.request("get", 429, true);
  };
}
