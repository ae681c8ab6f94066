import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { publishScheduled, startScheduleJobs } from "../../app/jobs/schedule-jobs.server.ts";
import { createSegmentAdmin, type SegmentAdmin } from "../../app/jobs/segment-admin.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { createMovableClock } from "../../app/platform/clock.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import {
  dueSchedules,
  readSchedules,
  shopsToPublish,
  stoppedSchedules,
} from "../../app/segment/schedule-store.server.ts";
import { NOBODY } from "../../app/segment/schedule.ts";
import { listVersions, readDraft } from "../../app/segment/versions-store.server.ts";
import { listSegments } from "../../app/segment/segment-store.server.ts";
import { printText } from "../../app/segment/language/print-text.ts";
import { pageOfChanges } from "../../app/shopify/audit-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const DOMAIN = "schedule.myshopify.com";
const NOW = new Date("2026-11-01T12:00:00Z");
/** 09:00 in Berlin. */
const MOMENT = new Date("2026-11-02T08:00:00Z");
const AT_NINE = { date: "2026-11-02", time: "09:00" };
const LATER = new Date("2026-11-03T00:00:00Z");

describe.each(await everyDatabase("scheduled publications"))("on $kind, a rule that is scheduled", ({ server }) => {
  let db: Db;
  let shop: ShopId;
  let admin: SegmentAdmin;
  let clock = createMovableClock(NOW);
  const log = createLog("silent");
  const queue = createLocalQueue({ catalogue, log });

  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await openShop(db, DOMAIN, NOW)).id;
    await db.query("UPDATE shops SET time_zone = 'Europe/Berlin', currency = 'EUR' WHERE id = $1", [shop]);
    admin = createSegmentAdmin({ db, clock: { now: () => clock.now() }, queue });
  });
  afterAll(async () => {
    await queue.close();
    await db.close();
  });

  const given = { author: "Ada", message: "", confirmed: 0, announced: false };
  /** A segment that nobody is in. */
  async function segmentNamed(name: string): Promise<number> {
    const made = await admin.publish(DOMAIN, {
      ...given,
      segmentId: null,
      name,
      text: "number_of_orders >= 3",
      version: 0,
    });
    if (made.outcome !== "published") throw new Error(made.outcome);
    return made.segmentId;
  }
  const schedule = (
    segmentId: number | null,
    name: string,
    more: Partial<Parameters<SegmentAdmin["schedule"]>[1]> = {},
  ) =>
    admin.schedule(DOMAIN, {
      ...given,
      ...AT_NINE,
      until: null,
      segmentId,
      name,
      text: "number_of_orders >= 5",
      message: "For the sale",
      version: 1,
      ...more,
    });
  const dueOf = async (segmentId: number, at = MOMENT) =>
    (await dueSchedules(db, shop, at)).filter((one) => one.segmentId === segmentId);
  const publishDue = async (segmentId: number, at = MOMENT) => {
    const [due] = await dueOf(segmentId, at);
    return due ? publishScheduled({ db, queue }, shop, due, at) : "nothing due";
  };
  const stoppedOf = async (segmentId: number) => (await readSchedules(db, shop)).get(segmentId)?.stopped;
  const rulesOf = async (segmentId: number) =>
    (await listVersions(db, shop, segmentId)).map(({ text, author, scheduled }) => ({ text, author, scheduled }));
  const loggedOf = async (name: string) =>
    (await pageOfChanges(db, shop, { subject: "segment", author: null, window: "first", limit: 100 })).rows
      .filter((change) => change.name === name)
      .map(({ author, action, after }) => [author, action, after?.["scheduledFor"] ?? null])
      .toReversed();
  const first = { text: "number_of_orders >= 3", author: "Ada", scheduled: false };

  it("is live from its moment on, once, whoever else tries, with its author; a draft saved meanwhile stays", async () => {
    const id = await segmentNamed("Sale");
    expect(await schedule(id, "Sale of the year")).toEqual({ outcome: "scheduled", segmentId: id });
    await admin.saveDraft(DOMAIN, id, { text: "number_of_orders >= 7", author: "Ben" });
    expect(await shopsToPublish(db, new Date(MOMENT.getTime() - 1))).toEqual([]);
    expect(await dueOf(id, new Date(MOMENT.getTime() - 1))).toEqual([]);
    expect(await shopsToPublish(db, MOMENT)).toEqual([{ shopId: shop, at: MOMENT }]);
    expect(await rulesOf(id)).toEqual([first]);

    const [due] = await dueOf(id);
    if (!due) throw new Error("It is due.");
    const workers = [1, 2, 3].map(() => publishScheduled({ db, queue }, shop, due, MOMENT));
    expect((await Promise.all(workers)).toSorted()).toEqual(["gone", "gone", "published"]);
    expect(await rulesOf(id)).toEqual([{ text: "number_of_orders >= 5", author: "Ada", scheduled: true }, first]);
    expect((await listVersions(db, shop, id))[0]).toMatchObject({ message: "For the sale", publishedAt: MOMENT });
    expect((await readSchedules(db, shop)).has(id)).toBe(false);
    const draft = await readDraft(db, shop, id);
    expect(draft && printText(draft.rule)).toBe("number_of_orders >= 7");
    const moment = MOMENT.toISOString();
    expect(await loggedOf("Sale")).toEqual([
      ["Ada", "created", null],
      ["Ada", "scheduled", moment],
    ]);
    expect(await loggedOf("Sale of the year")).toEqual([["Ada", "published", moment]]);
  });

  it("is published wholly or not at all, and again when what failed works", async () => {
    const id = await segmentNamed("Torn");
    await schedule(id, "Torn");
    await db.query("ALTER TABLE audit_log RENAME TO audit_log_away");
    await expect(publishDue(id)).rejects.toThrow("audit_log");
    await db.query("ALTER TABLE audit_log_away RENAME TO audit_log");
    expect(await rulesOf(id)).toEqual([first]);
    expect(await publishDue(id, LATER)).toBe("published");
    expect(await publishDue(id, LATER)).toBe("nothing due");
  });

  it("is kept for review where more would move than was agreed to, and is done with once that was published", async () => {
    const id = await segmentNamed("Large");
    const members = (from: number, to: number) =>
      db.query(
        `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
         SELECT $1, $2, id, $3, $3 FROM generate_series($4::int, $5::int) AS id`,
        [shop, id, NOW, from, to],
      );
    await members(1, 20);
    expect(await schedule(id, "Large")).toMatchObject({ outcome: "guarded", leaves: 20 });
    expect((await readSchedules(db, shop)).has(id)).toBe(false);
    expect(await schedule(id, "Large", { confirmed: 22 })).toMatchObject({ outcome: "scheduled" });
    await members(21, 23);
    expect(await publishDue(id)).toBe("guarded");
    expect(await stoppedOf(id)).toEqual({ why: "guarded", moves: 23 });
    expect(await publishDue(id, LATER)).toBe("nothing due");
    expect(await rulesOf(id)).toEqual([first]);
    expect((await loggedOf("Large")).at(-1)).toEqual(["Muster", "not published", MOMENT.toISOString()]);

    const publish = { ...given, segmentId: id, name: "Large", text: "number_of_orders >= 6", version: 1 };
    expect(await admin.publish(DOMAIN, { ...publish, confirmed: 23 })).toMatchObject({ outcome: "published" });
    expect((await readSchedules(db, shop)).has(id)).toBe(false);
  });

  it("can be moved and cancelled until then: what was found before that is not published", async () => {
    const id = await segmentNamed("Moved");
    await schedule(id, "Moved");
    const [found] = await dueOf(id);
    if (!found) throw new Error("It is due.");
    expect(await schedule(id, "Moved", { time: "10:00" })).toMatchObject({ outcome: "scheduled" });
    expect(await publishScheduled({ db, queue }, shop, found, MOMENT)).toBe("gone");
    expect(await publishDue(id)).toBe("nothing due");
    // What is refused leaves what was scheduled as it was.
    expect(await schedule(id, "Moved", { text: "segments CONTAINS 'moved'" })).toMatchObject({ outcome: "refused" });
    expect(await schedule(id, "Moved", { date: "2026-10-01" })).toMatchObject({ reason: "That moment has passed." });
    const [moved] = await dueOf(id, LATER);
    expect(moved?.at).toEqual(new Date("2026-11-02T09:00:00Z"));
    await admin.unschedule(DOMAIN, id, "Ben");
    if (moved) expect(await publishScheduled({ db, queue }, shop, moved, LATER)).toBe("gone");
    expect(await rulesOf(id)).toEqual([first]);
    const draft = await readDraft(db, shop, id);
    expect(draft && printText(draft.rule)).toBe("number_of_orders >= 5");
    expect((await loggedOf("Moved")).map(([author, action]) => `${author} ${action}`)).toEqual([
      "Ada created",
      "Ada scheduled",
      "Ada scheduled",
      "Ben taken off the schedule",
    ]);
  });

  it("is kept for review where the segment is another by then, is gone, or asks for one that is", async () => {
    const [overtaken, removed, asking, asked] = [
      await segmentNamed("Overtaken"),
      await segmentNamed("Away"),
      await segmentNamed("Asking"),
      await segmentNamed("Asked"),
    ];
    await schedule(overtaken, "Overtaken");
    await schedule(removed, "Away");
    await schedule(asking, "Asking", { text: "segments CONTAINS 'asked'" });
    const publish = { ...given, segmentId: overtaken, name: "Overtaken", text: "number_of_orders >= 9", version: 1 };
    expect(await admin.publish(DOMAIN, publish)).toMatchObject({ outcome: "published" });
    const away = { lists: "kept", exits: "silent", author: "Ben" } as const;
    for (const id of [removed, asked]) expect(await admin.remove(DOMAIN, id, away)).toEqual({ outcome: "done" });
    for (const id of [overtaken, removed, asking]) await publishDue(id);
    expect(await stoppedOf(overtaken)).toEqual({ why: "overtaken", version: 2 });
    expect(await stoppedOf(removed)).toEqual({ why: "removed" });
    expect(await stoppedOf(asking)).toEqual({ why: "unknown_segments", keys: ["asked"] });
    expect(await admin.restore(DOMAIN, removed, "Ben")).toEqual({ outcome: "done" });
    expect(await publishDue(removed, LATER)).toBe("nothing due");
  });

  const noon = { date: "2026-11-02", time: "12:00" };
  /** 12:00 in Berlin. */
  const NOON = new Date("2026-11-02T11:00:00Z");

  it("can be the first of a segment, which is there at once with nobody in it, and again after its end", async () => {
    const scheduled = await schedule(null, "New", { version: 0, until: noon });
    if (scheduled.outcome !== "scheduled") throw new Error(scheduled.outcome);
    const id = scheduled.segmentId;
    const nobody = { text: "NOT (sample(100%))", author: "Ada", scheduled: false };
    expect(await rulesOf(id)).toEqual([nobody]);
    expect(await publishDue(id)).toBe("published");
    expect((await readSchedules(db, shop)).get(id)).toMatchObject({ at: NOON, until: null, returns: true, version: 2 });
    expect(await publishDue(id, NOON)).toBe("published");
    expect(await rulesOf(id)).toEqual([
      { ...nobody, scheduled: true },
      { text: "number_of_orders >= 5", author: "Ada", scheduled: true },
      nobody,
    ]);
    expect((await readSchedules(db, shop)).has(id)).toBe(false);
    expect(await loggedOf("New")).toEqual([
      ["Ada", "created", null],
      ["Ada", "scheduled", MOMENT.toISOString()],
      ["Ada", "published", MOMENT.toISOString()],
      ["Ada", "published", NOON.toISOString()],
    ]);
    // What cannot be scheduled leaves no segment behind.
    const count = async () => (await db.query("SELECT FROM segments")).rowCount;
    const before = await count();
    for (const refused of [
      { text: "segments CONTAINS 'not_there'" },
      { until: AT_NINE },
      { until: { date: "2027-12-01", time: "12:00" } },
      { until: { date: "", time: "12:00" } },
    ]) {
      expect(await schedule(null, "Never", { version: 0, ...refused })).toMatchObject({ outcome: "refused" });
    }
    expect(await schedule(null, "New", { version: 0 })).toMatchObject({ outcome: "refused" });
    expect(await count()).toBe(before);
  });

  it("ends by itself: the rule and the name of before are back, however many move, unless that is called off", async () => {
    const [back, kept, over, overtaken] = [
      await segmentNamed("Back"),
      await segmentNamed("Kept"),
      await segmentNamed("Over"),
      await segmentNamed("Changed"),
    ];
    for (const id of [back, kept, over, overtaken]) {
      expect(await schedule(id, `Sale ${id}`, { until: noon })).toMatchObject({ outcome: "scheduled" });
    }
    expect(await publishDue(over, NOON)).toBe("over");
    for (const id of [back, kept, overtaken]) expect(await publishDue(id)).toBe("published");
    await db.query(
      `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
       SELECT $1, $2, id, $3, $3 FROM generate_series(1, 20) AS id`,
      [shop, back, MOMENT],
    );
    await admin.unschedule(DOMAIN, kept, "Ben");
    const publish = { ...given, segmentId: overtaken, name: "Changed", text: "number_of_orders >= 9", version: 2 };
    expect(await admin.publish(DOMAIN, publish)).toMatchObject({ outcome: "published" });
    const due = [await publishDue(back, NOON), await publishDue(kept, NOON), await publishDue(overtaken, NOON)];
    expect(due).toEqual(["published", "nothing due", "overtaken"]);
    const texts = async (id: number) => (await rulesOf(id)).map(({ text }) => text);
    expect(await texts(back)).toEqual(["number_of_orders >= 3", "number_of_orders >= 5", "number_of_orders >= 3"]);
    expect(await texts(kept)).toEqual(["number_of_orders >= 5", "number_of_orders >= 3"]);
    expect(await readDraft(db, shop, kept)).toBeNull();
    const names = new Map((await listSegments(db, shop)).map(({ id, name }) => [id, name]));
    expect([names.get(back), names.get(kept)]).toEqual(["Back", `Sale ${kept}`]);
    const stopped = (await stoppedSchedules(db, shop)).filter(({ segmentId }) => [over, overtaken].includes(segmentId));
    expect(stopped).toEqual([
      { segmentId: over, name: "Over", at: MOMENT, stopped: { why: "over" } },
      { segmentId: overtaken, name: "Changed", at: NOON, stopped: { why: "overtaken", version: 3 } },
    ]);
  });

  it("begins at once and ends by itself, unless another waits or its end is none", async () => {
    const [flash, waited] = [await segmentNamed("Flash"), await segmentNamed("Waited")];
    const publish = (segmentId: number | null, name: string, more: { text?: string; until?: typeof noon } = {}) =>
      admin.publish(DOMAIN, {
        ...given,
        segmentId,
        name,
        text: "number_of_orders >= 5",
        version: segmentId === null ? 0 : 1,
        until: noon,
        ...more,
      });
    await schedule(waited, "Waited", { text: "number_of_orders >= 8" });
    const count = async () => (await db.query("SELECT FROM segment_versions")).rowCount;
    const before = await count();
    for (const [segmentId, more] of [
      [waited, {}],
      [flash, { text: "number_of_orders >= 3" }],
      [flash, { until: { date: "2026-11-01", time: "12:00" } }],
      [flash, { until: { date: "", time: "12:00" } }],
      [null, { until: { date: "2028-01-01", time: "12:00" } }],
    ] as const) {
      expect(await publish(segmentId, "Flash sale", more)).toMatchObject({ outcome: "refused" });
    }
    expect(await count()).toBe(before);

    expect(await publish(flash, "Flash sale")).toMatchObject({ outcome: "published", version: 2 });
    const made = await publish(null, "For a while");
    if (made.outcome !== "published") throw new Error(made.outcome);
    expect((await readSchedules(db, shop)).get(flash)).toMatchObject({ at: NOON, returns: true, name: "Flash" });
    expect(await publishDue(flash, new Date(NOON.getTime() - 1))).toBe("nothing due");
    expect(await publishDue(flash, NOON)).toBe("published");
    expect(await publishDue(made.segmentId, NOON)).toBe("published");
    const texts = async (id: number) => (await rulesOf(id)).map(({ text }) => text);
    expect(await texts(flash)).toEqual(["number_of_orders >= 3", "number_of_orders >= 5", "number_of_orders >= 3"]);
    expect(await texts(made.segmentId)).toEqual([printText(NOBODY), "number_of_orders >= 5"]);
    expect((await listSegments(db, shop)).find(({ id }) => id === flash)?.name).toBe("Flash");
  });

  it("is published by a worker that comes back after its moment, and at its moment by one that is there", async () => {
    const [late, punctual] = [await segmentNamed("Late"), await segmentNamed("Punctual")];
    await schedule(late, "Late");
    await schedule(punctual, "Punctual", { date: "2026-11-04" });
    clock = createMovableClock(LATER);
    const stop = startScheduleJobs({ db, queue, clock, log });
    onTestFinished(stop);
    await expect.poll(async () => (await rulesOf(late)).length, { timeout: 10_000 }).toBe(2);
    expect((await listVersions(db, shop, late))[0]?.publishedAt).toEqual(LATER);
    expect((await rulesOf(punctual)).length).toBe(1);
    clock.advance(new Date("2026-11-04T08:00:00Z"));
    await expect.poll(async () => (await rulesOf(punctual)).length, { timeout: 10_000 }).toBe(2);
  });
});
