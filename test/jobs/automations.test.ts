import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAutomationAdmin, type AutomationAdmin } from "../../app/jobs/automation-admin.server.ts";
import { deliverDue } from "../../app/jobs/automation-jobs.server.ts";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { holdOffErasures } from "../../app/ingest/erased/erased-store.server.ts";
import type { CallOut, Called } from "../../app/platform/call-out.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db, Sql } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { erasePerson } from "../../app/privacy/personal-rows-store.server.ts";
import { announce } from "../../app/segment/automations/announce.server.ts";
import { claimTag, dueAutomations } from "../../app/segment/automations/runs-store.server.ts";
import type { Interval } from "../../app/segment/evaluation/customer-history.ts";
import { membershipDifference } from "../../app/segment/membership-difference.ts";
import { recordScopes } from "../../app/shopify/shop-store.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const DOMAIN = "automate.myshopify.com";
const START = Date.parse("2030-01-01T12:00:00Z");
const minute = (count: number): Date => new Date(START + count * 60_000);

describe.each(await everyDatabase("automations"))("automations on $kind", ({ server }) => {
  const crypto = createCrypto([Buffer.alloc(32, 1).toString("base64")]);
  let db: Db;
  let shop: ShopId;
  let segmentId = 0;
  let admin: AutomationAdmin;
  let now = minute(0);
  let answer: Called = { outcome: "answered", status: 200, retryAfterMs: null, start: "" };
  const calls: Parameters<CallOut>[0][] = [];
  const callOut: CallOut = async (call) => {
    calls.push(call);
    return answer;
  };
  /** The tags of every customer, as Shopify has them. */
  const tags = new Map<string, Set<string>>();
  const triggers: { handle: string; payload: unknown }[] = [];
  /** Done once, between what Shopify is asked and what it answers. */
  let meanwhile: (() => Promise<unknown>) | null = null;
  const ask: AskAdmin = async (operation, variables, shape) => {
    const first = meanwhile;
    meanwhile = null;
    await first?.();
    const held = tags.get(String(variables["id"])) ?? new Set<string>();
    tags.set(String(variables["id"]), held);
    const none = { userErrors: [] };
    if (operation.includes("tagsAdd")) held.add(String(variables["tag"]));
    if (operation.includes("tagsRemove")) held.delete(String(variables["tag"]));
    if (operation.includes("flowTriggerReceive")) triggers.push(variables as never);
    const data = {
      customer: { id: variables["id"], tags: [...held] },
      tagsAdd: none,
      tagsRemove: none,
      flowTriggerReceive: none,
    };
    return { outcome: "answered", data: shape.parse(data), restMs: 0 };
  };

  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await openShop(db, DOMAIN, minute(-10))).id;
    const { rows } = await db.query<{ id: number }>("SELECT min(id) AS id FROM segments WHERE shop_id = $1", [shop]);
    segmentId = rows[0]?.id ?? 0;
    admin = createAutomationAdmin({
      db,
      clock: { now: () => now },
      queue: createLocalQueue({ catalogue, log: createLog("silent") }),
      crypto,
      callOut,
      adminOf: () => Promise.reject(new Error("no sample is about a customer here")),
      sandboxOrigin: undefined,
    });
  }, 120_000);
  afterAll(() => db.close());

  const stay = (from: number, to: number | null = null): Interval => ({
    enteredAt: minute(from),
    leftAt: to === null ? null : minute(to),
  });
  const decide = (customerId: string, before: Interval[], after: Interval[], at: number, dies = false) =>
    db.tx(async (tx) => {
      const difference = membershipDifference(before, after, minute(at));
      const moved = [{ segmentId, customerId, before, difference }];
      const rung = await announce(tx, shop, moved, { now: minute(at), realNow: new Date() });
      if (dies) throw new Error("killed");
      return rung;
    });
  const form = { segmentId, id: null, name: "Tell", onEntry: true, onExit: true, url: "", tag: "", present: false };
  const save = async (given: Partial<Parameters<AutomationAdmin["save"]>[1]>) => {
    const saved = await admin.save(DOMAIN, { ...form, kind: "webhook", segmentId, ...given }, "Ada");
    const page = await admin.open(DOMAIN, String(segmentId), { customer: "", state: "", window: "first" });
    return { saved, id: page.outcome === "found" ? (page.automations.at(-1)?.id ?? 0) : 0 };
  };
  const work = (id: number, at = new Date()) => deliverDue({ sql: db, shop, crypto, callOut, ask, now: at }, id);
  const log = async (customer: string) => {
    const page = await admin.open(DOMAIN, String(segmentId), { customer, state: "", window: "first" });
    return page.outcome === "found" ? page.runs.rows : [];
  };

  it("sends a signed message for each transition, once, in order, and keeps trying with the same id", async () => {
    const { saved, id } = await save({ url: "https://receiver.example/hook" });
    const secret = saved.outcome === "saved" ? (saved.secret ?? "") : "";
    expect(secret).toMatch(/^whsec_/);
    await expect(decide("1", [], [stay(5)], 6, true)).rejects.toThrow("killed");
    expect(await log("1")).toEqual([]);
    expect(await decide("1", [], [stay(5)], 6)).toEqual([id]);
    expect(await decide("1", [stay(5)], [stay(4)], 7)).toEqual([]);
    await decide("1", [stay(4)], [stay(4, 9)], 9);

    answer = { outcome: "answered", status: 500, retryAfterMs: null, start: "" };
    expect(await work(id)).toBe(1);
    expect(await work(id)).toBe(0);
    answer = { outcome: "answered", status: 204, retryAfterMs: null, start: "" };
    const later = new Date(Date.now() + 60_000);
    expect(await work(id, later)).toBe(1);
    expect(await work(id, later)).toBe(1);
    expect(await work(id, later)).toBe(0);

    expect(calls.map(({ body }) => JSON.parse(body).type)).toEqual([
      "segment.entered",
      "segment.entered",
      "segment.left",
    ]);
    const [first, second, third] = calls;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(third?.headers["webhook-id"]).not.toBe(first?.headers["webhook-id"]);
    const signed = `${first?.headers["webhook-id"]}.${first?.headers["webhook-timestamp"]}.${first?.body}`;
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    expect(first?.headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    expect(JSON.parse(first?.body ?? "")).toMatchObject({ data: { customer: { id: "gid://shopify/Customer/1" } } });

    const [left, entered] = await log("1");
    expect(left).toMatchObject({ change: "left", state: "done", tries: [{ status: 204 }] });
    expect(entered).toMatchObject({ change: "entered", state: "done", tries: [{ status: 500 }, { status: 204 }] });

    expect(await admin.replay(DOMAIN, entered?.id ?? "")).toMatchObject({ outcome: "done" });
    expect(await work(id)).toBe(1);
    expect(calls.at(-1)?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);

    expect(await admin.rotate(DOMAIN, id, "Ada")).toMatchObject({ outcome: "rotated" });
    expect(await admin.test(DOMAIN, { id, change: "entered", customer: "" })).toMatchObject({
      result: { outcome: "done", status: 204 },
    });
    expect(calls.at(-1)?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect(JSON.parse(calls.at(-1)?.body ?? "")).toMatchObject({ data: { customer: null, sample: true } });

    answer = { outcome: "answered", status: 410, retryAfterMs: null, start: "" };
    await decide("2", [], [stay(11)], 12);
    await work(id);
    expect(await decide("3", [], [stay(13)], 13)).toEqual([]);
    now = minute(20);
    await admin.resume(DOMAIN, id, "Ada");
    answer = { outcome: "answered", status: 200, retryAfterMs: null, start: "" };
    expect(await work(id)).toBe(1);
    expect((await log("2"))[0]).toMatchObject({ state: "done" });
    expect(await decide("4", [], [stay(19)], 21)).toEqual([]);
    expect(await admin.remove(DOMAIN, id, "kept", "Ada")).toMatchObject({ outcome: "done" });
    expect(await log("1")).toEqual([]);
  });

  it("refuses addresses that are not public while they are typed", async () => {
    for (const address of ["http://example.com", "https://169.254.169.254/", "https://localhost/"]) {
      const { saved } = await save({ url: address });
      expect(saved, address).toMatchObject({ outcome: "refused", field: "url" });
    }
  });

  it("puts a tag on and takes off only what Muster put on, whichever automation comes first", async () => {
    const [one, two] = [
      await save({ kind: "customer_tag", tag: "VIP" }),
      await save({ kind: "customer_tag", tag: "VIP" }),
    ];
    const gid = (id: string): string => `gid://shopify/Customer/${id}`;
    tags.set(gid("11"), new Set(["vip"]));
    await decide("10", [], [stay(31)], 32);
    await decide("11", [], [stay(31)], 32);
    for (const id of [one.id, two.id]) await work(id);
    expect([...(tags.get(gid("10")) ?? [])]).toEqual(["VIP"]);
    expect((await log("11")).map(({ state }) => state)).toEqual(["skipped", "skipped"]);

    for (const id of ["10", "11"]) await decide(id, [stay(31)], [stay(31, 33)], 33);
    await work(one.id);
    expect([...(tags.get(gid("10")) ?? [])]).toEqual(["VIP"]);
    await work(two.id);
    expect([...(tags.get(gid("10")) ?? [])]).toEqual([]);
    expect([...(tags.get(gid("11")) ?? [])]).toEqual(["vip"]);

    await recordScopes(db, shop, ["read_customers"], new Date());
    await decide("12", [], [stay(34)], 34);
    await work(one.id);
    const page = await admin.open(DOMAIN, String(segmentId), { customer: "12", state: "", window: "first" });
    expect(page).toMatchObject({ tagsNeed: expect.stringContaining("write_customers") });
    expect(page.outcome === "found" && page.automations.find(({ id }) => id === one.id)).toMatchObject({
      state: "paused",
      stateReason: expect.stringContaining("write_customers"),
    });
    for (const { id } of [one, two]) await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  it("leaves a tag that comes late as the customer stands by then, after a pause and when it is sent again", async () => {
    await recordScopes(db, shop, ["read_customers", "write_customers"], new Date());
    const late = await save({ kind: "customer_tag", tag: "Late" });
    const ever = await save({ kind: "customer_tag", tag: "Ever", onExit: false });
    const held = (id: string): string[] => [...(tags.get(`gid://shopify/Customer/${id}`) ?? [])].sort();
    await decide("40", [], [stay(35)], 36);
    for (const { id } of [late, ever]) await admin.pause(DOMAIN, id, "Ada");
    await decide("40", [stay(35)], [stay(35, 37)], 37);
    now = minute(38);
    for (const { id } of [late, ever]) {
      await admin.resume(DOMAIN, id, "Ada");
      await work(id);
    }
    expect(held("40")).toEqual(["Ever"]);
    expect((await log("40")).map(({ state }) => state).toSorted()).toEqual(["done", "skipped"]);

    await decide("41", [], [stay(39)], 39);
    await work(late.id);
    await decide("41", [stay(39)], [stay(39, 40)], 40);
    await work(late.id);
    expect(held("41")).toEqual([]);
    const [left] = await log("41");
    await decide("41", [stay(39, 40)], [stay(39, 40), stay(41)], 41);
    await work(late.id);
    expect(held("41")).toEqual(["Late"]);
    await admin.replay(DOMAIN, left?.id ?? "");
    await work(late.id);
    expect(held("41")).toEqual(["Late"]);
    for (const { id } of [late, ever]) await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  it("tells Flow, for those who are in now too when that is asked for", async () => {
    await db.query(
      `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at) VALUES ($1, $2, 21, $3, $3), ($1, $2, 22, $3, $3)`,
      [shop, segmentId, minute(1)],
    );
    const { saved, id } = await save({ kind: "flow_trigger", present: true, onExit: false });
    expect(saved).toEqual({ outcome: "saved", id, secret: null, present: 2 });
    await work(id);
    expect(triggers).toMatchObject([
      { handle: "segment-entered", payload: { customer_id: 21, Sample: false } },
      { handle: "segment-entered", payload: { customer_id: 22 } },
    ]);
    expect(await admin.test(DOMAIN, { id, change: "entered", customer: "" })).toMatchObject({
      result: { outcome: "failed" },
    });
    await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  const isMember = (sql: Sql, customerId: string, from: number) =>
    sql.query(
      "INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at) VALUES ($1, $2, $3, $4, $4)",
      [shop, segmentId, customerId, minute(from)],
    );
  const held = (id: string): string[] => [...(tags.get(`gid://shopify/Customer/${id}`) ?? [])].sort();

  it("exchanges a tag that is changed where Muster put it, and puts it on the other members when that is asked for", async () => {
    await db.query("DELETE FROM memberships WHERE shop_id = $1", [shop]);
    const about = { kind: "customer_tag", onExit: false } as const;
    const { id } = await save({ ...about, tag: "Old" });
    tags.set("gid://shopify/Customer/52", new Set(["old"]));
    for (const customer of ["51", "52", "53"]) await decide(customer, [], [stay(51)], 52);
    await work(id);
    await decide("53", [stay(51)], [stay(51, 53)], 53);
    for (const customer of ["51", "52"]) await isMember(db, customer, 51);
    expect([held("51"), held("52"), held("53")]).toEqual([["Old"], ["old"], ["Old"]]);

    expect((await save({ ...about, id, tag: "OLD", present: true })).saved).toMatchObject({ present: 0 });
    expect((await save({ ...about, id, tag: "New" })).saved).toMatchObject({ present: 2 });
    await work(id);
    expect([held("51"), held("52"), held("53")]).toEqual([["New"], ["old"], []]);
    expect((await log("53"))[0]).toMatchObject({ reason: "retagged", state: "done" });

    expect((await save({ ...about, id, tag: "Newer", present: true })).saved).toMatchObject({ present: 2 });
    await work(id);
    expect([held("51"), held("52"), held("53")]).toEqual([["Newer"], ["Newer", "old"], []]);

    meanwhile = () => save({ ...about, id, tag: "Newest" });
    await decide("54", [], [stay(54)], 54);
    await work(id);
    await work(id, new Date(Date.now() + 60_000));
    expect([held("51"), held("54")]).toEqual([["Newest"], ["Newest"]]);
    await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  it("takes its tags off with it when that is asked for, where Muster put them, and is gone after that", async () => {
    const about = { kind: "customer_tag", onExit: false } as const;
    const { id } = await save({ ...about, tag: "Bye" });
    tags.set("gid://shopify/Customer/73", new Set(["bye"]));
    for (const customer of ["71", "72", "73"]) await decide(customer, [], [stay(71)], 72);
    await work(id);
    // While the tag is on its way to one more, it is deleted.
    meanwhile = async () => {
      meanwhile = () => admin.remove(DOMAIN, id, "taken", "Ada");
    };
    await decide("74", [], [stay(72)], 73);
    await work(id);
    expect([held("71"), held("72"), held("73"), held("74")]).toEqual([["Bye"], ["Bye"], ["bye"], ["Bye"]]);

    const one = () => admin.openOne(DOMAIN, String(segmentId), String(id));
    expect(await one()).toMatchObject({ automation: { state: "ending" }, tagged: 3, ending: { total: 3, left: 3 } });
    const [{ id: runId = "" } = {}] = await log("74");
    const claim = { customerId: "75", tag: "Bye", automationId: id, runId, now: minute(74) };
    expect(await claimTag(db, shop, claim)).toBe(false);
    expect(await decide("75", [], [stay(73)], 74)).toEqual([]);
    expect((await save({ ...about, id, tag: "Hello" })).saved).toMatchObject({ outcome: "refused" });
    await admin.pause(DOMAIN, id, "Ada");
    await work(id);
    expect([held("71"), held("72"), held("73"), held("74")]).toEqual([[], [], ["bye"], ["Bye"]]);
    expect(await one()).toMatchObject({ automation: { state: "ending" }, ending: { total: 3, left: 1 } });
    await work(id);
    await work(id, new Date(Date.now() + 121_000));
    expect([held("73"), held("74")]).toEqual([["bye"], []]);
    expect(await dueAutomations(db, new Date())).toContainEqual({ shopId: shop, automationId: id });
    await work(id);
    expect(await one()).toEqual({ outcome: "gone" });
  });

  it("puts no tag on somebody who is erased while Shopify is asked about theirs, and keeps none for them", async () => {
    const { id } = await save({ kind: "customer_tag", tag: "Gone" });
    await decide("81", [], [stay(57)], 58);
    const subject = {
      customers: ["81"],
      orders: [],
      emails: [],
      phones: [],
      tokens: [],
      clients: [],
      externals: [],
      alone: false,
    };
    meanwhile = () => db.tx((tx) => erasePerson(tx, shop, subject));
    await work(id);
    await work(id, new Date(Date.now() + 600_000));
    expect(held("81")).toEqual([]);
    expect(await log("81")).toEqual([]);
    const { rows } = await db.query("SELECT FROM automation_tags WHERE shop_id = $1 AND customer_id = 81", [shop]);
    expect(rows).toEqual([]);
    await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  it("tells once of those who were in when it began, and of whoever turns out later to have been, or not to be", async () => {
    now = minute(60);
    await isMember(db, "61", 55);
    const { id } = await save({ kind: "flow_trigger", present: true });
    await decide("61", [stay(55)], [stay(55, 59)], 61);
    await decide("62", [], [stay(58)], 61);
    await decide("63", [], [stay(56, 58)], 61);
    const said = async (customer: string) => (await log(customer)).map(({ change, reason }) => `${change} ${reason}`);
    expect(await said("61")).toEqual(["left happened", "entered present"]);
    expect(await said("62")).toEqual(["entered happened"]);
    expect(await said("63")).toEqual([]);
    await admin.remove(DOMAIN, id, "kept", "Ada");
  });

  it("tells once of somebody who enters while it is being saved", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const entry = db.tx(async (tx) => {
      await holdOffErasures(tx, shop);
      const difference = membershipDifference([], [stay(59)], minute(61));
      const moved = [{ segmentId, customerId: "64", before: [], difference }];
      await announce(tx, shop, moved, { now: minute(61), realNow: new Date() });
      await isMember(tx, "64", 59);
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    const saving = save({ kind: "flow_trigger", present: true });
    await Promise.race([saving, new Promise((resolve) => setTimeout(resolve, 200))]);
    gate.resolve();
    await entry;
    const { id } = await saving;
    expect(await log("64")).toMatchObject([{ automationId: id, change: "entered", reason: "present" }]);
    await admin.remove(DOMAIN, id, "kept", "Ada");
  });
});
