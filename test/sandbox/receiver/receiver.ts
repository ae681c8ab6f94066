import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { createFaults } from "../faults.ts";
import { createFixedWindows } from "../fixed-window.ts";
import type { Answer, ApiRequest, Handler } from "../http.ts";
import { createLedger } from "../ledger.ts";
import type { Ledger } from "../ledger.ts";
import { createHandle } from "../vendor-server.ts";
import type { Controls, VendorApi } from "../vendor-server.ts";

export interface ReceiverOptions {
  /** `whsec_` and base64. */
  secret: string;
  now?: () => number;
}

interface Person {
  email: string;
  consent: string;
  traits: Record<string, unknown>;
}

interface Audience {
  id: string;
  name: string;
  members: Set<string>;
}

const member = z.object({ customer_id: z.string(), email: z.string() });
const envelope = z.object({ timestamp: z.iso.datetime() });
const ofAudience = z.object({ id: z.string().min(1) });
const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ping"), data: z.object({}) }),
  z.object({
    type: z.literal("audience.saved"),
    data: z.object({ audience: ofAudience.extend({ name: z.string() }) }),
  }),
  z.object({ type: z.literal("audience.deleted"), data: z.object({ audience: ofAudience }) }),
  z.object({
    type: z.literal("audience.read"),
    data: z.object({ audience: ofAudience, after: z.string().nullable() }),
  }),
  z.object({
    type: z.literal("members.changed"),
    data: z.object({
      audience: ofAudience,
      removed: z.array(member),
      added: z.array(
        member.extend({
          first_name: z.string().nullable(),
          last_name: z.string().nullable(),
          consent: z.string(),
          traits: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  }),
  z.object({ type: z.literal("person.forgotten"), data: z.object({ email: z.string() }) }),
  z.object({ type: z.literal("consent.ended"), data: z.object({ email: z.string(), at: z.iso.datetime() }) }),
  z.object({ type: z.literal("consent.given"), data: z.object({ email: z.string(), at: z.iso.datetime() }) }),
]);
type Message = z.infer<typeof message>;

const CALLS_PER_SECOND = 20;
const MOST_MEMBERS = 500;
const PAGE = 100;
const TOLERANCE_MS = 5 * 60_000;

/** A merchant's own system that keeps what it is told by signed messages, as app/sync/README.md describes them. */
export function createReceiver({ secret, now = Date.now }: ReceiverOptions): {
  handle: Handler;
  ledger: Ledger;
  /** The secret it knows from now on. */
  learn(secret: string): void;
  close(): void;
} {
  const ledger = createLedger(now);
  const faults = createFaults();
  const windows = createFixedWindows(now);
  const audiences = new Map<string, Audience>();
  const people = new Map<string, Person>();
  let known = secret;

  function audienceOf(id: string): Audience | Answer {
    return audiences.get(id) ?? { status: 404, body: { error: "audience_not_found" } };
  }

  function take({ type, data }: Message): Answer {
    switch (type) {
      case "ping":
        return { status: 204 };
      case "audience.saved": {
        const { id, name } = data.audience;
        if ([...audiences.values()].some((audience) => audience.id !== id && audience.name === name))
          ledger.duplicateEffect("ACC", `audience "${name}" made twice`);
        audiences.set(id, { id, name, members: audiences.get(id)?.members ?? new Set() });
        return { status: 204 };
      }
      case "audience.deleted":
        return audiences.delete(data.audience.id)
          ? { status: 204 }
          : { status: 404, body: { error: "audience_not_found" } };
      case "audience.read": {
        const audience = audienceOf(data.audience.id);
        if ("status" in audience) return audience;
        const all = [...audience.members].toSorted();
        const page = all.filter((email) => data.after === null || email > data.after).slice(0, PAGE);
        const next = page.length === PAGE ? page.at(-1) : null;
        return { status: 200, body: { members: page.map((email) => ({ email })), next } };
      }
      case "members.changed":
        return change(data);
      case "person.forgotten":
        people.delete(data.email);
        for (const { members } of audiences.values()) members.delete(data.email);
        return { status: 204 };
      case "consent.ended": {
        const person = people.get(data.email);
        if (person) person.consent = "unsubscribed";
        return { status: 204 };
      }
      case "consent.given": {
        const person = people.get(data.email);
        if (person && person.consent !== "subscribed") {
          ledger.consentRaised({ account: "ACC", email: data.email, from: person.consent, operation: type });
          person.consent = "subscribed";
        }
        return { status: 204 };
      }
    }
  }

  function change({ audience: { id }, removed, added }: Extract<Message, { type: "members.changed" }>["data"]): Answer {
    const audience = audienceOf(id);
    if ("status" in audience) return audience;
    if (removed.length + added.length > MOST_MEMBERS) return { status: 413, body: { error: "too_many" } };
    const fails = faults.rows();
    const failed = new Set([...removed, ...added].filter(() => fails?.() ?? false));
    for (const each of removed) if (!failed.has(each)) audience.members.delete(each.email);
    for (const each of added) {
      if (failed.has(each)) continue;
      const { email, consent, traits } = each;
      const person = people.get(email);
      if (!person && consent === "subscribed")
        ledger.createdSubscribed({ account: "ACC", email, operation: "members.changed" });
      people.set(email, { email, consent: person?.consent ?? consent, traits: { ...person?.traits, ...traits } });
      audience.members.add(email);
    }
    return {
      status: 200,
      body: {
        results: [...failed].map(({ customer_id }) => ({ customer_id, outcome: "retry" })),
      },
    };
  }

  /** What somebody does in the system's own pages. */
  function byHand({ method, path, body }: ApiRequest): Answer | null {
    const [, kind, name = ""] = path.split("/");
    if (kind === "people" && method === "GET") return { status: 200, body: people.get(decodeURIComponent(name)) ?? {} };
    if (kind !== "audiences") return null;
    if (method === "DELETE") return { status: audiences.delete(name) ? 204 : 404 };
    const { id, name: title } = JSON.parse(body.toString()) as Audience;
    audiences.set(id, { id, name: title, members: new Set() });
    return { status: 201 };
  }

  const failure = (status: 401 | 413 | 429 | 500): Answer => ({
    status,
    body: { error: `failed_${status}` },
    ...(status === 429 && { headers: { "retry-after": "1" } }),
  });
  const api: VendorApi = {
    contentType: "application/json",
    errorContentType: "application/json",
    maxBodyBytes: 1_000_000,
    admit: () => () => {},
    operation: () => "message",
    failure,
    answer(request) {
      const hand = byHand(request);
      if (hand) return { operation: "by hand", answer: hand };
      if (!isSigned(request, known, now())) return { operation: "refused", answer: failure(401) };
      const window = { key: "calls", seconds: 1, limit: CALLS_PER_SECOND };
      if (windows.take([window]).outcome === "refused")
        return { operation: "refused", answer: failure(429), overLimit: true };
      const given: unknown = JSON.parse(request.body.toString("utf8"));
      const parsed = message.safeParse(given);
      if (!parsed.success || !envelope.safeParse(given).success)
        return { operation: "unknown", answer: { status: 400, body: { error: "malformed" } } };
      return { operation: parsed.data.type, answer: take(parsed.data) };
    },
  };
  const controls: Controls = {
    state: () => ({
      accounts: {
        ACC: {
          profiles: [...people.values()].map(({ email, consent }) => ({ email, consent })),
          lists: [...audiences.values()].map(({ id, name, members }) => ({ id, name, members: [...members] })),
        },
      },
    }),
    personDecides(email, decision) {
      const person = people.get(email);
      if (person) person.consent = decision === "subscribe" ? "subscribed" : "unsubscribed";
      return person ? 1 : 0;
    },
    engages: () => 0,
  };
  return {
    handle: createHandle({ api, controls, ledger, faults, latencyMillis: 0, changed() {} }),
    ledger,
    learn(secret) {
      known = secret;
    },
    close() {},
  };
}

/** As https://www.standardwebhooks.com has it, five minutes of clock skew allowed; one of several signatures has to fit. */
function isSigned({ headers, body }: ApiRequest, secret: string, at: number): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": given } = headers;
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof given !== "string") return false;
  if (Math.abs(at - Number(timestamp) * 1_000) > TOLERANCE_MS) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return given.split(" ").some((signature) => {
    const bytes = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
