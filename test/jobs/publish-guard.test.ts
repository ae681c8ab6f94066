import { afterAll, beforeAll, expect, it } from "vitest";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { createSegmentAdmin, type SegmentAdmin } from "../../app/jobs/segment-admin.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openTestDatabase } from "../support/database.ts";

const DOMAIN = "guard.myshopify.com";
const NOW = new Date("2026-11-01T12:00:00Z");
let db: Db;
let shop: ShopId;
let admin: SegmentAdmin;
let segmentId: number;

/** A segment of twenty members whom no rule below is true for. */
beforeAll(async () => {
  db = await openTestDatabase();
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
