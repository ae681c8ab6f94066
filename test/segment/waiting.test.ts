import { afterAll, beforeAll, expect, it } from "vitest";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { setTimers, takeTimers } from "../../app/segment/timer-store.server.ts";
import { waitingWork } from "../../app/segment/waiting-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
}, 60_000);
afterAll(async () => {
  await db.close();
});

it("counts who waits by what changed, and who is late by segment, also once the timer was taken and nobody decided yet", async () => {
  const shop = (await openShop(db, "waiting.myshopify.com", NOW)).id;
  const other = (await openShop(db, "elsewhere.myshopify.com", NOW)).id;
  await db.query(
    `INSERT INTO profile_queue (shop_id, customer_id, received_at, parts)
     VALUES ($1, 1, $3, 8), ($1, 2, $4, 8), ($1, 3, $3, 32), ($2, 4, $3, 8)`,
    [shop, other, at(-1), at(-5)],
  );
  await setTimers(db, shop, [
    {
      customerId: "1",
      dueAts: new Map([
        [11, at(-3)],
        [12, at(60)],
      ]),
    },
    {
      customerId: "2",
      dueAts: new Map([
        [11, at(-8)],
        [13, at(-1)],
      ]),
    },
    { customerId: "3", dueAts: new Map([[12, at(5)]]) },
  ]);
  const late = [
    { segmentId: 11, waiting: 2, oldestAt: at(-8) },
    { segmentId: 13, waiting: 1, oldestAt: at(-1) },
  ];
  const found = await waitingWork(db, shop, NOW);
  expect(found.customers.toSorted((a, b) => a.parts - b.parts)).toEqual([
    { parts: 8, waiting: 2, oldestAt: at(-5) },
    { parts: 32, waiting: 1, oldestAt: at(-1) },
  ]);
  expect(found.timers.toSorted((a, b) => a.segmentId - b.segmentId)).toEqual(late);
  await db.tx((tx) => takeTimers(tx, shop, ["1", "2"], NOW));
  const taken = await waitingWork(db, shop, NOW);
  expect(taken.timers.toSorted((a, b) => a.segmentId - b.segmentId)).toEqual(late);
  expect(taken.unattributed).toEqual({ waiting: 0, oldestAt: null });
});
