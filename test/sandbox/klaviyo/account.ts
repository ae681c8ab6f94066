import { OrderedSet } from "../ordered-set.ts";
import type { Webhook } from "./webhooks.ts";

export type ConsentStatus = "NEVER_SUBSCRIBED" | "SUBSCRIBED" | "UNSUBSCRIBED";
export type SuppressionReason = "HARD_BOUNCE" | "INVALID_EMAIL" | "SPAM_COMPLAINT" | "UNSUBSCRIBE" | "USER_SUPPRESSED";

export interface Consent {
  status: ConsentStatus;
  at: number | null;
  method: string | null;
  suppressions: { reason: SuppressionReason; at: number }[];
  listSuppressions: { list: string; at: number }[];
}

export const TEXT_FIELDS = ["first_name", "last_name", "organization", "locale", "image"] as const;
export const IDENTIFIERS = ["email", "phone_number", "external_id"] as const;
export type Identifier = (typeof IDENTIFIERS)[number];

interface TextConsent {
  status: "SUBSCRIBED" | "UNSUBSCRIBED";
  at: number;
}

/** Times are ms since 1970. */
export interface Profile {
  id: string;
  identifiers: Record<Identifier, string | null>;
  texts: Partial<Record<(typeof TEXT_FIELDS)[number], string>>;
  location: Record<string, unknown> | null;
  properties: Record<string, unknown>;
  created: number;
  updated: number;
  lastEvent: number | null;
  consent: Consent;
  /** Consent to text messages; absent: never asked. */
  sms?: TextConsent;
  /** The same of WhatsApp. */
  whatsApp?: TextConsent;
}

export interface List {
  id: string;
  /** Rises with every list created; a cursor is the position of the last list seen. */
  position: number;
  name: string;
  optIn: "single_opt_in" | "double_opt_in";
  created: number;
  updated: number;
  members: OrderedSet;
}

export interface RowError {
  position: number;
  id: string;
  code: string;
  title: string;
  detail: string;
  pointer: string;
  payload: unknown;
}

export type JobKind = "import" | "subscribe" | "unsubscribe" | "suppress" | "unsuppress";

export interface Job {
  id: string;
  kind: JobKind;
  created: number;
  /** The rows as they were sent; emptied when the job has run. */
  rows: unknown[];
  total: number;
  lists: string[];
  historical: boolean;
  completed: number | null;
  profiles: OrderedSet;
  errors: RowError[];
  skipped: number;
}

export interface Account {
  id: string;
  profiles: Map<string, Profile>;
  order: OrderedSet;
  lookup: Record<Identifier, Map<string, string>>;
  lists: Map<string, List>;
  jobs: Map<string, Job>;
  /** Jobs not yet run, oldest first. */
  queue: Job[];
  events: EventBook;
  /** A part of its plan. */
  hasWebhooks: boolean;
  webhooks: Webhook[];
}

/** An event that `GET /api/events` shows: what people do with mails. */
export interface LoggedEvent {
  id: string;
  position: number;
  metric: string;
  profile: string;
  at: number;
  properties: Record<string, unknown>;
}

/** An event that somebody else recorded. */
export interface WrittenEvent {
  metric: string;
  profile: string;
  uniqueId: string | null;
  time: string | null;
  backfill: boolean;
}

export interface EventBook {
  recorded: number;
  written: WrittenEvent[];
  log: LoggedEvent[];
  /** profile, metric and unique id (or second): what Klaviyo itself de-duplicates by. */
  keys: Set<string>;
  /** metric and unique id → the profile it was recorded for. */
  owners: Map<string, string>;
  /** Hashes of profile, metric, content and time. */
  contents: Set<string>;
}

type Dumped<T> = Omit<T, "members" | "profiles"> & { entries: [string, number][] };

export interface AccountDump {
  id: string;
  profiles: Profile[];
  lists: Dumped<List>[];
  jobs: Dumped<Job>[];
  hasWebhooks?: boolean;
  webhooks?: Webhook[];
  events: {
    recorded: number;
    written?: WrittenEvent[];
    log?: LoggedEvent[];
    keys: string[];
    owners: [string, string][];
    contents: string[];
  };
}

export function emptyAccount(id: string): Account {
  return {
    id,
    profiles: new Map(),
    order: new OrderedSet(),
    lookup: { email: new Map(), phone_number: new Map(), external_id: new Map() },
    lists: new Map(),
    jobs: new Map(),
    queue: [],
    events: { recorded: 0, written: [], log: [], keys: new Set(), owners: new Map(), contents: new Set() },
    hasWebhooks: false,
    webhooks: [],
  };
}

export function dumpAccount(account: Account): AccountDump {
  const { recorded, written, log, keys, owners, contents } = account.events;
  return {
    id: account.id,
    profiles: account.order.list().flatMap(({ id }) => account.profiles.get(id) ?? []),
    lists: [...account.lists.values()].map(({ members, ...list }) => ({ ...list, entries: members.dump() })),
    jobs: [...account.jobs.values()].map(({ profiles, ...job }) => ({ ...job, entries: profiles.dump() })),
    hasWebhooks: account.hasWebhooks,
    webhooks: account.webhooks,
    events: { recorded, written, log, keys: [...keys], owners: [...owners], contents: [...contents] },
  };
}

export function loadAccount(dump: AccountDump): Account {
  const account = emptyAccount(dump.id);
  for (const profile of dump.profiles) {
    account.profiles.set(profile.id, profile);
    account.order.add(profile.id, profile.created);
    for (const kind of IDENTIFIERS) {
      const value = profile.identifiers[kind];
      if (value !== null) account.lookup[kind].set(value, profile.id);
    }
  }
  for (const { entries, ...list } of dump.lists) {
    account.lists.set(list.id, { ...list, members: OrderedSet.load(entries) });
  }
  for (const { entries, ...dumped } of dump.jobs) {
    const job = { ...dumped, profiles: OrderedSet.load(entries) };
    account.jobs.set(job.id, job);
    if (job.completed === null) account.queue.push(job);
  }
  account.hasWebhooks = dump.hasWebhooks ?? false;
  account.webhooks = dump.webhooks ?? [];
  const { recorded, written = [], log = [], keys, owners, contents } = dump.events;
  account.events = {
    recorded,
    written,
    log,
    keys: new Set(keys),
    owners: new Map(owners),
    contents: new Set(contents),
  };
  return account;
}
