import { afterAll, beforeAll, expect, it } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { createSegmentAdmin, type SegmentAdmin } from "../../app/jobs/segment-admin.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { addAutomation, setAutomationState } from "../../app/segment/automations/automations-store.server.ts";
import { previewView } from "../../app/components/segments/preview-view.ts";
import { createFormat } from "../../app/platform/format.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const DOMAIN = "guard.myshopify.com";
const NOW = new Date("2026-11-01T12:00:00Z");
let db: Db;
let shop: ShopId;
let admin: SegmentAdmin;
let segmentId: number;

/** A segment of twenty members whom no rule below is true for. */
beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await openShop(db, DOMAIN, NOW)).id;
  admin = createSegmentAdmin({
    db,
    clock: { now: () => NOW },
    queue: createLocalQueue({ catalogue, log: createLog("silent") }),
  });
  const listing = await admin.list(DOMAIN);
  segmentId = listing.outcome === "found" ? (listing.segments[0]?.id ?? 0) : 0;
  await member(1, 20);
});
afterAll(async () => {
  await db.close();
});

async function member(from: number, to: number): Promise<void> {
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
     SELECT $1, $2, id, $3, $3 FROM generate_series($4::int, $5::int) AS id`,
    [shop, segmentId, NOW, from, to],
  );
}

const publish = (given: { version: number; confirmed: number; name?: string; text?: string }) =>
  admin.publish(DOMAIN, {
    segmentId,
    name: "Loyal",
    text: "amount_spent > 1000",
    author: "Staff",
    message: "",
    announced: false,
    ...given,
  });
const named = async (): Promise<string | undefined> => {
  const found = await admin.open(DOMAIN, String(segmentId));
  return found.outcome === "found" ? `${found.segment.name} ${found.segment.version}` : undefined;
};

it("asks before many move, holds an agreement to the number that was shown, and knows a version that came between", async () => {
  expect(await publish({ version: 1, confirmed: 0 })).toEqual({
    outcome: "guarded",
    enters: 0,
    leaves: 20,
    members: 0,
    dependents: [],
  });
  await member(21, 25);
  expect(await publish({ version: 1, confirmed: 20 })).toMatchObject({ outcome: "guarded", leaves: 25 });
  expect(await named()).toBe("Loyal 1");
  expect(await publish({ version: 7, confirmed: 25 })).toMatchObject({
    outcome: "refused",
    reason: expect.stringContaining("Version 1 was published meanwhile"),
  });
  const circle = { text: "segments CONTAINS 'loyal'", name: "Renamed" };
  expect(await publish({ version: 1, confirmed: 25, ...circle })).toMatchObject({ outcome: "refused" });
  expect(await named()).toBe("Loyal 1");
  expect(await publish({ version: 1, confirmed: 25, name: "Spenders" })).toMatchObject({
    outcome: "published",
    version: 2,
  });
  expect(await named()).toBe("Spenders 2");
});

it("says before a publication which automations and lists it touches, how often and how many mails that could mean", async () => {
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, exists_from, computed_at)
     SELECT $1, id, id || '@example.com', CASE WHEN id < 103 THEN 'subscribed' WHEN id < 108 THEN 'not_subscribed' ELSE 'unsubscribed' END,
       5, 0, 0, '2026-01-01', $2 FROM generate_series(101, 110) AS id`,
    [shop, NOW],
  );
  const about = { segmentId, settings: { kind: "flow_trigger" as const }, secret: null, since: NOW };
  await addAutomation(db, shop, { ...about, name: "Both", onEntry: true, onExit: true }, NOW);
  await addAutomation(db, shop, { ...about, name: "Exits", onEntry: false, onExit: true }, NOW);
  const paused = await addAutomation(db, shop, { ...about, name: "Rests", onEntry: true, onExit: true }, NOW);
  await setAutomationState(db, shop, paused ?? 0, { state: "paused", reason: null });
  const ending = await addAutomation(db, shop, { ...about, name: "Goes", onEntry: true, onExit: true }, NOW);
  await db.query("UPDATE automations SET state = 'ending' WHERE id = $1", [ending]);
  await db.query(
    `WITH made AS (
       INSERT INTO destinations (shop_id, kind, credentials, settings, state, created_at)
       VALUES ($1, 'klaviyo', '', '{}', 'live', $3), ($1, 'mailchimp', '', '{}', 'live', $3) RETURNING id, kind
     )
     INSERT INTO audiences (shop_id, destination_id, segment_id, state, non_subscribed)
     SELECT $1, id, $2, 'live', kind = 'klaviyo' FROM made`,
    [shop, segmentId, NOW],
  );
  const answer = await admin.preview(DOMAIN, { text: "number_of_orders < 1", segmentId });
  expect(answer).toMatchObject({
    enters: 10,
    leaves: 25,
    mailable: 2,
    unasked: 5,
    automations: [
      { name: "Both", state: "active", entries: 10, exits: 25 },
      { name: "Exits", state: "active", entries: 0, exits: 25 },
      { name: "Rests", state: "paused", entries: 0, exits: 0 },
      { name: "Goes", state: "ending", entries: 0, exits: 0 },
    ],
  });
  const view = previewView(answer, createFormat({ locale: "en", timeZone: "UTC" }));
  expect(view.outcome === "read" && view.at).toMatch(/^12:00:00/);
  expect(view.outcome === "read" && view.automations).toEqual({
    runs: "60 times",
    lines: [
      "Both: 10 entries and 25 exits",
      "Exits: 25 exits",
      "Rests: paused, so never",
      "Goes: being deleted, so never",
    ],
  });
  expect(view.outcome === "read" && view.reach).toBe(
    "Of those who enter, 2 may be written to and are added to the lists at Klaviyo and Mailchimp. Flows there that start when somebody joins could send 4 mails. The list at Klaviyo also takes 5 who neither subscribed nor unsubscribed: they are added and get no marketing.",
  );
});

it("counts in the segments that ask for it: what moves there, the lists and automations they have, and whether that is much", async () => {
  const created = await admin.publish(DOMAIN, {
    segmentId: null,
    name: "Asks",
    text: "segments CONTAINS 'loyal' OR number_of_orders = 5",
    author: "Staff",
    message: "",
    version: 0,
    confirmed: 0,
    announced: false,
  });
  const asks = created.outcome === "published" ? created.segmentId : 0;
  // The segment itself becomes too small to be asked about.
  await db.query("UPDATE memberships SET left_at = $2 WHERE shop_id = $1 AND customer_id > 9", [shop, NOW]);
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
     SELECT $1, $2, id, $3, $3 FROM generate_series(1, 10) AS id`,
    [shop, asks, NOW],
  );
  const about = { segmentId: asks, settings: { kind: "flow_trigger" as const }, secret: null, since: NOW };
  await addAutomation(db, shop, { ...about, name: "Welcome", onEntry: true, onExit: false }, NOW);
  const text = "number_of_orders < 1";
  const answer = await admin.preview(DOMAIN, { text, segmentId });
  const view = previewView(answer, createFormat({ locale: "en", timeZone: "UTC" }));
  if (view.outcome !== "read") throw new Error("refused");
  expect(view.dependents).toEqual([
    {
      id: asks,
      name: "Asks",
      enters: "10",
      leaves: "10",
      reach:
        "Of those who enter, 2 may be written to and are added to the lists at Klaviyo and Mailchimp. Flows there that start when somebody joins could send 4 mails.",
      automations: { runs: "10 times", lines: ["Welcome: 10 entries"] },
    },
  ]);
  expect(view.runs).toBe("38 times");
  const asked = { text, version: 2, name: "Spenders" };
  expect(await publish({ ...asked, confirmed: 19 })).toEqual({
    outcome: "guarded",
    enters: 10,
    leaves: 9,
    members: 10,
    dependents: [{ name: "Asks", enters: 10, leaves: 10 }],
  });
  expect(await publish({ ...asked, confirmed: 39 })).toMatchObject({ outcome: "published", version: 3 });
});
