import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSegments } from "../../app/jobs/build.server.ts";
import { deliverDue } from "../../app/jobs/automation-jobs.server.ts";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { closeSegments } from "../../app/jobs/close-segments.server.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { createSegmentRemoval, type SegmentRemoval } from "../../app/jobs/segment-removal.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import {
  addAutomation,
  listAutomations,
  setAutomationState,
} from "../../app/segment/automations/automations-store.server.ts";
import {
  announcePresent,
  automationsOfRemoved,
  dueAutomations,
  replayRun,
} from "../../app/segment/automations/runs-store.server.ts";
import { readBuilds, shopsToBuild } from "../../app/segment/builds-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { removedSegments } from "../../app/segment/removal-store.server.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { listSegments } from "../../app/segment/segment-store.server.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { retiredAudiences } from "../../app/sync/retire-store.server.ts";
import { audiencesToCompare, dueAudiences } from "../../app/sync/sync-store.server.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import { addressOf, createWorld, type World } from "../sync/world.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const NOW = new Date("2027-03-01T12:00:00Z");

describe.each(await everyDatabase("removing a segment"))("on $kind", ({ server }) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDatabase(server);
  }, 60_000);
  afterAll(async () => {
    await db.close();
  });

  /** A segment of seven customers who bought; one has no consent, and all others are on its list. */
  async function settled() {
    const world = await createWorld(db, "klaviyo");
    const { shop, segmentId } = world;
    const { rows } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id = $1", [shop]);
    const domain = rows[0]?.domain ?? "";
    await db.query("UPDATE segments SET definition = $2 WHERE id = $1", [segmentId, ruleOf("number_of_orders > 0")]);
    const people = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ id, consent: id === 7 ? "not_subscribed" : "subscribed" }));
    await db.query(
      `INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
       SELECT $1, id, id, 'EUR', 100, '2026-11-01', false, now(), now(), 'd' FROM generate_series(1, 7) AS id`,
      [shop],
    );
    await world.put(people);
    await db.query("UPDATE profiles SET exists_from = '2026-11-01' WHERE shop_id = $1", [shop]);
    await db.query("UPDATE memberships SET entered_at = '2026-11-01' WHERE shop_id = $1", [shop]);
    await world.connect();
    expect(await world.settle()).toBe("settled");
    const { audienceId } = await world.overview();
    const removal = createSegmentRemoval({
      db,
      clock: { now: () => NOW },
      queue: createLocalQueue({ catalogue, log: createLog("silent") }),
    });
    const sync = async (): Promise<void> => {
      const options = { db, shop, audienceId, destinations: world.destinations, now: world.now };
      for (let pass = 0; pass < 20; pass += 1) {
        if ((await syncAudience({ ...options, random: () => 0 })).outcome === "settled") return;
        await db.query("UPDATE audience_members SET due_at = now() WHERE shop_id = $1 AND due_at IS NOT NULL", [shop]);
      }
      throw new Error("it does not settle");
    };
    return { world, domain, removal, audienceId, sync };
  }

  const step = ({ shop }: World) => closeSegments(db, shop, { limit: 3, coalesceMs: 0 });
  async function close(world: World): Promise<void> {
    while ((await step(world)).more);
  }
  async function build(world: World): Promise<void> {
    while ((await buildSegments(db, world.shop, { limit: 3, now: NOW, coalesceMs: 0 })).more);
  }
  const listOf = async ({ vendor }: World): Promise<string[]> => (await vendor.audiences())[0]?.members ?? [];
  const addresses = (...ids: number[]): string[] => ids.map(addressOf);
  const remove = (
    removal: SegmentRemoval,
    domain: string,
    segmentId: number,
    lists: "kept" | "emptied",
    exits: "silent" | "announced" = "silent",
  ) => removal.remove(domain, segmentId, { lists, exits, author: "Ada" });
  async function changes({ shop }: World): Promise<string[]> {
    const { rows } = await db.query<{ words: string }>(
      "SELECT customer_id || ' ' || change || ' ' || cause AS words FROM membership_changes WHERE shop_id = $1 ORDER BY id",
      [shop],
    );
    return rows.map(({ words }) => words);
  }

  it("puts everybody out and off its list, goes on after a kill, keeps the history, and takes it all back", async () => {
    const { world, domain, removal, sync } = await settled();
    expect(await remove(removal, domain, world.segmentId, "emptied")).toEqual({ outcome: "done" });
    expect(await listSegments(db, world.shop)).toEqual([]);
    expect(await step(world)).toMatchObject({ more: true });
    // Whoever comes after the process that died finds what is left.
    expect(await removedSegments(db, world.shop)).toMatchObject([{ name: "Loyal", removedBy: "Ada", leaving: 4 }]);
    expect(await shopsToBuild(db)).toContain(world.shop);
    await close(world);
    expect(await shopsToBuild(db)).not.toContain(world.shop);
    expect((await dueAudiences(db, world.now())).map(({ shopId }) => shopId)).toContain(world.shop);
    expect(await retiredAudiences(db, world.shop)).toMatchObject([{ retired: "emptied", people: 6, leaving: 6 }]);
    await sync();
    expect(await listOf(world)).toEqual([]);
    expect((await world.vendor.audiences()).map(({ name: list }) => list)).toEqual(["Muster: Loyal"]);
    const { rows: stays } = await db.query<{ left_at: Date }>("SELECT left_at FROM memberships WHERE shop_id = $1", [
      world.shop,
    ]);
    expect(stays.map((stay) => stay.left_at)).toEqual(Array.from({ length: 7 }, () => NOW));
    expect(await changes(world)).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => `${id} left removed`));
    // Nobody looks any more at what the merchant does with the empty list.
    expect(await audiencesToCompare(db, new Date(Date.now() + 86_400_000))).not.toContainEqual(
      expect.objectContaining({ shopId: world.shop }),
    );

    expect(await removal.restore(domain, world.segmentId, "Ada")).toEqual({ outcome: "done" });
    expect((await readBuilds(db, world.shop)).map(({ finishedAt }) => finishedAt)).toEqual([null]);
    await build(world);
    await world.settle();
    expect(await listOf(world)).toEqual(addresses(1, 2, 3, 4, 5, 6));
    const { rows: again } = await db.query("SELECT FROM memberships WHERE shop_id = $1 AND left_at IS NULL", [
      world.shop,
    ]);
    expect(again).toHaveLength(7);
    await world.vendor.close();
  });

  it("leaves a list as it is: nobody is added, and only who unsubscribes or goes is taken off", async () => {
    const { world, domain, removal, sync } = await settled();
    // Two are not on the list yet: one waits to be sent, one has no consent.
    await world.put([{ id: 8 }]);
    expect(await remove(removal, domain, world.segmentId, "kept")).toEqual({ outcome: "done" });
    await close(world);
    await sync();
    expect(await listOf(world)).toEqual(addresses(1, 2, 3, 4, 5, 6));
    await world.put([{ id: 7 }, { id: 2, consent: "unsubscribed" }, { id: 9 }]);
    await db.query("DELETE FROM profiles WHERE shop_id = $1 AND customer_id = 3", [world.shop]);
    await world.project([1, 2, 3, 7, 9]);
    await sync();
    expect(await listOf(world)).toEqual(addresses(1, 4, 5, 6));
    await world.put([{ id: 2, consent: "subscribed" }]);
    await sync();
    expect(await listOf(world)).toEqual(addresses(1, 4, 5, 6));
    expect(await retiredAudiences(db, world.shop)).toMatchObject([{ retired: "kept", people: 4, leaving: 0 }]);

    // Nothing is known of them but what the test wrote.
    await db.query("DELETE FROM memberships WHERE shop_id = $1 AND customer_id > 7", [world.shop]);
    expect(await removal.restore(domain, world.segmentId, "Ada")).toEqual({ outcome: "done" });
    await build(world);
    await world.settle();
    expect(await listOf(world)).toEqual(addresses(1, 2, 4, 5, 6, 7));
    await world.vendor.close();
  });

  it("a list that is not at the vendor yet is not made for a segment that is gone", async () => {
    const { world, domain, removal, audienceId, sync } = await settled();
    await db.query("UPDATE audiences SET remote_id = NULL, state = 'ready' WHERE id = $1", [audienceId]);
    await world.put([{ id: 8 }]);
    const before = (await world.vendor.audiences()).length;
    await remove(removal, domain, world.segmentId, "kept");
    await sync();
    expect(await world.vendor.audiences()).toHaveLength(before);
    await world.vendor.close();
  });

  /** Two automations that tell Flow, one of them paused; customer 3 was told to have left, and an entry of each waits with the first. */
  async function automated({ shop, segmentId }: World) {
    const about = { segmentId, name: "Tell Flow", onEntry: true, onExit: true, secret: null } as const;
    const given = { ...about, settings: { kind: "flow_trigger" as const }, since: new Date(NOW.getTime() - 60_000) };
    const [active = 0, paused = 0] = [
      await addAutomation(db, shop, given, NOW),
      await addAutomation(db, shop, given, NOW),
    ].map(Number);
    await announcePresent(db, shop, active, new Date());
    await announcePresent(db, shop, paused, new Date());
    await setAutomationState(db, shop, paused, { state: "paused", reason: null });
    await db.query(
      `INSERT INTO automation_standings (shop_id, segment_id, customer_id, version, inside, at)
       VALUES ($1, $2, 3, 1, false, '2026-12-01'), ($1, $2, 4, 1, true, '2026-12-01')`,
      [shop, segmentId],
    );
    return { active, paused };
  }
  /** What Flow hears when everything due is sent, under whichever automation. */
  async function sent({ shop }: World, automationIds: readonly number[]): Promise<string[]> {
    const heard: string[] = [];
    const ask: AskAdmin = async (_, { handle, payload }, shape) => {
      heard.push(`${String(handle)} ${(payload as { customer_id: number }).customer_id}`);
      return { outcome: "answered", data: shape.parse({ flowTriggerReceive: { userErrors: [] } }), restMs: 0 };
    };
    const crypto = createCrypto([Buffer.alloc(32, 1).toString("base64")]);
    const callOut = () => Promise.reject(new Error("no webhook is sent here"));
    const now = new Date(Date.now() + 60_000);
    for (const id of automationIds) {
      while ((await deliverDue({ sql: db, shop, crypto, callOut, ask, now }, id)) > 0);
    }
    return heard;
  }
  async function runsOf({ shop }: World, automationId: number): Promise<string[]> {
    const { rows } = await db.query<{ words: string }>(
      `SELECT change || ' ' || reason || ' ' || state || ' ' || count(*) AS words FROM automation_runs
       WHERE shop_id = $1 AND automation_id = $2 GROUP BY change, reason, state ORDER BY 1`,
      [shop, automationId],
    );
    return rows.map(({ words }) => words);
  }
  const everyEntry = [1, 2, 3, 4, 5, 6, 7].map((id) => `segment-entered ${id}`);

  it("sends nothing of its automations: what waited is cancelled, nobody who leaves or comes back is told", async () => {
    const { world, domain, removal } = await settled();
    const { active, paused } = await automated(world);
    expect(await remove(removal, domain, world.segmentId, "emptied")).toEqual({ outcome: "done" });
    await close(world);
    for (const id of [active, paused]) expect(await runsOf(world, id)).toEqual(["entered present cancelled 7"]);
    const { rows } = await db.query<{ id: string }>("SELECT id FROM automation_runs WHERE automation_id = $1 LIMIT 1", [
      active,
    ]);
    expect(await replayRun(db, world.shop, rows[0]?.id ?? "", NOW)).toBeNull();
    expect(await sent(world, [active, paused])).toEqual([]);
    // Not even a run that came to wait is sent while the segment is away.
    await db.query("UPDATE automation_runs SET state = 'waiting', due_at = now() WHERE id = $1", [rows[0]?.id]);
    expect(await sent(world, [active, paused])).toEqual([]);
    expect((await dueAutomations(db, new Date())).map(({ automationId }) => automationId)).not.toContain(active);
    await db.query("UPDATE automation_runs SET state = 'cancelled', due_at = NULL WHERE id = $1", [rows[0]?.id]);
    expect(await automationsOfRemoved(db, world.shop)).toEqual([
      { segmentId: world.segmentId, automations: 2, waiting: 0 },
    ]);

    // While it is away it turns out that one who was told to be in never was, which is told when they come in after all.
    await db.query("UPDATE orders SET cancelled_at = now() WHERE shop_id = $1 AND customer_id = 4", [world.shop]);
    expect(await removal.restore(domain, world.segmentId, "Ada")).toEqual({ outcome: "done" });
    await build(world);
    expect(await sent(world, [active, paused])).toEqual([]);
    const later = new Date(NOW.getTime() + 60_000);
    await db.query("UPDATE orders SET cancelled_at = NULL, ordered_at = $2 WHERE shop_id = $1 AND customer_id = 4", [
      world.shop,
      later,
    ]);
    await enqueueProfiles(db, world.shop, ["4"], later);
    await recompute(db, world.shop, { limit: 10, now: later, coalesceMs: 0 });
    expect(await sent(world, [active, paused])).toEqual(["segment-entered 4"]);
    const states = (await listAutomations(db, world.shop, world.segmentId)).map(({ state }) => state);
    expect(states).toEqual(["active", "paused"]);
    const { rows: armed } = await db.query<{ since: Date }>("SELECT since FROM automations WHERE id = $1", [active]);
    expect(armed[0]?.since).toEqual(NOW);
    expect(await replayRun(db, world.shop, rows[0]?.id ?? "", new Date())).toBe(active);
    expect(await sent(world, [active])).toHaveLength(1);
    await world.vendor.close();
  });

  it("tells of those who leave where that was asked for, after what waited, and not of those who come back", async () => {
    const { world, domain, removal } = await settled();
    const { active, paused } = await automated(world);
    expect(await remove(removal, domain, world.segmentId, "emptied", "announced")).toEqual({ outcome: "done" });
    const rung = new Set<number>();
    for (let more = true; more;) {
      const closed = await step(world);
      more = closed.more;
      closed.automations.forEach((id) => rung.add(id));
    }
    expect([...rung]).toEqual([active]);
    expect((await dueAutomations(db, new Date())).map(({ automationId }) => automationId)).toContain(active);
    expect(await runsOf(world, active)).toEqual(["entered present waiting 7", "left removed waiting 6"]);
    expect(await runsOf(world, paused)).toEqual(["entered present waiting 7"]);
    const heard = await sent(world, [active, paused]);
    expect(heard.toSorted()).toEqual([...everyEntry, ...[1, 2, 4, 5, 6, 7].map((id) => `segment-left ${id}`)]);
    for (const id of [1, 7]) {
      expect(heard.indexOf(`segment-left ${id}`)).toBeGreaterThan(heard.indexOf(`segment-entered ${id}`));
    }
    expect(await runsOf(world, active)).toEqual(["entered present done 7", "left removed done 6"]);

    expect(await removal.restore(domain, world.segmentId, "Ada")).toEqual({ outcome: "done" });
    await build(world);
    expect(await sent(world, [active])).toEqual([]);
    await world.vendor.close();
  });

  it("is refused while another rule asks for it, and says which; restoring is refused while one it asks for is gone", async () => {
    const { world, domain, removal } = await settled();
    const made = await db.tx((tx) =>
      createSegment(tx, world.shop, {
        key: "asks",
        name: "Asks for it",
        rule: ruleOf("segments CONTAINS 'Loyal'"),
        author: "Ada",
        message: "",
        now: NOW,
      }),
    );
    const asks = made.outcome === "published" ? made.segmentId : 0;
    expect(await remove(removal, domain, world.segmentId, "emptied")).toEqual({
      outcome: "refused",
      reason: "It cannot be removed while other segments ask for it: Asks for it. Change their rules first.",
    });
    expect(await removedSegments(db, world.shop)).toEqual([]);
    expect(await remove(removal, domain, asks, "emptied")).toEqual({ outcome: "done" });
    expect(await remove(removal, domain, asks, "emptied")).toMatchObject({ outcome: "refused" });
    expect(await remove(removal, domain, world.segmentId, "emptied")).toEqual({ outcome: "done" });
    expect(await removal.restore(domain, asks, "Ada")).toEqual({
      outcome: "refused",
      reason: "Its rule asks for a segment that is not there: Loyal. Restore that one first.",
    });
    const { rows: others } = await db.query<{ domain: string }>("SELECT domain FROM shops WHERE id <> $1", [
      world.shop,
    ]);
    for (const other of others) {
      expect(await removal.restore(other.domain, asks, "Ada")).toMatchObject({ outcome: "refused" });
    }
    await world.vendor.close();
  });
});

function ruleOf(text: string) {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}
