import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../app/ingest/facts.ts";
import { topics } from "../../app/ingest/topics.ts";
import { type Understood, understand } from "../../app/ingest/understand.ts";
import { asOf2026October, type Body, bytesOf, documentedSample } from "./webhook-samples.ts";

const TRIGGERED = new Date("2026-11-01T10:00:00.000Z");
/** Each topic that tells of consent, and where in its body the consent is. */
const CONSENTS = [
  ["customers_email_marketing_consent/update", "email_marketing_consent"],
  ["customers_marketing_consent/update", "sms_marketing_consent"],
  ["customers_whats_app_marketing_consent/update", "whats_app_marketing_consent"],
] as const;
const TELLS_CONSENT: ReadonlySet<string> = new Set(CONSENTS.map(([topic]) => topic));
/** In every text that is put into a body; a reason that shows one of them says what it read. */
const CANARY = "canary";

const read = (topic: string, body: Buffer | string): Understood =>
  understand({ topic, webhookId: "d1", triggeredAt: TRIGGERED, body: Buffer.from(body) });

const READ =
  /^(id|.*_id|token|.*_token|amount|.*price|.*currency.*|.*_set|.*_money|quantity|.*_at|state|status|kind|tags|line_items|transactions|refunds?|customer|customerId|.*_consent|current|occurredAt|numberOfOrders|available|admin_graphql_api_.*)$/;

/** JSON texts that stand where another value was. */
const replacement = fc.oneof(
  fc.constantFrom("null", "true", "false", "{}", "[]", "[null]", `{"id":null}`, `""`),
  fc.constantFrom(
    "-0",
    "-1",
    "0.1",
    "1e21",
    "1e400",
    "9007199254740993",
    "123456789012345678901234567890",
    "2147483648",
  ),
  fc
    .constantFrom(
      "0",
      "-0",
      "-0.00",
      "0012",
      "12",
      "1e5",
      "NaN",
      "Infinity",
      "0x10",
      "12.3.4",
      " 12 ",
      "1,5",
      "9".repeat(400),
    )
    .map((text) => JSON.stringify(text)),
  fc
    .constantFrom(
      "2021-02-31T00:00:00Z",
      "2021-12-31",
      "31/12/2021",
      "2021",
      "yesterday",
      "-271821-04-20T00:00:00Z",
      "+275760-09-13T00:00:00Z",
    )
    .map((text) => JSON.stringify(text)),
  fc
    .constantFrom(
      "subscribed\0",
      "sub\0scribed",
      "Subscribed ",
      "opted_in",
      "pending",
      "confirmed",
      "redacted",
      "refund\0",
      "eur",
      "E\0R",
      "\ud800",
    )
    .map((text) => JSON.stringify(text)),
  fc.constantFrom(CANARY, `${CANARY}@example.com`).map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
);

interface Mutation {
  /** Whether it concerns a field that is read, of which there are few among many. */
  read: boolean;
  /** Which of those places in the body; taken modulo how many there are. */
  place: number;
  change: { kind: "remove" } | { kind: "replace"; text: string } | { kind: "add"; name: string; text: string };
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  read: fc.boolean(),
  place: fc.nat(),
  change: fc.oneof(
    fc.constant({ kind: "remove" as const }),
    replacement.map((text) => ({ kind: "replace" as const, text })),
    fc.record({
      kind: fc.constant("add" as const),
      name: fc.constantFrom("extra", "__proto__", "constructor", "state", "id", "email_marketing_consent"),
      text: replacement,
    }),
  ),
});

/** A JSON text inside a body that is still an object. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function mutated(sample: Body, mutations: readonly Mutation[]): string {
  const body = structuredClone(sample);
  for (const { read: isRead, place, change } of mutations) {
    const places = placesIn(body).filter(({ key }) => !isRead || READ.test(key));
    const found = places[place % places.length];
    if (found === undefined) break;
    const { holder, key } = found;
    if (change.kind === "replace") put(holder, key, new Raw(change.text));
    else if (change.kind === "add") put(holder, change.name, new Raw(change.text));
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return write(body);
}

/** As an own field, `__proto__` too. */
function put(holder: Body, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
}

function placesIn(holder: Body): { holder: Body; key: string }[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    { holder, key },
    ...(typeof value === "object" && value !== null && !(value instanceof Raw) ? placesIn(value as Body) : []),
  ]);
}

function write(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`)
    .join(",")}}`;
}

/** What is wrong with facts that could not be stored, or would be read back as something else. */
function faultsIn(value: unknown, path: string): string[] {
  if (value instanceof Date) return isStorable(value) ? [] : [`${path}: ${String(value)}`];
  if (typeof value === "bigint") return value >= -(2n ** 63n) && value < 2n ** 63n ? [] : [`${path}: ${value}`];
  if (typeof value === "number")
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? [] : [`${path}: ${value}`];
  if (typeof value === "string")
    return isText(value, path.split(".").at(-1) ?? "") ? [] : [`${path}: ${JSON.stringify(value)}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => faultsIn(inner, `${path}.${key}`));
}

function isStorable(date: Date): boolean {
  return date.getTime() >= Date.UTC(1, 0, 1) - 62_200_000_000_000 && date.getUTCFullYear() <= 9999;
}

function isText(text: string, name: string): boolean {
  if (!text.isWellFormed() || text.includes("\0")) return false;
  if (name === "id" || name.endsWith("Id")) return /^(0|[1-9]\d{0,17})$/.test(text);
  if (name === "currency") return /^[A-Z]{3}$/.test(text);
  if (name === "price") return /^\d+(\.\d+)?$/.test(text);
  // Longer keys do not fit into an index page of PostgreSQL.
  return !/token$/i.test(name) || (text !== "" && text.length <= 255);
}

/** The state that the body gives, if it is one; what it says twice counts as JSON reads it, the last time. */
function stateSaid(body: string, field: string): unknown {
  const parsed = JSON.parse(body) as Record<string, { state?: unknown } | null | undefined>;
  return parsed[field]?.state;
}

function expectSound(topic: string, body: string): Partial<Facts> | null {
  const understood = read(topic, body);
  if (understood.outcome === "dead") {
    expect(understood.reason).toMatch(/\S/);
    expect(understood.reason).not.toContain(CANARY);
    return null;
  }
  expect(faultsIn(understood.facts, topic)).toEqual([]);
  return understood.facts;
}

const RUNS = process.env["MUSTER_LONG"] ? 100_000 : 200;

describe("a body that is not as documented", () => {
  it.each(Object.keys(topics))("of %s is set aside, or read into facts that can be stored", (topic) => {
    const sample = JSON.parse(bytesOf(asOf2026October(topic, documentedSample(topic))).toString()) as Body;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const facts = expectSound(topic, mutated(sample, mutations));
        expect(TELLS_CONSENT.has(topic) || (facts?.consents ?? []).length === 0).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(CONSENTS)("of %s never grants a consent that it does not state", (topic, field) => {
    const sample = documentedSample(topic);
    const stated = fc.constantFrom(
      "subscribed",
      "SUBSCRIBED",
      "not_subscribed",
      "unsubscribed",
      "pending",
      "invalid",
      "redacted",
    );
    let granted = 0;
    fc.assert(
      fc.property(stated, fc.array(mutation, { maxLength: 3 }), (state, mutations) => {
        const consent = { ...(sample[field] as Body), state };
        const body = mutated({ ...sample, [field]: consent }, mutations);
        const grants = (expectSound(topic, body)?.consents ?? []).filter((fact) => fact.state === "subscribed");
        granted += grants.length;
        if (grants.length > 0) expect(["subscribed", "SUBSCRIBED"]).toContain(stateSaid(body, field));
      }),
      { numRuns: RUNS },
    );
    expect(granted).toBeGreaterThan(0);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a list", "[]"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe])],
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["an object a hundred thousand deep", `{"id":`.repeat(100_000) + "1" + "}".repeat(100_000)],
  ])("is set aside when it is %s", (_name, body) => {
    expect(read("orders/create", body)).toEqual({ outcome: "dead", reason: expect.any(String) });
  });

  it.each(["2021-12-31T19:00:00", "2021-12-31 19:00:00 UTC", "2021-12-31", "12/31/2021", "31 Dec 2021", "1640995200"])(
    "is set aside when a time in it is %j, which says no instant or none that ISO 8601 knows",
    (time) => {
      const body = { token: "t", created_at: time, updated_at: "2022-01-01T00:00:00Z" };
      expect(read("carts/update", JSON.stringify(body))).toEqual({
        outcome: "dead",
        reason: "created_at: expected a date and time",
      });
    },
  );

  it.each(["orders/unheard_of", "__proto__", "constructor", ""])("is set aside when its topic is %j", (topic) => {
    expect(read(topic, "{}")).toEqual({
      outcome: "dead",
      reason: `The topic ${topic} is not one Muster reads.`,
    });
  });
});
