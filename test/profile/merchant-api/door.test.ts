import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDictionary, findProperty } from "../../../app/segment/language/dictionary.ts";
import { listApiKeys, revokeApiKey } from "../../../app/profile/merchant-api/api-keys-store.server.ts";
import { OWN_TRAITS, RESERVED_PROPERTIES } from "../../../app/profile/merchant-api/rows.ts";
import { at, NOW, startToldShop } from "./told-shop.ts";

type Json = Record<string, unknown>;
interface Described {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: Json }> }> }>>;
  components: { schemas: Json };
}

let told: Awaited<ReturnType<typeof startToldShop>>;
let key: string;
let described: Described;
const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true }));
ajv.addVocabulary(["components"]);

beforeAll(async () => {
  told = await startToldShop();
  key = await told.newKey();
  described = (await (await fetch(`${told.url}/api/openapi.json`)).json()) as Described;
  ajv.addSchema({ $id: "api", components: described.components });
});
afterAll(() => told.close());

function valid(schema: Json, value: unknown): void {
  const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll("#/components", "api#/components")) as Json);
  expect(check(value), JSON.stringify(check.errors)).toBe(true);
}

/** Sends a request; whatever is answered has to be what the description says. */
async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json & { rows?: Json[] }; headers: Headers }> {
  const answer = await fetch(told.url + path, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  const operation = described.paths[path]?.[path === "/api/events" ? "post" : "put"];
  const type = answer.headers.get("content-type") ?? "";
  const read = (await answer.json()) as Json;
  const schema = operation?.responses[answer.status]?.content[type]?.schema;
  expect(schema, `${answer.status} ${type} is described`).toBeDefined();
  if (schema) valid(schema, read);
  return { status: answer.status, body: read, headers: answer.headers };
}
const post = (events: readonly unknown[], headers = {}) => send("POST", "/api/events", { events }, headers);
const put = (profiles: readonly unknown[], headers = {}) => send("PUT", "/api/profiles", { profiles }, headers);

const event = (messageId: string, more: Json = {}) => ({
  messageId,
  name: "points_redeemed",
  customer: { id: 7001 },
  occurredAt: "2026-10-31T10:00:00Z",
  ...more,
});

async function eventsOf(customerId: string | null, shop = told.shop): Promise<string[]> {
  const { rows } = await told.db.query<{ source_id: string }>(
    "SELECT source_id FROM events WHERE shop_id = $1 AND customer_id IS NOT DISTINCT FROM $2::bigint ORDER BY source_id",
    [shop, customerId],
  );
  return rows.map((row) => row.source_id);
}

async function traitsOf(customerId: string): Promise<Json> {
  const { rows } = await told.db.query<{ name: string; value: unknown }>(
    `SELECT t.name, t.value FROM profile_traits t JOIN api_identifiers i ON i.id = t.identifier_id
     WHERE t.shop_id = $1 AND i.customer_id = $2 ORDER BY t.said_at`,
    [told.shop, customerId],
  );
  const latest = Object.entries(Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  return Object.fromEntries(latest.filter(([, value]) => value !== null));
}

describe("whom the door lets in", () => {
  it.each([
    ["no key", { authorization: "" }],
    ["something else than a bearer token", { authorization: "Basic YTpi" }],
    ["an unknown key", { authorization: "Bearer muster_nobody" }],
  ])("refuses %s", async (_name, headers) => {
    const answer = await post([event("a")], headers);
    expect(answer).toMatchObject({ status: 401, body: { code: "unknown_key" } });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="Muster"');
  });

  it("keeps no key, only its hash", async () => {
    const { rows } = await told.db.query<{ row: string }>("SELECT t::text AS row FROM api_keys t");
    expect(rows.some(({ row }) => row.includes(key) || row.includes(key.slice(7, -4)))).toBe(false);
  });

  it("refuses what the key has no scope for, and lets in what it has", async () => {
    const events = { authorization: `Bearer ${await told.newKey(["events:write"])}` };
    expect(await put([{ customer: { id: 1 }, traits: {} }], events)).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope" },
    });
    expect((await post([event("scoped", { customer: { id: 99 } })], events)).status).toBe(200);
  });

  it("refuses a revoked key from then on, and every key of a shop that removed the app", async () => {
    const revoked = await told.newKey();
    const headers = { authorization: `Bearer ${revoked}` };
    expect((await put([{ customer: { id: 1 }, traits: {} }], headers)).status).toBe(200);
    const [newest] = await listApiKeys(told.db, told.shop);
    expect(await revokeApiKey(told.db, told.shop, newest?.id ?? 0, new Date())).toBe(true);
    expect(await revokeApiKey(told.db, told.shop, newest?.id ?? 0, new Date())).toBe(false);
    expect((await put([{ customer: { id: 1 }, traits: {} }], headers)).status).toBe(401);

    const other = await told.openShop("left.myshopify.com");
    const left = { authorization: `Bearer ${await told.newKey(["events:write"], other)}` };
    await told.db.query("UPDATE shops SET installed_at = now(), uninstalled_at = now() WHERE id = $1", [other]);
    expect((await post([event("a")], left)).status).toBe(401);
  });

  it("writes into the shop of the key and no other", async () => {
    const other = await told.openShop("other.myshopify.com");
    const headers = { authorization: `Bearer ${await told.newKey(["events:write"], other)}` };
    await post([event("elsewhere")], headers);
    expect(await eventsOf("7001", other)).toEqual(["elsewhere"]);
    expect(await eventsOf("7001")).not.toContain("elsewhere");
  });

  it("says when a key was last used", async () => {
    const unused = await told.newKey();
    const keys = await listApiKeys(told.db, told.shop);
    expect(keys[0]).toMatchObject({ name: "a pipeline", lastUsedAt: null, revokedAt: null, hint: unused.slice(-4) });
    expect(keys.filter(({ lastUsedAt }) => lastUsedAt !== null).length).toBe(2);
    expect(keys.at(-1)?.revokedAt).not.toBeNull();
  });
});

describe("requests that are refused as a whole", () => {
  it.each([
    ["another method", "GET", "/api/events", undefined, {}, 405, "method_not_allowed"],
    ["a form", "POST", "/api/events", "a=b", { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["half a JSON", "POST", "/api/events", '{"events": [', {}, 400, "bad_json"],
    ["a row without its list", "POST", "/api/events", event("a"), {}, 400, "bad_request"],
    ["an empty list", "PUT", "/api/profiles", { profiles: [] }, {}, 400, "bad_request"],
    ["501 rows", "POST", "/api/events", { events: Array.from({ length: 501 }, () => 1) }, {}, 400, "bad_request"],
    ["three megabytes", "POST", "/api/events", "x".repeat(3_000_000), {}, 413, "too_large"],
  ])("are %s", async (_name, method, path, body, headers, status, code) => {
    if (method === "GET") {
      const answer = await fetch(told.url + path);
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
      valid({ $ref: "#/components/schemas/Problem" }, await answer.json());
      return;
    }
    expect(await send(method, path, body, headers)).toMatchObject({ status, body: { status, code } });
  });
});

describe("events", () => {
  it("are the customer's at once where Shopify's id is given, and the customer is queued", async () => {
    const answer = await post([
      event("e1", {
        properties: {
          points: 120,
          level: "Gold",
          vip: true,
          tags: ["A", "b"],
          until: { at: "2026-12-01T00:00:00+01:00" },
        },
      }),
      event("e2", { customer: { id: "gid://shopify/Customer/7001" }, occurredAt: undefined }),
    ]);
    expect(answer).toMatchObject({ status: 200, body: { recorded: 2, duplicates: 0, refused: 0 } });
    expect(told.rung.at(-1)).toEqual(["7001"]);
    const { rows } = await told.db.query(
      `SELECT kind, source, occurred_at, customer_id, properties, folded FROM events WHERE shop_id = $1 AND source_id IN ('e1', 'e2') ORDER BY source_id`,
      [told.shop],
    );
    const shared = { kind: "custom.points_redeemed", source: "api", customer_id: "7001" };
    const until = { at: Date.UTC(2026, 10, 30, 23) };
    expect(rows).toEqual([
      {
        ...shared,
        occurred_at: new Date("2026-10-31T10:00:00Z"),
        properties: { points: 120, level: "Gold", vip: true, tags: ["A", "b"], until },
        folded: { points: 120, level: "gold", vip: true, tags: ["a", "b"], until },
      },
      { ...shared, occurred_at: NOW, properties: {}, folded: {} },
    ]);
    const queued = await told.db.query(
      "SELECT customer_id FROM profile_queue WHERE shop_id = $1 AND customer_id = 7001",
      [told.shop],
    );
    expect(queued.rows.length).toBe(1);
  });

  it("are taken once, whatever is repeated", async () => {
    expect(
      (await post([event("once", { properties: { n: 1 } }), event("once", { properties: { n: 2 } })])).body,
    ).toMatchObject({
      recorded: 1,
      duplicates: 1,
      rows: [
        { row: 0, messageId: "once", outcome: "recorded" },
        { row: 1, messageId: "once", outcome: "duplicate" },
      ],
    });
    const again = await Promise.all(Array.from({ length: 5 }, () => post([event("once"), event("twice")])));
    expect(again.map(({ body }) => body["recorded"] as number).reduce((sum, count) => sum + count, 0)).toBe(1);
    const { rows } = await told.db.query("SELECT properties FROM events WHERE source_id = 'once'");
    expect(rows).toEqual([{ properties: { n: 1 } }]);
  });

  it.each([
    ["no object", 1, "", "has to be an object"],
    ["no message id", { ...event(""), messageId: undefined }, "messageId", "is missing"],
    ["a name with a dot", event("x", { name: "a.b" }), "name", "is no name"],
    ["nobody", event("x", { customer: {} }), "customer", "names nobody"],
    [
      "an address that is none",
      event("x", { customer: { email: "anna(at)example.com" } }),
      "customer.email",
      "is no e-mail",
    ],
    ["a number that is none", event("x", { customer: { phone: "12" } }), "customer.phone", "is no telephone number"],
    ["an id past 64 bits", event("x", { customer: { id: "9999999999999999999" } }), "customer.id", "is greater"],
    ["a field nobody knows", event("x", { user_id: 1 }), "user_id", "is no field"],
    ["an unknown way to name somebody", event("x", { customer: { name: "Anna" } }), "customer.name", "is no field"],
    ["a time without a zone", event("x", { occurredAt: "2026-10-31T10:00:00" }), "occurredAt", "is no instant"],
    ["a time to come", event("x", { occurredAt: "2026-11-01T13:00:00Z" }), "occurredAt", "lies in the future"],
    ["a property that is taken", event("x", { properties: { date: 1 } }), "properties.date", "are taken"],
    ["a property with a hyphen", event("x", { properties: { "a-b": 1 } }), "properties.a-b", "letters, digits and _"],
    ["a nested value", event("x", { properties: { a: { b: 1 } } }), "properties.a", "is no value"],
    ["null", event("x", { properties: { a: null } }), "properties.a", "is no value"],
    [
      "51 properties",
      event("x", { properties: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`p${n}`, n])) }),
      "properties",
      "more than 50",
    ],
  ])("with %s are refused alone, with the place and a remedy", async (_name, row, field, detail) => {
    const before = (await eventsOf("7001")).length;
    const good = event(`beside ${String(_name)}`);
    const answer = await post([row, good]);
    expect(answer.status).toBe(207);
    const [refused, taken] = answer.body.rows ?? [];
    expect(refused).toMatchObject({ row: 0, outcome: "refused", error: { code: "invalid_field", field } });
    expect(refused?.["error"]).toMatchObject({ detail: expect.stringContaining(detail) as string });
    expect(taken).toMatchObject({ row: 1, outcome: "recorded" });
    expect((await eventsOf("7001")).length).toBe(before + 1);
  });

  it("survive every text, and ids past 2^53", async () => {
    const odd = "a\u0000b\ud800c 👩‍🚀";
    const raw = JSON.stringify({
      events: [
        event(`odd ${odd}`, {
          customer: { externalId: odd, email: "o@example.com" },
          properties: { odd, list: [odd] },
        }),
      ],
    });
    expect((await send("POST", "/api/events", raw)).status).toBe(200);
    const big = `{"events":[{"messageId":"big","name":"x","customer":{"id":9007199254740993}}]}`;
    expect((await send("POST", "/api/events", big)).status).toBe(200);
    expect(await eventsOf("9007199254740993")).toEqual(["big"]);
  });

  it("of somebody unknown wait, and become the customer's when one has the address", async () => {
    await post([
      event("early e-mail", { customer: { email: " Wanda@BÜCHER.example " } }),
      event("early phone", { customer: { phone: "07700 900123" } }),
      event("early id", { customer: { externalId: "crm-1", phone: "+447700900123" } }),
    ]);
    await told.lookUp();
    expect(await eventsOf(null)).toEqual(expect.arrayContaining(["early e-mail", "early id", "early phone"]));
    await told.tell(
      "customers/create",
      { id: 7100, email: "wanda@bücher.example", phone: "+447700900123", updated_at: at(3) },
      3,
    );
    await told.lookUp();
    expect(await eventsOf("7100")).toEqual(["early e-mail", "early id", "early phone"]);
    const { rows } = await told.db.query("SELECT FROM profile_queue WHERE shop_id = $1 AND customer_id = 7100", [
      told.shop,
    ]);
    expect(rows.length).toBe(1);
  });

  it("stay nobody's while two customers could be meant, and are the other's once one of them is gone", async () => {
    const twin = (id: number) => ({ id, email: "twins@example.com", updated_at: at(3) });
    await told.tell("customers/create", twin(7201), 3);
    await told.tell("customers/create", twin(7202), 4);
    await post([event("twin", { customer: { email: "twins@example.com" } })]);
    await told.lookUp();
    expect(await eventsOf(null)).toContain("twin");
    await told.tell("customers/delete", { id: 7201 }, 5);
    await told.lookUp();
    expect(await eventsOf("7202")).toEqual(["twin"]);
  });
});

describe("profiles", () => {
  const anna = { id: 7301 };

  it("keep typed traits; null takes one away, and an older word replaces nothing", async () => {
    const traits = {
      plan: "Gold",
      points: 12.5,
      vip: true,
      interests: ["Tea", "tea"],
      birthday: { date: "1990-05-30" },
    };
    expect(await put([{ customer: anna, traits }])).toMatchObject({ status: 200, body: { recorded: 1 } });
    expect(await traitsOf("7301")).toEqual({ ...traits, birthday: { day: "1990-05-30" } });
    expect((await put([{ customer: anna, traits: { points: null } }])).body).toMatchObject({ unchanged: 1 });
    const later = { customer: anna, updatedAt: "2026-11-01T12:01:00Z" };
    expect((await put([{ ...later, traits: { points: null, plan: "Blue" } }])).body).toMatchObject({ recorded: 1 });
    expect((await put([{ customer: anna, traits: { points: 99, plan: "Old" }, updatedAt: at(1) }])).body).toMatchObject(
      { recorded: 1 },
    );
    expect((await put([{ ...later, traits: { plan: "Blue" } }])).body).toMatchObject({ unchanged: 1 });
    expect(await traitsOf("7301")).toMatchObject({ plan: "Blue", vip: true });
    expect(await traitsOf("7301")).not.toHaveProperty("points");
  });

  it("give a trait the type of its first value", async () => {
    await put([{ customer: anna, traits: { shoe_size: 42 } }]);
    const answer = await put([
      { customer: anna, traits: { shoe_size: "42" } },
      { customer: { id: 7302 }, traits: { shoe_size: 38 } },
    ]);
    expect(answer.status).toBe(207);
    expect(answer.body.rows).toMatchObject([
      {
        outcome: "refused",
        error: {
          code: "trait_type",
          field: "traits.shoe_size",
          detail: expect.stringContaining("a number in this shop") as string,
        },
      },
      { outcome: "recorded" },
    ]);
  });

  it.each(OWN_TRAITS)("do not overwrite %s, which is computed", async (name) => {
    const answer = await put([{ customer: anna, traits: { [name]: 1 } }]);
    expect(answer.body.rows).toMatchObject([{ outcome: "refused", error: { field: `traits.${name}` } }]);
  });
});

it("takes 500 rows in one request, each for somebody else", async () => {
  const rows = Array.from({ length: 500 }, (_, n) =>
    event(`many ${n}`, { customer: { externalId: `many-${n}`, email: `many-${n}@example.com` }, properties: { n } }),
  );
  const start = performance.now();
  expect((await post(rows)).body).toMatchObject({ recorded: 500, refused: 0 });
  expect(performance.now() - start).toBeLessThan(3_000);
});

it("answers 503 with Retry-After while the database is away or too much is waiting, and takes the repetition", async () => {
  const crowd = await Promise.all(Array.from({ length: 60 }, (_, n) => post([event(`crowd ${n % 3}`)])));
  const statuses = new Set(crowd.map(({ status }) => status));
  expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
  for (const { status, headers } of crowd) if (status === 503) expect(headers.get("retry-after")).toBe("1");
  expect((await post([event("crowd 0")])).status).toBe(200);
});

it("answers a key that sends too much with 429 and when to go on, and leaves the others alone", async () => {
  const authorization = `Bearer ${await told.newKey()}`;
  told.stopTime();
  for (let sent = 0; sent < 100; sent += 1) {
    expect((await send("POST", "/api/events", "{}", { authorization })).status).toBe(400);
  }
  const refused = await post([event("too much")], { authorization });
  expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await post([event("of another key")])).status).toBe(200);
  told.goOn(100);
  expect((await post([event("too much")], { authorization })).body).toMatchObject({ recorded: 1 });
});

it("logs no name, no key and no value", () => {
  const text = told.logged.join("\n");
  for (const secret of [key, "wanda", "07700", "crm-1", "Gold", "points_redeemed"]) expect(text).not.toContain(secret);
});

it("takes exactly the names that rules can speak of", () => {
  const dictionary = createDictionary();
  const kind = dictionary.event("custom.x");
  if (!kind) throw new Error("there are no custom events");
  for (const name of RESERVED_PROPERTIES) expect(findProperty(kind, name)?.type).not.toBe("any");
  expect(findProperty(kind, "points")?.type).toBe("any");
  const own = dictionary.attributeNames().filter((name) => name.startsWith("traits."));
  expect(own.map((name) => name.slice(7)).toSorted()).toEqual(OWN_TRAITS.toSorted());
});

it("is described in OpenAPI 3.1, and its own examples of requests are valid", () => {
  expect(described.openapi).toBe("3.1.0");
  expect(Object.keys(described.paths)).toEqual(["/api/events", "/api/profiles"]);
  valid(
    { $ref: "#/components/schemas/Event" },
    event("a", { properties: { a: [""], b: { at: "2026-01-01T00:00:00Z" } } }),
  );
  valid({ $ref: "#/components/schemas/Profile" }, { customer: { externalId: "1" }, traits: { a: null } });
});
