import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { listen } from "./http.ts";
import type { LedgerReport } from "./ledger.ts";
import { createMailchimp } from "./mailchimp/mailchimp.ts";
import type { MailchimpOptions } from "./mailchimp/mailchimp.ts";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const KEYS = { "first-us19": { accountId: "one" }, "second-us19": { accountId: "two" } };
const SHOP = "shop000001";

interface MemberReply {
  id: string;
  email_address: string;
  status: string;
  merge_fields: Record<string, unknown>;
  tags: { name: string }[];
}

interface ReplyBody extends MemberReply {
  title: string;
  detail: string;
  errors: Record<string, string>[];
  members: MemberReply[];
  total_items: number;
  member_count: number;
}

interface Reply {
  status: number;
  headers: Headers;
  body: ReplyBody;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: Partial<MailchimpOptions> = {}) {
  const clock = { now: NOON };
  const mailchimp = createMailchimp({
    apiKeys: KEYS,
    audiences: [{ id: SHOP, name: "Shop" }],
    latencyMillis: 0,
    now: () => clock.now,
    ...options,
  });
  const { url, close } = await listen(mailchimp.handle);
  let open = true;
  const stop = async () => {
    if (!open) return;
    open = false;
    await close();
    mailchimp.close();
  };
  closers.push(stop);
  /** `/members` stands for the members of the audience that is there from the start, and so on. */
  const call = async (line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> => {
    const [method = "", path = ""] = line.split(" ");
    const full = /^\/(3\.0|__sandbox)/.test(path) ? path : `/3.0/lists/${SHOP}${path}`;
    const response = await fetch(url + full, {
      method,
      headers: { authorization: basic("first-us19"), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  };
  const put = (email: string, status_if_new = "transactional", more: Record<string, unknown> = {}) =>
    call(`PUT /members/${hash(email)}`, { email_address: email, status_if_new, ...more });
  const ledger = async () => (await call("GET /__sandbox/ledger")).body as unknown as LedgerReport;
  return { mailchimp, clock, call, put, ledger, stop };
}

const basic = (key: string) => `Basic ${Buffer.from(`anybody:${key}`).toString("base64")}`;
const hash = (email: string) => createHash("md5").update(email.toLowerCase()).digest("hex");
const emails = (count: number) => Array.from({ length: count }, (_, n) => `p${n}@shop.example`);
const addresses = (members: MemberReply[]) => members.map(({ email_address }) => email_address);

describe("who may call", () => {
  test.each([
    ["no key", { authorization: "" }, 401, "API Key Missing"],
    ["an unknown key", { authorization: basic("third-us19") }, 401, "API Key Invalid"],
    ["an unknown token", { authorization: "Bearer third" }, 401, "API Key Invalid"],
  ])("%s is refused", async (_, headers, status, title) => {
    const { call } = await start();
    const reply = await call("GET /3.0/ping", undefined, headers);
    expect([reply.status, reply.body.title, reply.headers.get("content-type")]).toEqual([
      status,
      title,
      "application/problem+json; charset=utf-8",
    ]);
  });

  test("any user name goes with a key, a token goes as Bearer, and an account sees its own audiences only", async () => {
    const { call } = await start();
    expect((await call("GET /3.0/ping")).body).toEqual({ health_status: "Everything's Chimpy!" });
    const bearer = await call("GET /3.0/", undefined, { authorization: "Bearer first-us19" });
    expect(bearer.body).toMatchObject({ account_id: "one", total_subscribers: 0 });
    const other = { authorization: basic("second-us19") };
    expect((await call("GET /3.0/lists", undefined, other)).body).toEqual({ lists: [], total_items: 0 });
    expect((await call(`GET /3.0/lists/${SHOP}`, undefined, other)).body.title).toBe("Resource Not Found");
  });

  test("ten requests of a key at a time, an eleventh is refused without a word on when to come back", async () => {
    const { call, ledger } = await start({ latencyMillis: 500 });
    const replies = await Promise.all(Array.from({ length: 12 }, () => call("GET /3.0/ping")));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.map(({ body, headers }) => [body.title, headers.get("retry-after")])).toEqual([
      ["Too Many Requests", null],
      ["Too Many Requests", null],
    ]);
    expect((await call("GET /3.0/ping")).status).toBe(200);
    expect((await call("GET /3.0/ping", undefined, { authorization: basic("second-us19") })).status).toBe(200);
    expect(await ledger()).toMatchObject({ requests: 14, overLimit: 2 });
  });
});

describe("what it refuses", () => {
  const ann = "ann@shop.example";
  test.each<[string, string, unknown, number, string]>([
    ["a path it does not hold", "GET /3.0/automations", undefined, 404, "Resource Not Found"],
    ["an unknown audience", "GET /3.0/lists/nowhere/members", undefined, 404, "Resource Not Found"],
    ["an unknown member", `GET /members/${hash("x@shop.example")}`, undefined, 404, "Resource Not Found"],
    ["changing an unknown member", `PATCH /members/${hash("x@shop.example")}`, {}, 404, "Resource Not Found"],
    ["text that is not JSON", `PUT /members/${hash(ann)}`, "{", 400, "JSON Parse Error"],
    ["no status_if_new", `PUT /members/${hash(ann)}`, { email_address: ann }, 400, "Invalid Resource"],
    [
      "an unknown status",
      `PUT /members/${hash(ann)}`,
      { email_address: ann, status_if_new: "happy" },
      400,
      "Invalid Resource",
    ],
    [
      "an invalid e-mail",
      `PUT /members/${hash("ann")}`,
      { email_address: "ann", status_if_new: "pending" },
      400,
      "Invalid Resource",
    ],
    [
      "a hash of another address",
      `PUT /members/${hash("x@shop.example")}`,
      { email_address: ann, status_if_new: "pending" },
      400,
      "Invalid Resource",
    ],
    [
      "a truth value in a merge field",
      `PUT /members/${hash(ann)}`,
      { email_address: ann, status_if_new: "pending", merge_fields: { FNAME: true } },
      400,
      "Invalid Resource",
    ],
    [
      "256 bytes in a merge field",
      `PUT /members/${hash(ann)}`,
      { email_address: ann, status_if_new: "pending", merge_fields: { FNAME: "x".repeat(256) } },
      400,
      "Invalid Resource",
    ],
    [
      "501 members in a batch",
      `POST /3.0/lists/${SHOP}`,
      { members: emails(501).map((email_address) => ({ email_address, status: "pending" })) },
      400,
      "Invalid Resource",
    ],
    ["replacing tags in a batch", `POST /3.0/lists/${SHOP}`, { members: [], sync_tags: true }, 400, "Invalid Resource"],
    [
      "501 members in a new segment",
      "POST /segments",
      { name: "Loyal", static_segment: emails(501) },
      400,
      "Invalid Resource",
    ],
    ["a segment with conditions", "POST /segments", { name: "Loyal", options: {} }, 400, "Invalid Resource"],
    ["an unknown segment", "POST /segments/9", { members_to_add: [ann] }, 404, "Resource Not Found"],
    [
      "a tag of eleven characters",
      "POST /merge-fields",
      { name: "Orders", type: "number", tag: "ORDERS_EVER" },
      400,
      "Invalid Resource",
    ],
    ["an audience without an address", "POST /3.0/lists", { name: "Shop" }, 400, "Invalid Resource"],
    ["a page size of no number", "GET /members?count=all", undefined, 400, "Invalid Resource"],
  ])("%s", async (_, line, body, status, title) => {
    const { call, mailchimp } = await start();
    const before = mailchimp.snapshot().accounts;
    const reply = await call(line, body);
    expect([reply.status, reply.body.title], reply.body.detail).toEqual([status, title]);
    expect(mailchimp.snapshot().accounts).toEqual(before);
  });

  test("501 changes of a segment in one call, in the words Mailchimp uses", async () => {
    const { call } = await start();
    const { id } = (await call("POST /segments", { name: "Loyal", static_segment: [] })).body;
    const reply = await call(`POST /segments/${id}`, { members_to_remove: emails(501) });
    expect([reply.status, reply.body.title, reply.body.detail]).toEqual([
      400,
      "Invalid Resource",
      "Maximum allowed member items exceeded, please provide at most 500 items in members_to_add field or members_to_remove field",
    ]);
  });
});

describe("members", () => {
  test("are put by the hash of their address; status_if_new is for new ones only", async () => {
    const { call, put } = await start();
    const created = await put("Ann@Shop.example", "transactional", {
      merge_fields: { FNAME: "Ann", LNAME: "Lee", SIZE: "9" },
    });
    expect(created.body).toMatchObject({
      id: hash("ann@shop.example"),
      email_address: "Ann@Shop.example",
      status: "transactional",
      merge_fields: { FNAME: "Ann", LNAME: "Lee" },
    });
    expect(created.body.merge_fields).not.toHaveProperty("SIZE");
    const updated = await put("Ann@Shop.example", "subscribed", { merge_fields: { LNAME: "" } });
    expect(updated.body).toMatchObject({ status: "transactional", merge_fields: { FNAME: "Ann", LNAME: "" } });
    expect((await call("GET /members/ANN@shop.example")).body.id).toBe(hash("ann@shop.example"));
  });

  test("cannot be added twice, and can take another address only if it is free", async () => {
    const { call, put } = await start();
    await put("ann@shop.example");
    await put("bob@shop.example");
    const again = await call("POST /members", { email_address: "ANN@shop.example", status: "subscribed" });
    expect([again.status, again.body.title]).toEqual([400, "Member Exists"]);
    const taken = await call(`PATCH /members/${hash("ann@shop.example")}`, { email_address: "bob@shop.example" });
    expect(taken.body.title).toBe("Member Exists");
    const moved = await call(`PATCH /members/${hash("ann@shop.example")}`, { email_address: "ann@home.example" });
    expect([moved.status, moved.body.id]).toEqual([200, hash("ann@home.example")]);
    expect((await call(`GET /members/${hash("ann@shop.example")}`)).status).toBe(404);
  });

  test("archived ones hide, keep their status for a request that sends none, and cannot be archived again", async () => {
    const { call, put } = await start();
    const path = `/members/${hash("ann@shop.example")}`;
    await put("ann@shop.example");
    expect((await call(`DELETE ${path}`)).status).toBe(204);
    expect((await call(`DELETE ${path}`)).body.title).toBe("Method Not Allowed");
    expect((await call("GET /members")).body.members).toEqual([]);
    expect(addresses((await call("GET /members?status=archived")).body.members)).toEqual(["ann@shop.example"]);
    expect((await put("ann@shop.example")).body.status).toBe("archived");
    expect((await put("ann@shop.example", "transactional", { status: "transactional" })).body.status).toBe(
      "transactional",
    );
    await put("pen@shop.example", "pending");
    expect((await call(`DELETE /members/${hash("pen@shop.example")}`)).status).toBe(405);
  });

  test("deleted for good cannot come back by any way", async () => {
    const { call, put } = await start();
    await put("ann@shop.example");
    await call("POST /segments", { name: "Loyal", static_segment: ["ann@shop.example"] });
    const gone = await call(`POST /members/${hash("ann@shop.example")}/actions/delete-permanent`);
    expect(gone.status).toBe(204);
    expect((await call(`GET /members/${hash("ann@shop.example")}`)).status).toBe(404);
    const forgotten = { status: 400, title: "Forgotten Email Not Subscribed" };
    expect((await put("ann@shop.example")).body).toMatchObject(forgotten);
    const added = await call("POST /members", { email_address: "ann@shop.example", status: "pending" });
    expect(added.body).toMatchObject(forgotten);
    const batch = await call(`POST /3.0/lists/${SHOP}`, {
      members: [{ email_address: "ann@shop.example", status: "pending" }],
    });
    expect(batch.body.errors).toMatchObject([{ error_code: "ERROR_GENERIC" }]);
    expect(JSON.stringify((await call("GET /__sandbox/state")).body)).not.toContain("ann@shop.example");
  });

  test("are read ten at a time, at most 1000, by status and by change", async () => {
    const { call, clock } = await start();
    const add = (from: number, to: number) =>
      call(`POST /3.0/lists/${SHOP}`, {
        members: emails(to)
          .slice(from)
          .map((email_address) => ({ email_address, status: "transactional" })),
      });
    await add(0, 500);
    await add(500, 1000);
    clock.now += 10_000;
    await add(1000, 1020);
    const page = await call("GET /members");
    expect([page.body.members.length, page.body.total_items]).toEqual([10, 1020]);
    expect((await call("GET /members?count=5000")).body.members.length).toBe(1000);
    expect(addresses((await call("GET /members?count=1000&offset=1018")).body.members)).toEqual([
      "p1018@shop.example",
      "p1019@shop.example",
    ]);
    const changed = await call(
      "GET /members?count=1000&since_last_changed=2026-11-23T12:00:00%2B00:00&fields=total_items",
    );
    expect(changed.body).toEqual({ total_items: 20 });
    await call("POST /__sandbox/unsubscribe", { email: "P7@shop.example" });
    const fields = "fields=members.id,members.status";
    expect((await call(`GET /members?status=unsubscribed&${fields}`)).body).toEqual({
      members: [{ id: hash("p7@shop.example"), status: "unsubscribed" }],
    });
  });
});

describe("the batch", () => {
  test("answers 200 with a fate for each row", async () => {
    const { call, put } = await start();
    await put("old@shop.example", "transactional", { merge_fields: { FNAME: "Old" } });
    await call("POST /__sandbox/unsubscribe", { email: "old@shop.example" });
    const members = [
      { email_address: "new@shop.example", status: "transactional" },
      { email_address: "NEW@shop.example", status: "transactional" },
      { email_address: "old@shop.example", status: "transactional" },
      { email_address: "no address", status: "transactional" },
      { email_address: "none@shop.example" },
    ];
    const fates = (reply: Reply) => {
      const { new_members, updated_members, errors, ...counts } = reply.body as unknown as {
        new_members: MemberReply[];
        updated_members: MemberReply[];
        errors: { email_address: string; error_code: string }[];
      };
      const failed = errors.map(({ email_address, error_code }) => [email_address, error_code]);
      return { new: addresses(new_members), updated: addresses(updated_members), failed, ...counts };
    };
    const first = await call(`POST /3.0/lists/${SHOP}`, { members });
    expect([first.status, fates(first)]).toEqual([
      200,
      {
        new: ["new@shop.example"],
        updated: [],
        failed: [
          ["NEW@shop.example", "ERROR_GENERIC"],
          ["old@shop.example", "ERROR_CONTACT_EXISTS"],
          ["no address", "ERROR_GENERIC"],
          ["none@shop.example", "ERROR_GENERIC"],
        ],
        total_created: 1,
        total_updated: 0,
        error_count: 4,
      },
    ]);
    const second = await call(`POST /3.0/lists/${SHOP}?skip_duplicate_check=true`, {
      members: [
        { email_address: "new@shop.example", merge_fields: { FNAME: "New" } },
        { email_address: "new@shop.example", merge_fields: { FNAME: "Newer" } },
        { email_address: "old@shop.example", status: "subscribed" },
      ],
      update_existing: true,
    });
    expect(fates(second)).toMatchObject({
      updated: ["new@shop.example"],
      failed: [["old@shop.example", "ERROR_GENERIC"]],
    });
    expect((await call("GET /members/new@shop.example")).body.merge_fields["FNAME"]).toBe("New");
    expect((await call("GET /members/old@shop.example")).body.status).toBe("unsubscribed");
  });
});

describe("a batch of operations", () => {
  const operation = (email: string, body: object) => ({
    method: "PUT",
    path: `/lists/${SHOP}/members/${hash(email)}`,
    operation_id: email,
    body: JSON.stringify({ email_address: email, ...body }),
  });
  interface BatchReply {
    id: string;
    status: string;
    finished_operations: number;
    errored_operations: number;
    response_body_url: string;
  }
  const batchOf = (reply: Reply) => reply.body as unknown as BatchReply;

  test("is done when its time has come, after the one before, and each result is in the archive", async () => {
    const { call, clock, ledger } = await start();
    const ann = operation("ann@shop.example", { status_if_new: "transactional" });
    const first = batchOf(await call("POST /3.0/batches", { operations: [ann] }));
    const again = operation("ann@shop.example", { status_if_new: "pending", status: "subscribed" });
    const bad = operation("nobody", { status_if_new: "transactional" });
    const second = batchOf(await call("POST /3.0/batches", { operations: [again, bad] }));
    expect([first.status, first.response_body_url]).toEqual(["pending", ""]);
    clock.now += 50;
    expect(batchOf(await call(`GET /3.0/batches/${first.id}`))).toMatchObject({ status: "finished" });
    expect(batchOf(await call(`GET /3.0/batches/${second.id}`))).toMatchObject({ status: "started" });
    clock.now += 50;
    const done = batchOf(await call(`GET /3.0/batches/${second.id}`));
    expect(done).toMatchObject({ status: "finished", finished_operations: 2, errored_operations: 1 });
    // Who is raised in a batch is raised.
    expect(await ledger()).toMatchObject({ consentRaised: 1 });

    const archive = await fetch(done.response_body_url);
    const tar = gunzipSync(Buffer.from(await archive.arrayBuffer())).toString("latin1");
    const results = JSON.parse(/\[\{.*\}\]/.exec(tar)?.[0] ?? "") as { status_code: number; operation_id: string }[];
    expect(results.map(({ status_code, operation_id }) => [status_code, operation_id])).toEqual([
      [200, "ann@shop.example"],
      [400, "nobody"],
    ]);
    clock.now += 10 * 60_000 + 1;
    expect((await fetch(done.response_body_url)).status).toBe(403);
    expect((await fetch(done.response_body_url.replace(/Signature=./, "Signature=x"))).status).toBe(403);
    const renewed = batchOf(await call(`GET /3.0/batches/${second.id}`)).response_body_url;
    expect((await fetch(renewed)).status).toBe(200);
  });

  test("that is deleted does nothing more, and of 500 pending ones there is no other", async () => {
    const { call, clock, ledger } = await start();
    const operations = [operation("ann@shop.example", { status_if_new: "transactional" })];
    const ids: string[] = [];
    for (let at = 0; at < 500; at += 1) ids.push(batchOf(await call("POST /3.0/batches", { operations })).id);
    expect((await call("POST /3.0/batches", { operations })).body.title).toBe("Too Many Requests");
    expect(await ledger()).toMatchObject({ overLimit: 1 });
    for (const id of ids) expect((await call(`DELETE /3.0/batches/${id}`)).status).toBe(204);
    clock.now += 60_000;
    expect((await call(`GET /3.0/batches/${ids[0]}`)).status).toBe(404);
    expect((await call("GET /members")).body.total_items).toBe(0);
  });

  test("that is pending survives a restart", async () => {
    const { call, clock, mailchimp } = await start();
    const operations = [operation("ann@shop.example", { status_if_new: "transactional" })];
    await call("POST /3.0/batches", { operations });
    const other = await start();
    other.mailchimp.restore(mailchimp.snapshot());
    other.clock.now = clock.now + 50;
    expect((await other.call("GET /members")).body.total_items).toBe(1);
  });
});

describe("consent", () => {
  const setStatus = (sandbox: Awaited<ReturnType<typeof start>>, email: string, status: string) =>
    sandbox.call(`PATCH /members/${hash(email)}`, { status });

  test.each([
    ["transactional", [{ from: "transactional" }]],
    ["pending", [{ from: "pending" }]],
    ["unsubscribed", [{ from: "unsubscribed" }]],
    ["subscribed", []],
  ])("a member created %s and then subscribed by a request", async (status, raised) => {
    const sandbox = await start();
    await sandbox.put("ann@shop.example", status);
    expect((await setStatus(sandbox, "ann@shop.example", "subscribed")).body.status).toBe("subscribed");
    const books = await sandbox.ledger();
    expect(books.entries.consentRaised.map(({ from }) => ({ from }))).toEqual(raised);
    expect(books.entries.createdSubscribed.map(({ email, operation }) => [email, operation])).toEqual(
      status === "subscribed" ? [["ann@shop.example", "putMember"]] : [],
    );
  });

  test.each([
    ["ended by the person", "transactional", true],
    ["ended by a bounce", "cleaned", false],
  ])("%s is not raised: only a question brings the member back", async (_, status, byPerson) => {
    const sandbox = await start();
    await sandbox.put("ann@shop.example", status);
    if (byPerson) await sandbox.call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    for (const to of ["subscribed", "transactional"]) {
      const refused = await setStatus(sandbox, "ann@shop.example", to);
      expect([refused.status, refused.body.title]).toEqual([400, "Member In Compliance State"]);
    }
    expect((await sandbox.put("ann@shop.example", "subscribed")).body.status).toBe(
      byPerson ? "unsubscribed" : "cleaned",
    );
    expect((await setStatus(sandbox, "ann@shop.example", "pending")).body.status).toBe("pending");
    expect(await sandbox.ledger()).toMatchObject({ consentRaised: 0, consentRefused: 2, createdSubscribed: 0 });
  });

  test("an archived unsubscribe stays an unsubscribe; archived and subscribed comes back so", async () => {
    const sandbox = await start();
    await sandbox.put("ann@shop.example");
    await sandbox.put("bob@shop.example", "subscribed");
    await sandbox.call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    for (const email of ["ann@shop.example", "bob@shop.example"]) await sandbox.call(`DELETE /members/${hash(email)}`);
    const batch = await sandbox.call(`POST /3.0/lists/${SHOP}`, {
      members: ["ann@shop.example", "bob@shop.example"].map((email_address) => ({
        email_address,
        status: "subscribed",
      })),
    });
    expect(batch.body).toMatchObject({
      new_members: [{ email_address: "bob@shop.example", status: "subscribed" }],
      errors: [{ email_address: "ann@shop.example", error_code: "ERROR_GENERIC" }],
    });
    expect(await sandbox.ledger()).toMatchObject({ consentRaised: 0, consentRefused: 1 });
  });

  test("given by the person is not in the books", async () => {
    const sandbox = await start();
    await sandbox.put("ann@shop.example");
    await sandbox.call("POST /__sandbox/subscribe", { email: "ann@shop.example" });
    expect((await sandbox.call("GET /members/ann@shop.example")).body.status).toBe("subscribed");
    expect((await setStatus(sandbox, "ann@shop.example", "subscribed")).status).toBe(200);
    expect(await sandbox.ledger()).toMatchObject({ consentRaised: 0, createdSubscribed: 0 });
  });
});

describe("segments", () => {
  async function withMembers() {
    const sandbox = await start();
    for (const status of ["subscribed", "transactional", "unsubscribed", "cleaned", "pending"]) {
      await sandbox.put(`${status}@shop.example`, status);
    }
    const all = ["subscribed", "transactional", "unsubscribed", "cleaned", "pending"].map(
      (each) => `${each}@shop.example`,
    );
    const segment = await sandbox.call("POST /segments", {
      name: "Loyal",
      static_segment: [...all, "nobody@shop.example"],
    });
    return { ...sandbox, segment: segment.body };
  }

  test.each([
    ["", ["subscribed"]],
    ["&include_transactional=true", ["subscribed", "transactional"]],
    ["&include_unsubscribed=true", ["subscribed", "unsubscribed"]],
    ["&include_cleaned=true", ["subscribed", "cleaned"]],
    [
      "&include_cleaned=true&include_transactional=true&include_unsubscribed=true",
      ["subscribed", "transactional", "unsubscribed", "cleaned"],
    ],
  ])("show, with '%s', the members that are %s", async (flags, statuses) => {
    const { call, segment } = await withMembers();
    const { members, total_items } = (await call(`GET /segments/${segment.id}/members?count=100${flags}`)).body;
    expect(members.map(({ status }) => status)).toEqual(statuses);
    expect(total_items).toBe(statuses.length);
    expect((await call(`GET /segments/${segment.id}?count=1${flags}`)).body.member_count).toBe(statuses.length);
  });

  test("keep an archived member for the day it comes back, and show it to nobody until then", async () => {
    const { call, put, segment } = await withMembers();
    const shown = async () => addresses((await call(`GET /segments/${segment.id}/members`)).body.members);
    await call(`DELETE /members/${hash("subscribed@shop.example")}`);
    expect(await shown()).toEqual([]);
    const added = await call(`POST /segments/${segment.id}`, { members_to_add: ["subscribed@shop.example"] });
    expect(added.body).toMatchObject({ total_added: 0, error_count: 1 });
    await put("subscribed@shop.example", "transactional", { status: "subscribed" });
    expect(await shown()).toEqual(["subscribed@shop.example"]);
  });

  test("take and lose members; who is not in the audience is an error of that row", async () => {
    const { call, segment } = await withMembers();
    const change = await call(`POST /segments/${segment.id}`, {
      members_to_add: ["SUBSCRIBED@shop.example", "x@shop.example"],
      members_to_remove: ["transactional@shop.example", "y@shop.example"],
    });
    expect(change.body).toMatchObject({
      members_added: [],
      members_removed: [{ email_address: "transactional@shop.example" }],
      errors: [{ email_addresses: ["x@shop.example", "y@shop.example"] }],
      total_added: 0,
      total_removed: 1,
      error_count: 1,
    });
    const added = await call(`POST /segments/${segment.id}`, { members_to_add: ["transactional@shop.example"] });
    expect(addresses((added.body as unknown as { members_added: MemberReply[] }).members_added)).toEqual([
      "transactional@shop.example",
    ]);
  });

  test("have one name, whatever its case, and can be deleted", async () => {
    const { call, segment } = await withMembers();
    const again = await call("POST /segments", { name: "LOYAL", static_segment: [] });
    expect([again.status, again.body.title, again.body.detail]).toEqual([
      400,
      "Bad Request",
      "Sorry, that tag already exists.",
    ]);
    expect((await call(`DELETE /segments/${segment.id}`)).status).toBe(204);
    expect((await call(`GET /segments/${segment.id}/members`)).status).toBe(404);
    expect((await call("POST /segments", { name: "LOYAL", static_segment: [] })).status).toBe(200);
  });

  test("are tags: set on a member they show in the segment", async () => {
    const { call } = await withMembers();
    const path = `/members/${hash("subscribed@shop.example")}`;
    const tags = [
      { name: "loyal", status: "inactive" },
      { name: "Big spenders", status: "active" },
      { name: "Unheard of", status: "inactive" },
    ];
    expect((await call(`POST ${path}/tags`, { tags, is_syncing: true })).status).toBe(204);
    expect((await call(`GET ${path}`)).body.tags.map(({ name }) => name)).toEqual(["Big spenders"]);
    const segments = await call("GET /segments?fields=segments.name,segments.member_count");
    expect(segments.body).toEqual({
      segments: [
        { name: "Loyal", member_count: 0 },
        { name: "Big spenders", member_count: 1 },
      ],
    });
  });
});

describe("merge fields", () => {
  test("are made, checked by type, demanded when required, and thirty at most", async () => {
    const { call, put } = await start();
    await call("POST /merge-fields", { name: "Orders", type: "number", tag: "ORDERS" });
    expect((await put("ann@shop.example", "pending", { merge_fields: { ORDERS: "many" } })).body).toMatchObject({
      title: "Invalid Resource",
      detail: "Your merge fields were invalid.",
      errors: [{ field: "ORDERS" }],
    });
    expect((await put("ann@shop.example", "pending", { merge_fields: { ORDERS: 3 } })).status).toBe(200);
    await call("POST /merge-fields", { name: "Town", type: "text", tag: "TOWN", required: true });
    expect((await put("bob@shop.example")).body.errors).toEqual([{ field: "TOWN", message: "Please enter a value" }]);
    const lenient = await call(`PUT /members/${hash("bob@shop.example")}?skip_merge_validation=true`, {
      email_address: "bob@shop.example",
      status_if_new: "pending",
    });
    expect(lenient.status).toBe(200);
    for (let n = 0; n < 25; n++)
      expect((await call("POST /merge-fields", { name: `F${n}`, type: "text" })).status).toBe(200);
    expect((await call("POST /merge-fields", { name: "one more", type: "text" })).body.title).toBe("Invalid Resource");
    expect((await call("GET /merge-fields?count=100&fields=total_items")).body).toEqual({ total_items: 30 });
  });
});

describe("what survives", () => {
  test("members, segments, the forgotten and the books survive a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-mailchimp-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const dataFile = join(folder, "mailchimp.json");
    const first = await start({ dataFile });
    await first.put("ann@shop.example", "subscribed", { merge_fields: { FNAME: "Ann" } });
    await first.put("bob@shop.example");
    await first.call("POST /segments", { name: "Loyal", static_segment: ["ann@shop.example"] });
    await first.call("POST /__sandbox/unsubscribe", { email: "ann@shop.example" });
    await first.call(`POST /members/${hash("bob@shop.example")}/actions/delete-permanent`);
    await first.stop();

    const second = await start({ dataFile });
    expect((await second.call("GET /__sandbox/state")).body).toEqual({
      accounts: {
        one: {
          audiences: [
            {
              id: SHOP,
              name: "Shop",
              webhooks: [],
              members: [{ email: "ann@shop.example", status: "unsubscribed" }],
              segments: [{ id: 1, name: "Loyal", members: ["ann@shop.example"] }],
            },
          ],
        },
        two: { audiences: [] },
      },
    });
    const raised = await second.call(`PATCH /members/${hash("ann@shop.example")}`, { status: "subscribed" });
    expect(raised.body.title).toBe("Member In Compliance State");
    expect((await second.put("bob@shop.example")).body.title).toBe("Forgotten Email Not Subscribed");
    expect((await second.call("POST /segments", { name: "Lapsed", static_segment: [] })).body.id).toBe(2);
    expect(await second.ledger()).toMatchObject({ createdSubscribed: 1, consentRefused: 1 });
  });
});

describe("faults", () => {
  test("a partial batch names the rows it left out", async () => {
    const { call } = await start();
    await call("POST /__sandbox/faults", { partial: 1, seed: 5 });
    const members = emails(20).map((email_address) => ({ email_address, status: "transactional" }));
    const batch = (await call(`POST /3.0/lists/${SHOP}`, { members })).body as unknown as Record<string, number>;
    expect(batch["error_count"]).toBeGreaterThan(0);
    expect(Number(batch["total_created"]) + Number(batch["error_count"])).toBe(20);
    await call("POST /__sandbox/faults", {});
    await call(`POST /3.0/lists/${SHOP}`, { members });
    const { id } = (await call("POST /segments", { name: "Loyal", static_segment: [] })).body;
    await call("POST /__sandbox/faults", { partial: 1, seed: 5 });
    const change = (await call(`POST /segments/${id}`, { members_to_add: emails(20) })).body as unknown as {
      total_added: number;
      errors: { email_addresses: string[] }[];
    };
    const left = change.errors[0]?.email_addresses.length ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(change.total_added).toBe(20 - left);
  });

  test("an injected 429 has no Retry-After and a lost answer was applied", async () => {
    const { call, put, ledger } = await start();
    await call("POST /__sandbox/faults", { rate429: 1 });
    const refused = await put("ann@shop.example");
    expect([refused.body.title, refused.headers.get("retry-after")]).toEqual(["Too Many Requests", null]);
    await call("POST /__sandbox/faults", { timeoutAfterApply: 1, holdMillis: 5 });
    await expect(put("ann@shop.example")).rejects.toThrow("fetch failed");
    await call("POST /__sandbox/faults", {});
    expect((await call("GET /members/ann@shop.example")).status).toBe(200);
    expect(await ledger()).toMatchObject({ overLimit: 0, injectedFaults: { rate429: 1, timeoutAfterApply: 1 } });
  });
});

test("an audience can be made, and making it twice is in the books", async () => {
  const { call, ledger } = await start();
  const contact = { company: "Shop", address1: "1 High Street", city: "Leeds", country: "GB" };
  const campaign_defaults = { from_name: "Shop", from_email: "hi@shop.example", subject: "", language: "en" };
  const list = {
    name: "News",
    permission_reminder: "You bought",
    email_type_option: false,
    contact,
    campaign_defaults,
  };
  const made = await call("POST /3.0/lists", list);
  expect((await call(`GET /3.0/lists/${made.body.id}`)).body).toMatchObject({
    name: "News",
    stats: { member_count: 0 },
  });
  await call("POST /3.0/lists", list);
  expect((await call("GET /3.0/lists?fields=total_items")).body).toEqual({ total_items: 3 });
  expect((await ledger()).entries.duplicateEffects.map(({ what }) => what)).toEqual(['audience "News" created twice']);
});
