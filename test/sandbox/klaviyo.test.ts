import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { listen } from "./http.ts";
import { findOperation } from "./klaviyo/contract.ts";
import { createKlaviyo } from "./klaviyo/klaviyo.ts";
import type { KlaviyoOptions } from "./klaviyo/klaviyo.ts";
import type { LedgerReport } from "./ledger.ts";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const KEYS = { pk_first: { accountId: "AAA111" }, pk_second: { accountId: "BBB222" } };

interface Reply {
  status: number;
  headers: Headers;
  body: ReplyBody;
}

interface Resource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
}

interface ReplyBody {
  data: Resource & Resource[];
  links: { self: string; next: string | null };
  errors: {
    status: number;
    code: string;
    detail: string;
    source: Record<string, string>;
    meta: Record<string, unknown>;
  }[];
}

type Call = (line: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A Klaviyo at noon whose clock the test moves; every answer of `call` is checked against the contract. */
async function start(options: Partial<KlaviyoOptions> = {}) {
  const clock = { now: NOON };
  const klaviyo = createKlaviyo({ privateKeys: KEYS, jobMillis: 300, now: () => clock.now, ...options });
  const { url, close } = await listen(klaviyo.handle);
  let open = true;
  const stop = async () => {
    if (!open) return;
    open = false;
    await close();
    klaviyo.close();
  };
  closers.push(stop);
  const call: Call = async (line, body, headers = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: "Klaviyo-API-Key pk_first",
        revision: "2026-07-15",
        ...(body === undefined ? {} : { "content-type": "application/vnd.api+json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const reply = { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
    if (!path.startsWith("/__sandbox/")) expectContract(method, new URL(url + path).pathname, reply);
    return reply;
  };
  /** For set-up that is not about limits: each call in a minute of its own. */
  const setUp: Call = async (...request) => {
    clock.now += 60_000;
    const reply = await call(...request);
    expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
    return reply;
  };
  const ledger = async () => (await call("GET /__sandbox/ledger")).body as unknown as LedgerReport;
  return { klaviyo, clock, call, setUp, ledger, stop, url };
}

type Content = Record<string, { schema: { $ref?: string } }>;
interface Contract {
  paths: Record<string, Record<string, { responses: Record<string, { content: Content }> }>>;
  components: { responses: { ClientError: { content: Content } } };
}
const contract = JSON.parse(readFileSync(new URL("../contracts/klaviyo.json", import.meta.url), "utf8")) as Contract;
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
ajv.addSchema(contract, "klaviyo");

function expectContract(method: string, path: string, { status, body }: Reply): void {
  const operation = findOperation(method, path)?.operation;
  const declared = contract.paths[operation?.path ?? ""]?.[method.toLowerCase()]?.responses[String(status)];
  const content = status >= 400 ? contract.components.responses.ClientError.content : declared?.content;
  if (status < 400) expect(declared, `${method} ${path} may answer ${status}`).toBeDefined();
  const schema = Object.values(content ?? {})[0]?.schema;
  if (schema === undefined) return expect(body).toBeNull();
  const validate = ajv.compile(schema.$ref === undefined ? schema : { $ref: `klaviyo${schema.$ref}` });
  const links = Object.entries(body.links ?? {}).filter(([, value]) => value !== null);
  validate(body.links === undefined ? body : { ...body, links: Object.fromEntries(links) });
  expect(validate.errors ?? [], `${method} ${path}`).toEqual([]);
}

const profile = (attributes: Record<string, unknown>, more = {}) => ({
  data: { type: "profile", attributes, ...more },
});
const importJob = (rows: unknown[], list?: string) => ({
  data: {
    type: "profile-bulk-import-job",
    attributes: { profiles: { data: rows } },
    ...(list === undefined ? {} : { relationships: { lists: { data: [{ type: "list", id: list }] } } }),
  },
});
const row = (attributes: Record<string, unknown>) => ({ type: "profile", attributes });
const newList = (name: string, opt_in_process = "double_opt_in") => ({
  data: { type: "list", attributes: { name, opt_in_process } },
});
const ids = (...all: string[]) => ({ data: all.map((id) => ({ type: "profile", id })) });
const subscribing = (emails: string[], list?: string, more: Record<string, unknown> = {}) => ({
  data: {
    type: "profile-subscription-bulk-create-job",
    attributes: {
      profiles: {
        data: emails.map((email) => row({ email, subscriptions: { email: { marketing: { consent: "SUBSCRIBED" } } } })),
      },
      ...more,
    },
    ...(list === undefined ? {} : { relationships: { list: { data: { type: "list", id: list } } } }),
  },
});
const unsubscribing = (emails: string[], list?: string) => ({
  data: {
    type: "profile-subscription-bulk-delete-job",
    attributes: {
      profiles: {
        data: emails.map((email) =>
          row({ email, subscriptions: { email: { marketing: { consent: "UNSUBSCRIBED" } } } }),
        ),
      },
    },
    ...(list === undefined ? {} : { relationships: { list: { data: { type: "list", id: list } } } }),
  },
});
const suppressing = (kind: "create" | "delete", emails: string[]) => ({
  data: {
    type: `profile-suppression-bulk-${kind}-job`,
    attributes: { profiles: { data: emails.map((email) => row({ email })) } },
  },
});
const event = (email: string, more: Record<string, unknown> = {}) => ({
  data: {
    type: "event",
    attributes: {
      properties: { sku: "mug" },
      metric: { data: { type: "metric", attributes: { name: "Placed Order" } } },
      profile: { data: row({ email }) },
      ...more,
    },
  },
});
const bulkEvents = (email: string, uniqueIds: string[]) => ({
  data: {
    type: "event-bulk-create-job",
    attributes: {
      "events-bulk-create": {
        data: [
          {
            type: "event-bulk-create",
            attributes: {
              profile: { data: row({ email }) },
              events: {
                data: uniqueIds.map((unique_id) => ({
                  type: "event",
                  attributes: {
                    properties: { unique_id },
                    unique_id,
                    metric: { data: { type: "metric", attributes: { name: "Viewed Product" } } },
                  },
                })),
              },
            },
          },
        ],
      },
    },
  },
});

describe("who may call", () => {
  test.each([
    ["no key", { authorization: "" }, 401, "not_authenticated"],
    ["another scheme", { authorization: "Bearer pk_first" }, 401, "not_authenticated"],
    ["an unknown key", { authorization: "Klaviyo-API-Key pk_third" }, 401, "authentication_failed"],
    ["no revision", { revision: "" }, 400, "invalid"],
    ["a retired revision", { revision: "2023-02-22" }, 410, "gone"],
    ["a revision not yet known", { revision: "2027-01-15" }, 410, "gone"],
  ])("%s is refused", async (_, headers, status, code) => {
    const { call } = await start();
    const reply = await call("GET /api/accounts", undefined, headers);
    expect([reply.status, reply.body.errors[0]?.code]).toEqual([status, code]);
  });

  test("a key sees its own account and nothing of another", async () => {
    const { call, setUp } = await start();
    const accounts = await call("GET /api/accounts");
    expect(accounts.body.data.map(({ id }) => id)).toEqual(["AAA111"]);
    const created = await setUp("POST /api/profile-import", profile({ email: "ann@shop.example" }));
    const other = { authorization: "Klaviyo-API-Key pk_second" };
    const foreign = await call(`GET /api/profiles/${created.body.data.id}`, undefined, other);
    expect(foreign.status).toBe(404);
    const all = await call("GET /api/profiles", undefined, other);
    expect(all.body.data).toEqual([]);
  });
});

describe("what it refuses", () => {
  const big = "x".repeat(100_001);
  test.each<[string, string, unknown, number, string]>([
    ["a path it does not hold", "GET /api/campaigns", undefined, 404, "not_found"],
    ["a method it does not hold", "PATCH /api/lists/L00001", newList("a"), 404, "not_found"],
    ["text that is not JSON", "POST /api/profile-import", "{", 400, "invalid"],
    ["a body without data", "POST /api/profile-import", {}, 400, "invalid"],
    ["a wrong resource type", "POST /api/profile-import", { data: { type: "list", attributes: {} } }, 400, "invalid"],
    ["a field no profile has", "POST /api/profile-import", profile({ email: "a@b.example", age: 3 }), 400, "invalid"],
    ["a field of a wrong type", "POST /api/profile-import", profile({ email: 3 }), 400, "invalid"],
    ["no identifier", "POST /api/profile-import", profile({ first_name: "Ann" }), 400, "invalid"],
    ["an invalid e-mail", "POST /api/profile-import", profile({ email: "ann at home" }), 400, "invalid"],
    ["a phone not in E.164", "POST /api/profile-import", profile({ phone_number: "0207 123" }), 400, "invalid"],
    [
      "a profile over 100 KB",
      "POST /api/profile-import",
      profile({ email: "a@b.example", properties: { big } }),
      413,
      "payload_too_large",
    ],
    ["an unknown profile id", "POST /api/profile-import", profile({}, { id: "01P" }), 404, "not_found"],
    [
      "an import row over 100 KB",
      "POST /api/profile-bulk-import-jobs",
      importJob([row({ email: "a@b.example", properties: { big } })]),
      400,
      "invalid",
    ],
    [
      "10,001 import rows",
      "POST /api/profile-bulk-import-jobs",
      importJob(Array.from({ length: 10_001 }, () => row({ external_id: "1" }))),
      400,
      "invalid",
    ],
    [
      "an import over 5 MB",
      "POST /api/profile-bulk-import-jobs",
      importJob(Array.from({ length: 60 }, () => row({ properties: { big: "x".repeat(90_000) } }))),
      413,
      "payload_too_large",
    ],
    [
      "an import into an unknown list",
      "POST /api/profile-bulk-import-jobs",
      importJob([row({ email: "a@b.example" })], "L99999"),
      404,
      "not_found",
    ],
    ["a page over 100", "GET /api/profiles?page[size]=101", undefined, 400, "invalid"],
    ["a page of no number", "GET /api/profiles?page[size]=ten", undefined, 400, "invalid"],
    ["a made-up cursor", "GET /api/profiles?page[cursor]=abc", undefined, 400, "invalid"],
    ["a parameter the operation does not have", "GET /api/accounts?page[size]=10", undefined, 400, "invalid"],
    ["an unknown field", "GET /api/profiles?fields[profile]=shoe_size", undefined, 400, "invalid"],
    ["a filter in another language", "GET /api/profiles?filter=email=a@b.example", undefined, 400, "invalid"],
    ["a filter on what has none", "GET /api/profiles?filter=greater-than(email,%22a%22)", undefined, 400, "invalid"],
    ["an unknown list", "GET /api/lists/L99999", undefined, 404, "not_found"],
    ["an unknown job", "GET /api/profile-bulk-import-jobs/01J", undefined, 404, "not_found"],
    [
      "1,001 subscriptions",
      "POST /api/profile-subscription-bulk-create-jobs",
      subscribing(Array.from({ length: 1001 }, (_, n) => `p${n}@b.example`)),
      400,
      "invalid",
    ],
    [
      "101 unsubscriptions",
      "POST /api/profile-subscription-bulk-delete-jobs",
      unsubscribing(Array.from({ length: 101 }, (_, n) => `p${n}@b.example`)),
      400,
      "invalid",
    ],
    [
      "101 suppressions",
      "POST /api/profile-suppression-bulk-create-jobs",
      suppressing(
        "create",
        Array.from({ length: 101 }, (_, n) => `p${n}@b.example`),
      ),
      400,
      "invalid",
    ],
    [
      "historical consent without its time",
      "POST /api/profile-subscription-bulk-create-jobs",
      subscribing(["a@b.example"], undefined, { historical_import: true }),
      400,
      "invalid",
    ],
    [
      "an event in the past of pasts",
      "POST /api/events",
      event("a@b.example", { time: "1989-01-01T00:00:00Z" }),
      400,
      "invalid",
    ],
    [
      "one unique_id twice in a batch of events",
      "POST /api/event-bulk-create-jobs",
      bulkEvents("a@b.example", ["1", "1"]),
      400,
      "invalid",
    ],
    [
      "1,001 events",
      "POST /api/event-bulk-create-jobs",
      bulkEvents(
        "a@b.example",
        Array.from({ length: 1001 }, (_, n) => `${n}`),
      ),
      400,
      "invalid",
    ],
  ])("%s", async (_, line, body, status, code) => {
    const { call, klaviyo } = await start();
    const reply = await call(line, body);
    expect([reply.status, reply.body.errors[0]?.code], reply.body.errors[0]?.detail).toEqual([status, code]);
    expect(
      klaviyo.snapshot().accounts.flatMap(({ profiles, lists, jobs }) => [...profiles, ...lists, ...jobs]),
    ).toEqual([]);
  });

  test("a body of another media type, and takes application/json", async () => {
    const { call } = await start();
    const body = profile({ email: "ann@shop.example" });
    const asText = await call("POST /api/profile-import", body, { "content-type": "text/plain" });
    expect([asText.status, asText.body.errors[0]?.code]).toEqual([415, "unsupported_media_type"]);
    const asJson = await call("POST /api/profile-import", body, { "content-type": "application/json; charset=utf-8" });
    expect(asJson.status).toBe(201);
  });
});

describe("profiles", () => {
  test("an import creates, then merges: null clears, what is not sent stays", async () => {
    const { call, setUp } = await start();
    const created = await call(
      "POST /api/profile-import",
      profile({
        email: " Ann@Shop.example ",
        first_name: "Ann",
        last_name: "Lee",
        properties: { seg_loyal: true, orders: 3, tags: ["a"] },
      }),
    );
    expect([created.status, created.body.data.attributes["email"]]).toEqual([201, "ann@shop.example"]);
    const updated = await setUp(
      "POST /api/profile-import",
      profile(
        { email: "ANN@shop.example", first_name: null, properties: { orders: null, spent: 12 } },
        { meta: { patch_properties: { append: { tags: "b" }, unset: "seg_loyal" } } },
      ),
    );
    expect(updated.status).toBe(200);
    expect(updated.body.data).toMatchObject({
      id: created.body.data.id,
      attributes: { first_name: null, last_name: "Lee", properties: { spent: 12, tags: ["a", "b"] } },
    });
    expect(updated.body.data.attributes["properties"]).toEqual({ spent: 12, tags: ["a", "b"] });
  });

  test("creating one that exists is a conflict that names it", async () => {
    const { call, setUp } = await start();
    const { body } = await setUp("POST /api/profiles", profile({ email: "ann@shop.example" }));
    const again = await call("POST /api/profiles", profile({ email: "Ann@shop.example" }));
    expect(again.status).toBe(409);
    expect(again.body.errors[0]).toMatchObject({
      code: "duplicate_profile",
      meta: { duplicate_profile_id: body.data.id },
    });
  });

  test("an identifier of another profile is a conflict and changes nothing", async () => {
    const { call, setUp } = await start();
    const ann = await setUp("POST /api/profiles", profile({ email: "ann@shop.example" }));
    const bob = await setUp("POST /api/profiles", profile({ email: "bob@shop.example" }));
    const taken = await call(
      "POST /api/profile-import",
      profile({ email: "ann@shop.example" }, { id: bob.body.data.id }),
    );
    expect(taken.body.errors[0]?.meta).toEqual({ duplicate_profile_id: ann.body.data.id });
    const still = await call(`GET /api/profiles/${bob.body.data.id}`);
    expect(still.body.data.attributes["email"]).toBe("bob@shop.example");
  });

  test("are found by e-mail, twenty to a page unless asked for more", async () => {
    const { call, setUp, clock } = await start();
    const emails = Array.from({ length: 30 }, (_, n) => `p${n}@shop.example`);
    await setUp("POST /api/profile-bulk-import-jobs", importJob(emails.map((email) => row({ email }))));
    clock.now += 300;
    const filter = encodeURIComponent(`any(email,${JSON.stringify([...emails, "nobody@shop.example"])})`);
    const first = await call(`GET /api/profiles?filter=${filter}&fields[profile]=email`);
    expect(first.body.data.length).toBe(20);
    const second = await call(`GET ${first.body.links.next?.replace(/^http:\/\/[^/]+/, "")}`);
    expect(second.body.links.next).toBeNull();
    const found = [...first.body.data, ...second.body.data].map(({ attributes }) => attributes);
    expect(found).toEqual(emails.map((email) => ({ email })));
    const one = await call(`GET /api/profiles?filter=${encodeURIComponent('equals(email,"P7@shop.example")')}`);
    expect(one.body.data.map(({ attributes }) => attributes["email"])).toEqual(["p7@shop.example"]);
  });
});

describe("the bulk import", () => {
  test("waits, works, and then has its whole effect", async () => {
    const { call, setUp, clock } = await start();
    const list = (await setUp("POST /api/lists", newList("Loyal"))).body.data.id;
    const job = await call("POST /api/profile-bulk-import-jobs", importJob([row({ email: "ann@shop.example" })], list));
    const at = async (millis: number) => {
      clock.now += millis;
      const [state, members] = [
        await call(`GET /api/profile-bulk-import-jobs/${job.body.data.id}`),
        await call(`GET /api/lists/${list}/profiles`),
      ];
      const { status, total_count, completed_count, failed_count } = state.body.data.attributes;
      return { status, total_count, completed_count, failed_count, members: members.body.data.length };
    };
    expect([job.status, job.body.data.attributes["status"]]).toEqual([202, "queued"]);
    const begun = { total_count: 1, completed_count: 0, failed_count: 0, members: 0 };
    expect(await at(50)).toEqual({ status: "queued", ...begun });
    expect(await at(100)).toEqual({ status: "processing", ...begun });
    expect(await at(150)).toEqual({
      status: "complete",
      total_count: 1,
      completed_count: 1,
      failed_count: 0,
      members: 1,
    });
  });

  test("names the rows it could not take and takes the others", async () => {
    const { call, setUp, clock } = await start();
    const rows = [row({ email: "ann@shop.example" }), row({ email: "not an address" }), row({ first_name: "Nobody" })];
    const job = await setUp("POST /api/profile-bulk-import-jobs", importJob(rows));
    clock.now += 300;
    const id = job.body.data.id;
    const state = await call(`GET /api/profile-bulk-import-jobs/${id}`);
    expect(state.body.data.attributes).toMatchObject({ total_count: 3, completed_count: 1, failed_count: 2 });
    const imported = await call(`GET /api/profile-bulk-import-jobs/${id}/profiles`);
    expect(imported.body.data.map(({ attributes }) => attributes["email"])).toEqual(["ann@shop.example"]);
    const first = await call(`GET /api/profile-bulk-import-jobs/${id}/import-errors?page[size]=1`);
    expect(first.body.data[0]?.attributes).toMatchObject({
      code: "invalid",
      detail: "Invalid email address",
      source: { pointer: "/data/attributes/profiles/data/1/attributes/email" },
      original_payload: rows[1],
    });
    const second = await call(`GET ${first.body.links.next?.replace(/^http:\/\/[^/]+/, "")}`);
    expect(second.body.data.map(({ attributes }) => attributes["original_payload"])).toEqual([rows[2]]);
  });

  test("never clears with null", async () => {
    const { call, setUp, clock } = await start();
    const ann = { email: "ann@shop.example", first_name: "Ann", properties: { orders: 3 } };
    const { body } = await setUp("POST /api/profile-import", profile(ann));
    const nulls = row({ email: ann.email, first_name: null, properties: { orders: null, spent: 5 } });
    await setUp("POST /api/profile-bulk-import-jobs", importJob([nulls]));
    clock.now += 300;
    const after = await call(`GET /api/profiles/${body.data.id}`);
    expect(after.body.data.attributes).toMatchObject({ first_name: "Ann", properties: { orders: 3, spent: 5 } });
  });
});

describe("lists", () => {
  test("take and lose members by profile id; unknown ids change nothing", async () => {
    const { call, setUp } = await start();
    const list = (await setUp("POST /api/lists", newList("Loyal"))).body.data.id;
    const ann = (await setUp("POST /api/profiles", profile({ email: "ann@shop.example" }))).body.data.id;
    const bob = (await setUp("POST /api/profiles", profile({ email: "bob@shop.example" }))).body.data.id;
    const members = `/api/lists/${list}/relationships/profiles`;
    const wrong = await call(`POST ${members}`, ids(ann, "01PNOBODY"));
    expect([wrong.status, wrong.body.errors[0]?.detail]).toEqual([404, "A profile with id 01PNOBODY does not exist."]);
    expect((await call(`GET ${members}`)).body.data).toEqual([]);
    expect((await setUp(`POST ${members}`, ids(ann, bob, ann))).status).toBe(204);
    expect((await setUp(`DELETE ${members}`, ids(ann))).status).toBe(204);
    expect((await setUp(`DELETE ${members}`, ids(ann))).status).toBe(204);
    expect((await call(`GET ${members}`)).body.data).toEqual([{ type: "profile", id: bob }]);
    const tooMany = await call(`POST ${members}`, ids(...Array.from({ length: 1001 }, () => bob)));
    expect(tooMany.status).toBe(400);
  });

  test("are read in pages that a removal in between does not shift", async () => {
    const { call, setUp, clock } = await start();
    const list = (await setUp("POST /api/lists", newList("Loyal"))).body.data.id;
    const emails = Array.from({ length: 5 }, (_, n) => `p${n}@shop.example`);
    await setUp(
      "POST /api/profile-bulk-import-jobs",
      importJob(
        emails.map((email) => row({ email })),
        list,
      ),
    );
    clock.now += 300;
    const first = await call(`GET /api/lists/${list}/profiles?page[size]=2&fields[profile]=email,joined_group_at`);
    expect(first.body.data.map(({ attributes }) => attributes)).toEqual([
      { email: "p0@shop.example", joined_group_at: "2026-11-23T12:02:00+00:00" },
      { email: "p1@shop.example", joined_group_at: "2026-11-23T12:02:00+00:00" },
    ]);
    await setUp(`DELETE /api/lists/${list}/relationships/profiles`, ids(first.body.data[0]?.id ?? ""));
    const second = await call(`GET ${first.body.links.next?.replace(/^http:\/\/[^/]+/, "")}`);
    expect(second.body.data.map(({ attributes }) => attributes["email"])).toEqual([
      "p2@shop.example",
      "p3@shop.example",
    ]);
    const newest = await call(`GET /api/lists/${list}/profiles?page[size]=1&sort=-joined_group_at`);
    expect(newest.body.data.map(({ attributes }) => attributes["email"])).toEqual(["p4@shop.example"]);
    const filter = encodeURIComponent('any(email,["p3@shop.example","p0@shop.example"])');
    const filtered = await call(`GET /api/lists/${list}/profiles?filter=${filter}`);
    expect(filtered.body.data.map(({ attributes }) => attributes["email"])).toEqual(["p3@shop.example"]);
    const later = encodeURIComponent("greater-than(joined_group_at,2026-11-23T12:02:00Z)");
    expect((await call(`GET /api/lists/${list}/profiles?filter=${later}`)).body.data).toEqual([]);
  });

  test("are listed ten to a page, counted when asked, and gone when deleted", async () => {
    const { call, setUp } = await start();
    for (let n = 0; n < 11; n++) await setUp("POST /api/lists", newList(`List ${n}`));
    const first = await call("GET /api/lists");
    expect(first.body.data.length).toBe(10);
    const second = await call(`GET ${first.body.links.next?.replace(/^http:\/\/[^/]+/, "")}`);
    expect(second.body.data.map(({ attributes }) => attributes["name"])).toEqual(["List 10"]);
    const id = second.body.data[0]?.id;
    const counted = await call(`GET /api/lists/${id}?additional-fields[list]=profile_count`);
    expect(counted.body.data.attributes["profile_count"]).toBe(0);
    expect((await call(`DELETE /api/lists/${id}`)).status).toBe(204);
    expect((await call(`GET /api/lists/${id}`)).status).toBe(404);
  });
});

describe("consent", () => {
  async function consentOf(call: Call, id: string) {
    const reply = await call(`GET /api/profiles/${id}?additional-fields[profile]=subscriptions`);
    const { email } = reply.body.data.attributes["subscriptions"] as {
      email: { marketing: { consent: string; suppression: { reason: string }[]; list_suppressions: unknown[] } };
    };
    const { consent, suppression, list_suppressions } = email.marketing;
    return [consent, suppression.map(({ reason }) => reason), list_suppressions.length];
  }

  async function withAnn(optIn = "single_opt_in") {
    const sandbox = await start();
    const list = (await sandbox.setUp("POST /api/lists", newList("Loyal", optIn))).body.data.id;
    const ann = (await sandbox.setUp("POST /api/profiles", profile({ email: "ann@shop.example" }))).body.data.id;
    const consent = () => consentOf(sandbox.call, ann);
    const job = async (line: string, body: unknown) => {
      await sandbox.setUp(line, body);
      sandbox.clock.now += 300;
    };
    return { ...sandbox, list, ann, consent, job };
  }

  test("is not touched by imports and list membership", async () => {
    const { call, setUp, job, list, ann, consent, ledger } = await withAnn();
    expect(await consent()).toEqual(["NEVER_SUBSCRIBED", [], 0]);
    await job("POST /api/profile-bulk-import-jobs", importJob([row({ email: "ann@shop.example" })], list));
    expect(await consent()).toEqual(["NEVER_SUBSCRIBED", [], 0]);
    await call("POST /__sandbox/unsubscribe", { email: "Ann@shop.example" });
    await setUp(`POST /api/lists/${list}/relationships/profiles`, ids(ann));
    await setUp(`DELETE /api/lists/${list}/relationships/profiles`, ids(ann));
    await job("POST /api/profile-bulk-import-jobs", importJob([row({ email: "ann@shop.example" })], list));
    expect(await consent()).toEqual(["UNSUBSCRIBED", ["UNSUBSCRIBE"], 0]);
    expect(await ledger()).toMatchObject({ consentRaised: 0, createdSubscribed: 0 });
  });

  test("raised by a request is in the books; given by the person is not", async () => {
    const { call, job, consent, ledger } = await withAnn();
    await call("POST /__sandbox/subscribe", { email: "ann@shop.example" });
    expect(await consent()).toEqual(["SUBSCRIBED", [], 0]);
    await job("POST /api/profile-subscription-bulk-create-jobs", subscribing(["ann@shop.example"]));
    expect(await ledger()).toMatchObject({ consentRaised: 0 });
    await call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    await job("POST /api/profile-subscription-bulk-create-jobs", subscribing(["ann@shop.example", "new@shop.example"]));
    expect(await consent()).toEqual(["SUBSCRIBED", [], 0]);
    expect(await ledger()).toMatchObject({
      consentRaised: 1,
      createdSubscribed: 1,
      entries: {
        consentRaised: [
          { account: "AAA111", email: "ann@shop.example", from: "UNSUBSCRIBED", operation: "bulk_subscribe_profiles" },
        ],
        createdSubscribed: [{ email: "new@shop.example", from: null }],
      },
    });
  });

  test("waits for the person on a list with double opt-in, unless it is history", async () => {
    const { job, list, consent, ledger } = await withAnn("double_opt_in");
    await job("POST /api/profile-subscription-bulk-create-jobs", subscribing(["ann@shop.example"], list));
    expect(await consent()).toEqual(["NEVER_SUBSCRIBED", [], 0]);
    const history = subscribing(["ann@shop.example"], list, { historical_import: true });
    const marketing = { consent: "SUBSCRIBED", consented_at: "2026-01-01T00:00:00Z" };
    Object.assign(history.data.attributes.profiles.data[0]?.attributes["subscriptions"] as object, {
      email: { marketing },
    });
    await job("POST /api/profile-subscription-bulk-create-jobs", history);
    expect(await consent()).toEqual(["SUBSCRIBED", [], 0]);
    expect((await ledger()).entries.consentRaised.map(({ from }) => from)).toEqual(["NEVER_SUBSCRIBED"]);
  });

  test("unsubscribing from a list: a member from the list only, anybody else altogether", async () => {
    const { call, job, setUp, list, ann, consent } = await withAnn();
    await call("POST /__sandbox/subscribe", { email: "ann@shop.example" });
    await setUp(`POST /api/lists/${list}/relationships/profiles`, ids(ann));
    await job("POST /api/profile-subscription-bulk-delete-jobs", unsubscribing(["ann@shop.example"], list));
    expect(await consent()).toEqual(["SUBSCRIBED", [], 1]);
    expect((await call(`GET /api/lists/${list}/profiles`)).body.data).toEqual([]);
    await job("POST /api/profile-subscription-bulk-delete-jobs", unsubscribing(["ann@shop.example"], list));
    expect(await consent()).toEqual(["UNSUBSCRIBED", ["UNSUBSCRIBE"], 1]);
  });

  test("lifting a suppression leaves an unsubscribe in place", async () => {
    const { call, job, consent, ledger } = await withAnn();
    await call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    await job("POST /api/profile-suppression-bulk-create-jobs", suppressing("create", ["ann@shop.example"]));
    expect(await consent()).toEqual(["UNSUBSCRIBED", ["UNSUBSCRIBE", "USER_SUPPRESSED"], 0]);
    await job("POST /api/profile-suppression-bulk-delete-jobs", suppressing("delete", ["ann@shop.example"]));
    expect(await consent()).toEqual(["UNSUBSCRIBED", ["UNSUBSCRIBE"], 0]);
    expect(await ledger()).toMatchObject({ consentRaised: 0, suppressionsLifted: 1 });
  });

  test("of somebody nobody knows cannot be withdrawn", async () => {
    const { call } = await start();
    expect((await call("POST /__sandbox/unsubscribe", { email: "x@shop.example" })).status).toBe(404);
  });
});

describe("events", () => {
  test("with a unique_id are recorded once; a copy Klaviyo cannot see is in the books", async () => {
    const { call, setUp, klaviyo, ledger } = await start();
    const recorded = () => klaviyo.snapshot().accounts[0]?.events.recorded;
    await setUp("POST /api/events", event("ann@shop.example", { unique_id: "order:1" }));
    await setUp("POST /api/events", event("ann@shop.example", { unique_id: "order:1" }));
    expect(recorded()).toBe(1);
    expect((await ledger()).duplicateEffects).toBe(0);
    await setUp("POST /api/events", event("bob@shop.example", { unique_id: "order:1" }));
    await setUp("POST /api/events", event("cat@shop.example"));
    await setUp("POST /api/events", event("cat@shop.example"));
    expect(recorded()).toBe(4);
    expect((await ledger()).entries.duplicateEffects.map(({ what }) => what)).toEqual([
      "event Placed Order recorded for two profiles under one unique_id",
      "event Placed Order recorded twice with the same content",
    ]);
    await setUp("POST /api/event-bulk-create-jobs", bulkEvents("ann@shop.example", ["1", "2"]));
    const again = await call("POST /api/event-bulk-create-jobs", bulkEvents("ann@shop.example", ["2", "3"]));
    expect([again.status, recorded()]).toEqual([400, 6]);
  });

  test("a list created twice under one name is in the books", async () => {
    const { setUp, ledger } = await start();
    await setUp("POST /api/lists", newList("Loyal"));
    await setUp("POST /api/lists", newList("Loyal"));
    expect((await ledger()).entries.duplicateEffects.map(({ what }) => what)).toEqual(['list "Loyal" created twice']);
  });
});

describe("limits", () => {
  const rateHeaders = (reply: Reply) =>
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"].map((name) => reply.headers.get(name));

  test("a second and a minute are counted per account and endpoint", async () => {
    const { call, clock, ledger } = await start();
    clock.now = NOON + 10_200;
    expect(rateHeaders(await call("GET /api/accounts"))).toEqual(["15", "14", "50", null]);
    const burst = await call("GET /api/accounts");
    expect([burst.status, burst.body.errors[0]?.code, ...rateHeaders(burst)]).toEqual([
      429,
      "throttled",
      null,
      null,
      null,
      "1",
    ]);
    const other = { authorization: "Klaviyo-API-Key pk_second" };
    expect((await call("GET /api/accounts", undefined, other)).status).toBe(200);
    expect((await call("GET /api/lists")).status).toBe(200);
    for (let n = 0; n < 14; n++) {
      clock.now += 1000;
      expect((await call("GET /api/accounts")).status).toBe(200);
    }
    clock.now = NOON + 25_000;
    const steady = await call("GET /api/accounts");
    expect([steady.status, ...rateHeaders(steady)]).toEqual([429, null, null, null, "35"]);
    clock.now = NOON + 60_000;
    expect(rateHeaders(await call("GET /api/accounts"))).toEqual(["15", "14", "60", null]);
    const books = await ledger();
    expect(books).toMatchObject({ overLimit: 2, requests: 20, overLimitShare: 0.1 });
    expect(books.byOperation["get_accounts"]).toEqual({ 200: 17, 429: 2 });
  });

  test("a refused request still costs; a 429 does not", async () => {
    const { call, clock } = await start();
    for (let n = 0; n < 10; n++) expect((await call("POST /api/lists", {})).status).toBe(400);
    expect((await call("POST /api/lists", newList("a"))).status).toBe(429);
    clock.now += 1000;
    expect(rateHeaders(await call("POST /api/lists", newList("a")))).toEqual(["150", "139", "59", null]);
  });

  test("150 lists a day", async () => {
    const { call, clock } = await start();
    for (let n = 0; n < 150; n++) {
      clock.now += 1000;
      expect((await call("POST /api/lists", newList(`List ${n}`))).status).toBe(201);
    }
    clock.now += 60_000;
    const next = await call("POST /api/lists", newList("one more"));
    const untilMidnight = 12 * 3600 - 150 - 60;
    expect([next.status, next.headers.get("retry-after")]).toEqual([429, String(untilMidnight)]);
    clock.now = Date.parse("2026-11-24T00:00:00Z");
    expect((await call("POST /api/lists", newList("tomorrow"))).status).toBe(201);
  });

  test("expensive fields have a lower limit of their own, over all endpoints together", async () => {
    const { call, setUp } = await start();
    const id = (await setUp("POST /api/lists", newList("Loyal"))).body.data.id;
    const counted = `GET /api/lists/${id}?additional-fields[list]=profile_count`;
    expect((await call(counted)).status).toBe(200);
    expect((await call(counted)).status).toBe(429);
    expect((await call(`GET /api/lists/${id}`)).status).toBe(200);
    const predicted = "additional-fields[profile]=predictive_analytics";
    for (let n = 0; n < 5; n++) {
      expect((await call(`GET /api/profiles?${predicted}`)).status).toBe(200);
      expect((await call(`GET /api/lists/${id}/profiles?${predicted}`)).status).toBe(200);
    }
    expect((await call(`GET /api/profiles?${predicted}`)).status).toBe(429);
  });
});

describe("what survives", () => {
  test("profiles, members, unfinished jobs, limits and the books survive a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-klaviyo-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const dataFile = join(folder, "state/klaviyo.json");
    const first = await start({ dataFile });
    const list = (await first.setUp("POST /api/lists", newList("Loyal"))).body.data.id;
    await first.setUp("POST /api/profiles", profile({ email: "ann@shop.example", properties: { orders: 3 } }));
    await first.call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    await first.call("GET /api/accounts");
    await first.call("POST /api/profile-bulk-import-jobs", importJob([row({ email: "bob@shop.example" })], list));
    await first.stop();

    const second = await start({ dataFile });
    second.clock.now = first.clock.now;
    expect((await second.call("GET /api/accounts")).status).toBe(429);
    expect((await second.call("GET /__sandbox/state")).body).toMatchObject({
      accounts: { AAA111: { lists: [{ id: list, name: "Loyal", members: [] }] } },
    });
    second.clock.now += 300;
    expect((await second.call("GET /__sandbox/state")).body).toMatchObject({
      accounts: {
        AAA111: {
          profiles: [
            { email: "ann@shop.example", consent: "UNSUBSCRIBED", suppressions: ["UNSUBSCRIBE"] },
            { email: "bob@shop.example", consent: "NEVER_SUBSCRIBED", suppressions: [] },
          ],
          lists: [{ id: list, members: ["bob@shop.example"] }],
        },
      },
    });
    const again = await second.call("POST /api/profiles", profile({ email: "bob@shop.example" }));
    expect(again.status).toBe(409);
    const added = await second.call("POST /api/lists", newList("Lapsed"));
    expect([list, added.body.data.id]).toEqual(["L00001", "L00005"]);
    expect((await second.ledger()).byOperation["create_list"]).toEqual({ 201: 2 });
  });
});

describe("faults", () => {
  test("a share of requests fails, the same ones for the same seed, and none is held against the caller", async () => {
    const { call, clock, ledger } = await start();
    const run = async () => {
      await call("POST /__sandbox/faults", { rate429: 0.3, rate500: 0.2, seed: 7 });
      const statuses: number[] = [];
      for (let n = 0; n < 40; n++) statuses.push((await call("GET /api/lists")).status);
      return statuses;
    };
    const first = await run();
    clock.now += 60_000;
    expect(await run()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 429, 500]));
    const books = await ledger();
    expect(books.overLimit).toBe(0);
    expect(books.injectedFaults["rate429"]).toBe(first.filter((status) => status === 429).length * 2);
    expect((await call("POST /__sandbox/faults", { rate9000: 1 })).status).toBe(400);
    expect((await call("POST /__sandbox/faults", { rate429: 2 })).status).toBe(400);
  });

  test("an answer that never comes was applied all the same", async () => {
    const { call, ledger } = await start();
    await call("POST /__sandbox/faults", { timeoutAfterApply: 1, holdMillis: 5 });
    await expect(call("POST /api/profile-import", profile({ email: "ann@shop.example" }))).rejects.toThrow(
      "fetch failed",
    );
    await call("POST /__sandbox/faults", {});
    expect((await call("POST /api/profile-import", profile({ email: "ann@shop.example" }))).status).toBe(200);
    expect((await ledger()).byOperation["create_or_update_profile"]).toEqual({ none: 1, 200: 1 });
  });

  test("a garbled answer is no JSON", async () => {
    const { call } = await start();
    await call("POST /__sandbox/faults", { badBody: 1 });
    await expect(call("GET /api/lists")).rejects.toThrow(SyntaxError);
  });

  test("a partial import fails some rows, by name", async () => {
    const { call, setUp, clock } = await start();
    await call("POST /__sandbox/faults", { partial: 1, seed: 3 });
    const rows = Array.from({ length: 20 }, (_, n) => row({ email: `p${n}@shop.example` }));
    const job = await setUp("POST /api/profile-bulk-import-jobs", importJob(rows));
    clock.now += 300;
    const state = await call(`GET /api/profile-bulk-import-jobs/${job.body.data.id}`);
    const failed = Number(state.body.data.attributes["failed_count"]);
    const errors = await call(`GET /api/profile-bulk-import-jobs/${job.body.data.id}/import-errors`);
    const imported = await call(`GET /api/profile-bulk-import-jobs/${job.body.data.id}/profiles`);
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(20);
    expect([errors.body.data.length, imported.body.data.length]).toEqual([failed, 20 - failed]);
  });
});
