import { describe, expect, it, onTestFinished } from "vitest";
import { erasePerson } from "../../app/privacy/personal-rows-store.server.ts";
import { recordForgotten, shopsWithChanges, trimChanges } from "../../app/recommendation/changes-store.server.ts";
import { type ChangeFollower, followChanges } from "../../app/recommendation/follow-changes.server.ts";
import { enqueueRecommendations } from "../../app/recommendation/lists-store.server.ts";
import { createReadBehind } from "../../app/recommendation/read-behind.ts";
import type { Db } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const LATER = () => new Date(Date.now() + 60_000);

async function taken(follower: ChangeFollower): Promise<string[] | "away for too long"> {
  const all: string[] = [];
  const knows = await follower.take(({ customerIds, orderIds, isErased }) =>
    Promise.resolve(
      void all.push(...customerIds, ...orderIds.map((id) => `order ${id}`), ...(isErased ? ["erased"] : [])),
    ),
  );
  return knows ? all.toSorted() : "away for too long";
}

async function begin(server?: string): Promise<{ db: Db; shop: ShopId; change(...ids: string[]): Promise<void> }> {
  const db = await openTestDatabase(server);
  onTestFinished(() => db.close());
  const shop = (await ensureShop(db, "one.myshopify.com")).id;
  return { db, shop, change: (...ids) => enqueueRecommendations(db, shop, ids, NOW) };
}

const databases = await everyDatabase("following changes");

describe.each(databases)("following changes on $kind", ({ server }) => {
  it("is not led astray by what another server counted, from which the database was moved", async () => {
    const { db, shop, change } = await begin(server);
    const follower = await followChanges(db, shop);
    await db.query(
      "INSERT INTO recommendation_changes (shop_id, position, customer_id) VALUES ($1, 1::bigint << 50, 0), ($1, 1::bigint << 50, 9)",
      [shop],
    );
    expect(await shopsWithChanges(db, [{ shop, from: 1n << 49n }])).toEqual([]);
    await change("1");
    expect(await taken(follower)).toEqual(["1"]);
  });

  it("keeps nothing of a person who was erased", async () => {
    const { db, shop, change } = await begin(server);
    const follower = await followChanges(db, shop);
    await change("1", "2");
    const nobody = { orders: [], emails: [], phones: [], tokens: [], clients: [], externals: [], alone: false };
    await db.tx((tx) => erasePerson(tx, shop, { customers: ["1"], ...nobody }));
    expect(await taken(follower)).toEqual(["2"]);
  });

  it("tells that somebody was erased and which orders are nobody's now, and not who it was", async () => {
    const { db, shop, change } = await begin(server);
    const follower = await followChanges(db, shop);
    await change("1");
    await recordForgotten(db, shop, ["77", "78"]);
    await recordForgotten(db, shop, []);
    expect(await taken(follower)).toEqual(["1", "erased", "order 77", "order 78"]);
  });
});

// On a server a transaction of another database may be running, and then some is told again.
describe("following changes with nobody beside", () => {
  it("tells every process each change once, from when it began, and again what it failed to take in", async () => {
    const { db, shop, change } = await begin();
    await change("1");
    const early = await followChanges(db, shop);
    await change("2", "3");
    const late = await followChanges(db, shop);
    expect(await shopsWithChanges(db, [{ shop, from: early.from() }])).toEqual([shop]);
    expect(await shopsWithChanges(db, [{ shop, from: late.from() }])).toEqual([]);
    await expect(early.take(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await change("3");
    expect(await taken(early)).toEqual(["2", "3"]);
    expect(await taken(late)).toEqual(["3"]);
    expect([await taken(early), await taken(late)]).toEqual([[], []]);
    const other = await ensureShop(db, "two.myshopify.com");
    await enqueueRecommendations(db, other.id, ["2"], NOW);
    expect(await taken(early)).toEqual([]);
  });

  it("says so to who was away while changes were dropped, and to nobody else", async () => {
    const { db, shop, change } = await begin();
    const [away, there] = [await followChanges(db, shop), await followChanges(db, shop)];
    await change("1");
    expect(await taken(there)).toEqual(["1"]);
    await trimChanges(db, shop, LATER());
    await trimChanges(db, shop, LATER());
    expect((await db.query("SELECT FROM recommendation_changes")).rowCount).toBe(1);
    await change("2");
    await trimChanges(db, shop, NOW);
    expect(await taken(there)).toEqual(["2"]);
    expect(await taken(away)).toBe("away for too long");
    expect(await taken(await followChanges(db, shop))).toEqual([]);
  });
});

describe.each(databases.filter(({ server }) => server !== undefined))(
  "following changes beside others on $kind",
  ({ server }) => {
    it("misses nobody whose transaction commits after later ones", async () => {
      const { db, shop, change } = await begin(server);
      const follower = await followChanges(db, shop);
      await db.tx(async (tx) => {
        await enqueueRecommendations(tx, shop, ["1"], NOW);
        await change("2");
        expect(await taken(follower)).toEqual(["2"]);
        await change("3");
        expect(await taken(follower)).toEqual(["3"]);
        // What may still be written is not dropped before it is read.
        await trimChanges(db, shop, LATER());
      });
      expect(await taken(follower)).toEqual(["1"]);
      expect(await taken(follower)).toEqual([]);
    });
  },
);

it("of events everything is read again after which a running transaction may still add some", () => {
  const read = createReadBehind();
  const after = (last: number, oldest: bigint, next: bigint): number => {
    read.advance({ last, oldest, next });
    return read.after();
  };
  expect(read.after()).toBe(0);
  expect(after(100, 7n, 7n)).toBe(100);
  // Transaction 7 is running.
  expect(after(200, 7n, 9n)).toBe(100);
  expect(after(300, 7n, 12n)).toBe(100);
  // It has ended, and all before 9 with it; 10 has not.
  expect(after(400, 10n, 15n)).toBe(200);
  expect(after(500, 16n, 16n)).toBe(500);
});
