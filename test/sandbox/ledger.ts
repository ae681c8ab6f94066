import type { FaultKind } from "./faults.ts";

export interface ConsentEntry {
  account: string;
  email: string | null;
  /** The consent before; null: the person was not known. */
  from: string | null;
  operation: string;
  /** ISO time. */
  at: string;
}

export interface LedgerReport {
  requests: number;
  /** People known before whom a request, not they themselves, moved to subscribed. */
  consentRaised: number;
  /** People who did not exist before and were created as subscribed: to be compared with the shop's consent. */
  createdSubscribed: number;
  /** Requests that would have raised consent and that the vendor's own rules refused. */
  consentRefused: number;
  /** Suppressions, other than consent, that a request lifted. */
  suppressionsLifted: number;
  /** Requests beyond a documented limit; injected 429s are not among them. */
  overLimit: number;
  overLimitShare: number;
  duplicateEffects: number;
  injectedFaults: Partial<Record<FaultKind, number>>;
  /** operation → status → requests; status "none": applied, never answered. */
  byOperation: Record<string, Record<string, number>>;
  entries: {
    consentRaised: ConsentEntry[];
    createdSubscribed: ConsentEntry[];
    duplicateEffects: { account: string; what: string; at: string }[];
  };
}

export interface Ledger {
  request(operation: string, status: number | "none", overLimit?: boolean): void;
  injected(kind: FaultKind): void;
  consentRaised(entry: Omit<ConsentEntry, "at">): void;
  createdSubscribed(entry: Omit<ConsentEntry, "at" | "from">): void;
  consentRefused(): void;
  suppressionLifted(): void;
  duplicateEffect(account: string, what: string): void;
  report(): LedgerReport;
  load(report: LedgerReport): void;
}

/** The sandbox's own books: what was asked of a vendor and what it did to people's consent. */
export function createLedger(now: () => number): Ledger {
  let books = emptyBooks();
  let last = { millis: NaN, text: "" };
  /** Most that is written one after the other is of one moment. */
  const at = (): string => {
    const millis = now();
    if (last.millis !== millis) last = { millis, text: new Date(millis).toISOString() };
    return last.text;
  };
  return {
    request(operation, status, overLimit = false) {
      const byStatus = (books.byOperation[operation] ??= {});
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      books.requests += 1;
      if (overLimit) books.overLimit += 1;
    },
    injected(kind) {
      books.injectedFaults[kind] = (books.injectedFaults[kind] ?? 0) + 1;
    },
    consentRaised(entry) {
      books.entries.consentRaised.push({ ...entry, at: at() });
    },
    createdSubscribed(entry) {
      books.entries.createdSubscribed.push({ ...entry, from: null, at: at() });
    },
    consentRefused() {
      books.consentRefused += 1;
    },
    suppressionLifted() {
      books.suppressionsLifted += 1;
    },
    duplicateEffect(account, what) {
      books.entries.duplicateEffects.push({ account, what, at: at() });
    },
    report: () => ({
      ...structuredClone(books),
      consentRaised: books.entries.consentRaised.length,
      createdSubscribed: books.entries.createdSubscribed.length,
      duplicateEffects: books.entries.duplicateEffects.length,
      overLimitShare: books.requests === 0 ? 0 : books.overLimit / books.requests,
    }),
    load(report) {
      books = structuredClone(report);
    },
  };
}

function emptyBooks(): LedgerReport {
  return {
    requests: 0,
    consentRaised: 0,
    createdSubscribed: 0,
    consentRefused: 0,
    suppressionsLifted: 0,
    overLimit: 0,
    overLimitShare: 0,
    duplicateEffects: 0,
    injectedFaults: {},
    byOperation: {},
    entries: { consentRaised: [], createdSubscribed: [], duplicateEffects: [] },
  };
}
