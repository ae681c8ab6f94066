import type { IncomingMessage } from "node:http";
import { createHash } from "node:crypto";
import { createFaults } from "../faults.ts";
import type { Answer, ApiRequest, Handler } from "../http.ts";
import { createLedger } from "../ledger.ts";
import type { Ledger, LedgerReport } from "../ledger.ts";
import { createOAuthDesk, type OAuthDesk } from "../oauth-desk.ts";
import { keepState } from "../state.ts";
import { createHandle } from "../vendor-server.ts";
import type { Controls, Served, VendorApi } from "../vendor-server.ts";
import { dumpAudience, emptyAudience, loadAudience } from "./audience.ts";
import type { Audience, AudienceDump } from "./audience.ts";
import { isResultsPath, runDueBatches, serveResults } from "./batches.ts";
import type { Batch, Batches } from "./batches.ts";
import type { World } from "./call.ts";
import { memberId, moveMember, personDecides } from "./members.ts";
import { engage } from "./report-operations.ts";
import { operationName, runOperation } from "./operations.ts";
import { Problem, problemAnswer } from "./problem.ts";
import { tell } from "./webhooks.ts";

export interface MailchimpOptions {
  /** API keys, or OAuth tokens; keys with the same account id share one account. */
  apiKeys: Record<string, { accountId: string }>;
  /** An app that Mailchimp knows. */
  oauth?: { clientId: string; clientSecret: string; accountId: string };
  /** Audiences that are there from the start; without an account id, in the first key's account. */
  audiences?: { id: string; name: string; accountId?: string }[];
  /** Where the state is kept between runs; absent: in memory. */
  dataFile?: string;
  /** Delay of every answer, default 5 ms: without one, no two requests of a test would ever overlap. */
  latencyMillis?: number;
  now?: () => number;
}

export interface MailchimpSnapshot {
  lastId: number;
  accounts: { id: string; audiences: AudienceDump[] }[];
  batches?: Batch[];
  ledger: LedgerReport;
}

export interface Mailchimp {
  handle: Handler;
  ledger: Ledger;
  snapshot(): MailchimpSnapshot;
  restore(snapshot: MailchimpSnapshot): void;
  close(): void;
}

const MAX_SIMULTANEOUS = 10;

/** A Mailchimp that keeps what it is told; its README says what it holds and what it refuses. */
export function createMailchimp(options: MailchimpOptions): Mailchimp {
  const { apiKeys, oauth, dataFile, latencyMillis = 5, now = Date.now } = options;
  const ledger = createLedger(now);
  const faults = createFaults(ledger.injected);
  const open = new Map<string, number>();
  const desk = oauth && createOAuthDesk({ ...oauth, strict: false, now });
  const accountOf = (key: string): string | null =>
    (Object.hasOwn(apiKeys, key) ? apiKeys[key]?.accountId : desk?.accountOf(key)) ?? null;
  let lastId = 0;
  let accounts = firstAudiences(options, now());
  let batches: Batches = new Map();

  const snapshot = (): MailchimpSnapshot => ({
    lastId,
    accounts: [...accounts].map(([id, audiences]) => ({ id, audiences: [...audiences.values()].map(dumpAudience) })),
    batches: [...batches.values()],
    ledger: ledger.report(),
  });
  const restore = (dump: MailchimpSnapshot): void => {
    lastId = dump.lastId;
    accounts = new Map(
      dump.accounts.map(({ id, audiences }) => [id, new Map(audiences.map((each) => [each.id, loadAudience(each)]))]),
    );
    batches = new Map((dump.batches ?? []).map((batch) => [batch.id, batch]));
    ledger.load(dump.ledger);
  };

  /** At most ten requests of a key at a time, from its headers to its answer's end. */
  function admit(req: IncomingMessage): Served | (() => void) {
    if (req.url?.startsWith("/oauth2/") || isResultsPath(req.url ?? "")) return () => {};
    const key = credential(req.headers.authorization);
    const refused = (problem: Problem) => ({ operation: "refused", answer: problemAnswer(problem) });
    if (key === "") return refused(API_KEY_MISSING);
    if (accountOf(key) === null) return refused(API_KEY_INVALID);
    const count = open.get(key) ?? 0;
    if (count >= MAX_SIMULTANEOUS) return { ...refused(FAILURES[429]), overLimit: true };
    open.set(key, count + 1);
    return () => open.set(key, (open.get(key) ?? 1) - 1);
  }

  const api: VendorApi = {
    contentType: "application/json; charset=utf-8",
    errorContentType: "application/problem+json; charset=utf-8",
    maxBodyBytes: 20_000_000,
    admit,
    operation: (method, path) => (isResultsPath(path) ? "batchResults" : operationName(method, path)),
    failure: (status) => problemAnswer(FAILURES[status]),
    async answer(request) {
      if (desk && request.path.startsWith("/oauth2/"))
        return { operation: request.path, answer: answerOAuth(desk, request) };
      runBatches();
      if (isResultsPath(request.path))
        return { operation: "batchResults", answer: serveResults(batches, request, now()) };
      const world = worldOf(accountOf(credential(request.headers.authorization)) ?? "");
      const operation = operationName(request.method, request.path);
      try {
        return { operation, answer: await runOperation(world, request) };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return { operation, answer: problemAnswer(error), overLimit: error.status === 429 };
      }
    },
  };

  function worldOf(account: string): World {
    let audiences = accounts.get(account);
    if (audiences === undefined) accounts.set(account, (audiences = new Map()));
    return {
      account,
      audiences,
      batches,
      ledger,
      faults,
      newAudienceId: () => audienceId(++lastId),
      newSegmentId: () => ++lastId,
      at: now(),
    };
  }

  /** What its operations do to consent, and twice, is in the books as if each were a call of its own. */
  function runBatches(): void {
    runDueBatches(batches, now(), faults, (account, request) => {
      try {
        const answer = runOperation(worldOf(account), { ...request, origin: "" });
        if (answer instanceof Promise) throw new Error("the sandbox does not do this in a batch");
        return answer;
      } catch (error) {
        if (error instanceof Problem) return problemAnswer(error);
        throw error;
      }
    });
  }

  const membersWith = (email: string) =>
    [...accounts.values()].flatMap((audiences) =>
      [...audiences.values()].flatMap((audience) => {
        const member = audience.members.get(memberId(email));
        return member ? [{ audience, member }] : [];
      }),
    );

  const controls: Controls = {
    state() {
      runBatches();
      const described = [...accounts].map(([id, audiences]) => [id, describe([...audiences.values()])]);
      return { accounts: Object.fromEntries(described) };
    },
    personDecides(email, decision) {
      const found = membersWith(email);
      for (const { audience, member } of found) {
        personDecides(member, decision, now());
        const data: Record<string, string> = decision === "unsubscribe" ? { action: "unsub", reason: "manual" } : {};
        tell(audience, member, decision, data, now());
      }
      return found.length;
    },
    moves(email, to) {
      const found = membersWith(email);
      for (const { audience, member } of found) {
        moveMember(audience, member, memberId(to), to);
        member.changed = now();
        const data = { new_id: member.id.slice(0, 10), new_email: to, old_email: email };
        tell(audience, member, "upemail", data, now());
      }
      return found.length;
    },
    access: (what) => desk?.[what](),
    engages(email, engagement, at) {
      const found = membersWith(email);
      for (const { audience, member } of found) {
        engage(audience, member, engagement, at);
        if (engagement.action === "bounce") tell(audience, member, "cleaned", { reason: "hard" }, at);
        if (engagement.action === "complain")
          tell(audience, member, "unsubscribe", { action: "unsub", reason: "abuse" }, at);
      }
      return found.length;
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

function answerOAuth(desk: OAuthDesk, request: ApiRequest): Answer {
  switch (`${request.method} ${request.path}`) {
    case "GET /oauth2/authorize":
      return desk.authorize(request);
    case "POST /oauth2/token":
      return desk.token(request);
    case "GET /oauth2/metadata": {
      const account = desk.accountOf(/^OAuth (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
      if (account === null) return { status: 401, body: { error: "invalid_token" } };
      return { status: 200, body: { dc: "us1", role: "owner", accountname: account, api_endpoint: request.origin } };
    }
    default:
      return { status: 404, body: { error: "not_found" } };
  }
}

function firstAudiences({ apiKeys, audiences = [] }: MailchimpOptions, at: number): Map<string, Map<string, Audience>> {
  const accounts = new Map(Object.values(apiKeys).map(({ accountId }) => [accountId, new Map<string, Audience>()]));
  const [first = ""] = accounts.keys();
  for (const { id, name, accountId = first } of audiences) {
    accounts.get(accountId)?.set(id, emptyAudience(id, name, at));
  }
  return accounts;
}

/** Basic with any user name, or Bearer. */
function credential(authorization: string | undefined): string {
  const [, scheme = "", value = ""] = /^(\w+) (\S+)$/.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}

function audienceId(number: number): string {
  return createHash("sha1").update(`audience ${number}`).digest("hex").slice(0, 10);
}

function describe(audiences: Audience[]) {
  return {
    audiences: audiences.map((audience) => ({
      id: audience.id,
      name: audience.name,
      webhooks: audience.webhooks.map(({ url }) => url),
      members: [...audience.members.values()].map(({ email, status, archived }) => ({
        email,
        status: archived ? "archived" : status,
      })),
      segments: [...audience.segments.values()].map(({ id, name, members }) => ({
        id,
        name,
        members: members.list().flatMap((entry) => audience.members.get(entry.id)?.email ?? []),
      })),
    })),
  };
}

const API_KEY_MISSING = new Problem(401, "API Key Missing", "Your request did not include an API key.");
const API_KEY_INVALID = new Problem(
  401,
  "API Key Invalid",
  "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
);
const FAILURES: Record<401 | 413 | 429 | 500, Problem> = {
  401: API_KEY_INVALID,
  413: new Problem(413, "Request Entity Too Large", "The request body is too large."),
  429: new Problem(429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections."),
  500: new Problem(500, "Internal Server Error", "An unexpected internal error has occurred."),
};
