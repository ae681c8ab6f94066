import type { IncomingMessage } from "node:http";
import { createFaults } from "../faults.ts";
import { createFixedWindows } from "../fixed-window.ts";
import type { FixedWindows, Window, WindowsDump } from "../fixed-window.ts";
import type { Answer, ApiRequest, Handler } from "../http.ts";
import { createLedger } from "../ledger.ts";
import type { Ledger, LedgerReport } from "../ledger.ts";
import { createOAuthDesk } from "../oauth-desk.ts";
import { keepState } from "../state.ts";
import { createHandle } from "../vendor-server.ts";
import type { Controls, Served, VendorApi } from "../vendor-server.ts";
import { dumpAccount, emptyAccount, loadAccount } from "./account.ts";
import type { Account, AccountDump } from "./account.ts";
import { decideText, subscribe, unsubscribe } from "./consent.ts";
import { engage, logDecision } from "./engagement.ts";
import { REVISION, findOperation, readQuery } from "./contract.ts";
import type { Operation } from "./contract.ts";
import { runDueJobs } from "./jobs.ts";
import { runOperation } from "./operations.ts";
import { findByEmail } from "./profiles.ts";
import { Refusal, errorAnswer } from "./refusal.ts";
import type { Problem } from "./refusal.ts";
import type { IdKind, World } from "./world.ts";

export interface KlaviyoOptions {
  /** Private API keys; keys with the same account id share one account. */
  privateKeys: Record<string, { accountId: string }>;
  /** Where the state is kept between runs; absent: in memory. */
  dataFile?: string;
  /** An app that Klaviyo knows. */
  oauth?: { clientId: string; clientSecret: string; accountId: string };
  /** Accounts whose plan has webhooks. */
  webhookAccounts?: readonly string[];
  /** How long an asynchronous job takes, default 300 ms. */
  jobMillis?: number;
  /** Delay of every answer, default 0 ms. */
  latencyMillis?: number;
  now?: () => number;
}

export interface KlaviyoSnapshot {
  lastId: number;
  accounts: AccountDump[];
  windows: WindowsDump;
  ledger: LedgerReport;
}

export interface Klaviyo {
  handle: Handler;
  ledger: Ledger;
  snapshot(): KlaviyoSnapshot;
  restore(snapshot: KlaviyoSnapshot): void;
  close(): void;
}

const MEDIA_TYPE = "application/vnd.api+json";

/** A Klaviyo that keeps what it is told; its README says what it holds and what it refuses. */
export function createKlaviyo(options: KlaviyoOptions): Klaviyo {
  const {
    privateKeys,
    oauth,
    webhookAccounts = [],
    dataFile,
    jobMillis = 300,
    latencyMillis = 0,
    now = Date.now,
  } = options;
  const ledger = createLedger(now);
  const faults = createFaults(ledger.injected);
  const windows = createFixedWindows(now);
  const desk = oauth && createOAuthDesk({ ...oauth, strict: true, now });
  const accountOf = (authorization: string | undefined): string | null => {
    const access = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (access !== undefined) return desk?.accountOf(access) ?? null;
    return privateKeys[privateKey(authorization)]?.accountId ?? null;
  };
  let accounts = new Map<string, Account>();
  let lastId = 0;
  const world: World = { ledger, faults, jobMillis, newId: (kind) => formatId(kind, ++lastId) };

  /** The account with everything done that is due by now. */
  function currentAccount(id: string): Account {
    let account = accounts.get(id);
    if (account === undefined) accounts.set(id, (account = emptyAccount(id)));
    account.hasWebhooks = webhookAccounts.includes(id);
    runDueJobs(account, now(), world);
    return account;
  }
  const currentAccounts = () => [...accounts.keys()].map(currentAccount);

  const snapshot = (): KlaviyoSnapshot => ({
    lastId,
    accounts: [...accounts.values()].map(dumpAccount),
    windows: windows.dump(),
    ledger: ledger.report(),
  });
  const restore = (dump: KlaviyoSnapshot): void => {
    lastId = dump.lastId;
    accounts = new Map(dump.accounts.map((account) => [account.id, loadAccount(account)]));
    windows.load(dump.windows);
    ledger.load(dump.ledger);
  };

  const api: VendorApi = {
    contentType: MEDIA_TYPE,
    errorContentType: MEDIA_TYPE,
    maxBodyBytes: 5_000_000,
    admit: (req) =>
      (req.url?.startsWith("/oauth/") ? null : refuseCaller(req, accountOf, desk !== undefined)) ?? (() => {}),
    operation: (method, path) => findOperation(method, path)?.operation.id ?? "unknown",
    failure: (status) => errorAnswer(FAILURES[status], status === 429 ? { "retry-after": "1" } : {}),
    answer(request) {
      const asked = desk && DESK[`${request.method} ${request.path}`];
      if (desk && asked) return { operation: request.path, answer: desk[asked](request) };
      const account = currentAccount(accountOf(request.headers.authorization) ?? "");
      const found = findOperation(request.method, request.path);
      if (found === null) return { operation: "unknown", answer: errorAnswer(NO_SUCH_ENDPOINT) };
      const { operation, params } = found;
      return withLimits(windows, account.id, operation, request, () => {
        if (!isJsonRequest(request)) return errorAnswer(UNSUPPORTED_MEDIA_TYPE);
        const query = readQuery(operation, request.query);
        return runOperation({ account, operation, params, query, request, at: now(), world });
      });
    },
  };

  const controls: Controls = {
    state: () => ({
      accounts: Object.fromEntries(currentAccounts().map((account) => [account.id, describe(account)])),
    }),
    personDecides(who, decision) {
      const [, byWhatsApp, phone] = /^(whatsapp:)?(\+\d+)$/.exec(who) ?? [];
      const find = (account: Account) =>
        phone === undefined
          ? findByEmail(account, who)
          : (account.profiles.get(account.lookup.phone_number.get(phone) ?? "") ?? null);
      const status = decision === "subscribe" ? "SUBSCRIBED" : "UNSUBSCRIBED";
      const profiles = currentAccounts().map((account) => ({ account, profile: find(account) }));
      let touched = 0;
      for (const { account, profile } of profiles) {
        if (profile === null) continue;
        if (phone !== undefined) decideText(profile, byWhatsApp ? "whatsApp" : "sms", status, now());
        else if (decision === "subscribe") subscribe(account, profile, now(), { by: "person" });
        else unsubscribe(profile, now(), { by: "person" });
        // Which metrics Klaviyo has of WhatsApp is not documented.
        if (!byWhatsApp) logDecision(account, profile, decision, now(), phone === undefined ? "Email" : "SMS");
        touched += 1;
      }
      return touched;
    },
    access: (what) => desk?.[what](),
    renewals: () => desk?.renewals() ?? 0,
    engages(email, engagement, at) {
      let touched = 0;
      for (const account of currentAccounts()) {
        const profile = findByEmail(account, email);
        if (profile === null) continue;
        engage(account, profile, engagement, at);
        touched += 1;
      }
      return touched;
    },
  };

  const state = keepState({ file: dataFile, snapshot, restore });
  return {
    handle: createHandle({ api, controls, ledger, faults, latencyMillis, changed: state.changed }),
    ledger,
    snapshot,
    restore(dump) {
      restore(dump);
      state.changed();
    },
    close: state.close,
  };
}

const DESK: Record<string, "authorize" | "token" | "revoke"> = {
  "GET /oauth/authorize": "authorize",
  "POST /oauth/token": "token",
  "POST /oauth/revoke": "revoke",
};

function refuseCaller(
  req: IncomingMessage,
  accountOf: (authorization: string | undefined) => string | null,
  takesAccess: boolean,
): Served | null {
  const refused = (problem: Problem): Served => ({ operation: "refused", answer: errorAnswer(problem) });
  const { authorization = "" } = req.headers;
  const scheme = takesAccess ? /^(Klaviyo-API-Key|Bearer) \S+$/ : /^Klaviyo-API-Key \S+$/;
  if (!scheme.test(authorization)) return refused(NOT_AUTHENTICATED);
  if (accountOf(authorization) === null) return refused(AUTHENTICATION_FAILED);
  const revision = req.headers["revision"];
  if (revision === undefined || revision === "") return refused(REVISION_MISSING);
  if (revision !== REVISION) return refused(REVISION_GONE);
  return null;
}

function privateKey(authorization: string | undefined): string {
  return /^Klaviyo-API-Key (\S+)$/.exec(authorization ?? "")?.[1] ?? "";
}

function isJsonRequest(request: ApiRequest): boolean {
  if (request.body.length === 0 && request.method === "GET") return true;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return type === MEDIA_TYPE || type === "application/json" || (request.body.length === 0 && type === "");
}

/**
 * Runs a request inside its endpoint's windows, counted per account. An answer carries the state of the minute's window, a
 * 429 only Retry-After. A refused request is not counted against the windows.
 */
function withLimits(
  windows: FixedWindows,
  account: string,
  operation: Operation,
  request: ApiRequest,
  run: () => Answer,
): Served {
  const key = `${account}/${operation.id}`;
  const steady: Window = { key, seconds: 60, limit: operation.limits.steady };
  const all = [steady, ...limitWindows(key, operation.limits).filter(({ seconds }) => seconds !== 60)];
  for (const { parameter, value, limits } of operation.slower) {
    const used = request.query.get(parameter)?.split(",").includes(value);
    if (used) all.push(...limitWindows(`${account}/${parameter}=${value}`, limits));
  }
  const taken = windows.take(all);
  if (taken.outcome === "refused") {
    const wait = taken.retryAfterSeconds;
    const problem = { ...FAILURES[429], detail: `Request was throttled. Expected available in ${wait} seconds.` };
    const answer = errorAnswer(problem, { "retry-after": String(wait) });
    return { operation: operation.id, answer, overLimit: true };
  }
  const answer = answerOrRefusal(run);
  const headers = {
    "ratelimit-limit": String(steady.limit),
    "ratelimit-remaining": String(taken.remaining(steady)),
    "ratelimit-reset": String(taken.resetSeconds(steady)),
  };
  return { operation: operation.id, answer: { ...answer, headers: { ...headers, ...answer.headers } } };
}

function answerOrRefusal(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return errorAnswer(error.problem);
    throw error;
  }
}

function limitWindows(key: string, limits: Operation["limits"]): Window[] {
  const daily = limits.daily === undefined ? [] : [{ key, seconds: 86_400, limit: limits.daily }];
  return [{ key, seconds: 1, limit: limits.burst }, { key, seconds: 60, limit: limits.steady }, ...daily];
}

function formatId(kind: IdKind, number: number): string {
  const digits = number.toString(36).toUpperCase();
  return kind === "list"
    ? `L${digits.padStart(5, "0")}`
    : `${kind === "job" ? "01J" : "01P"}${digits.padStart(23, "0")}`;
}

function describe(account: Account) {
  const emailOf = (id: string) => account.profiles.get(id)?.identifiers.email ?? null;
  return {
    profiles: [...account.profiles.values()].map(({ id, identifiers, consent, sms, whatsApp }) => ({
      id,
      email: identifiers.email,
      consent: consent.status,
      ...(sms && { phone: identifiers.phone_number, sms: sms.status }),
      ...(whatsApp && { reachedAt: identifiers.phone_number, whatsApp: whatsApp.status }),
      suppressions: consent.suppressions.map(({ reason }) => reason),
    })),
    lists: [...account.lists.values()].map(({ id, name, members }) => ({
      id,
      name,
      members: members.list().map((member) => emailOf(member.id)),
    })),
    events: account.events.recorded,
    writtenEvents: account.events.written.map(({ profile, ...event }) => ({ ...event, email: emailOf(profile) })),
    webhooks: account.webhooks.map(({ url }) => url),
  };
}

const NOT_AUTHENTICATED: Problem = {
  status: 401,
  code: "not_authenticated",
  title: "Authentication credentials were not provided.",
  detail: "Missing or invalid authorization scheme. Please use Klaviyo-API-Key.",
};
const AUTHENTICATION_FAILED: Problem = {
  status: 401,
  code: "authentication_failed",
  title: "Incorrect authentication credentials.",
  detail: "Incorrect authentication credentials.",
};
const REVISION_MISSING: Problem = {
  status: 400,
  code: "invalid",
  title: "Invalid input.",
  detail: "The revision header is missing.",
};
const REVISION_GONE: Problem = {
  status: 410,
  code: "gone",
  title: "Gone.",
  detail: `This revision is not available; the sandbox holds ${REVISION}.`,
};
const NO_SUCH_ENDPOINT: Problem = {
  status: 404,
  code: "not_found",
  title: "Not found.",
  detail: "The sandbox has no such endpoint.",
};
const UNSUPPORTED_MEDIA_TYPE: Problem = {
  status: 415,
  code: "unsupported_media_type",
  title: "Unsupported media type.",
  detail: `The content type must be ${MEDIA_TYPE}.`,
};
const FAILURES: Record<401 | 413 | 429 | 500, Problem> = {
  401: AUTHENTICATION_FAILED,
  413: {
    status: 413,
    code: "payload_too_large",
    title: "Payload too large.",
    detail: "The payload is larger than 5 MB.",
  },
  429: {
    status: 429,
    code: "throttled",
    title: "Request was throttled.",
    detail: "Request was throttled. Expected available in 1 second.",
  },
  500: { status: 500, code: "error", title: "A server error occurred.", detail: "A server error occurred." },
};
