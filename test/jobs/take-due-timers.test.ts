import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeDueTimers } from "../../app/jobs/take-due-timers.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles, takeQueuedProfiles } from "../../app/profile/profile-store.server.ts";
import { setTimers } from "../../app/segment/timer-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { postgresUrl } from "../support/services.ts";
import { openTestDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-10T00:00:00.000Z");
const EARLIER = new Date("2026-11-09T00:00:00.000Z");
const LATER = new Date("2026-11-11T00:00:00.000Z");

const server = await postgresUrl("timers that are taken while their customers are recomputed");

describe.skipIf(server === undefined)("timers that are due", () => {
  let db: Db;
  let shop: ShopId;

  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await openShop(db, "timers.myshopify.com", NOW)).id;
  }, 60_000);
  afterAll(() => db.close());

  it("are taken and set anew at the same time without either waiting for what the other holds", async () => {
    const due = (customerId: string, at: Date) => ({ customerId, dueAts: new Map([[1, at]]) });
    await db.tx((tx) => setTimers(tx, shop, [due("1", EARLIER), due("2", EARLIER), due("3", LATER)]));
    await enqueueProfiles(db, shop, ["1"], NOW);

    let taking: Promise<unknown> = Promise.resolve();
    await db.tx(async (tx) => {
      expect(await takeQueuedProfiles(tx, shop, 10)).toMatchObject([{ customerId: "1" }]);
      taking = takeDueTimers(db, NOW, 10);
      await untilSomebodyWaits();
      await setTimers(tx, shop, [due("1", LATER)]);
    });

    expect(await taking).toEqual({ taken: 2, shops: [shop] });
    const { rows } = await db.query("SELECT customer_id, due_at FROM timers WHERE shop_id = $1 ORDER BY 1", [shop]);
    // What the other set meanwhile is still to come.
    expect(rows).toEqual([
      { customer_id: "1", due_at: LATER },
      { customer_id: "2", due_at: null },
      { customer_id: "3", due_at: LATER },
    ]);
  });

  async function untilSomebodyWaits(): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      const { rowCount } = await db.door.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      if (rowCount) return;
      await wait(10);
    }
    throw new Error("nobody waited");
  }
});
