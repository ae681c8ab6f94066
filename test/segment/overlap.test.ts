import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlapView } from "../../app/components/segments/overlap-view.ts";
import { createFigures } from "../../app/jobs/figures.ts";
import { createSegmentOverlap } from "../../app/jobs/segment-overlap.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createFormat } from "../../app/platform/format.ts";
import { countMembers } from "../../app/segment/preview-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const DOMAIN = "overlap.myshopify.com";
const NOW = new Date("2026-11-10T00:00:00.000Z");

describe.each(await everyDatabase("customers in several segments are counted"))("on $kind", ({ server }) => {
  let db: Db;
  let shop: ShopId;
  let ids: number[];

  /** The first segment has customers 1 to 8, the second 5 to 10, the third 8 to 11, a fourth nobody; 12 is in none. */
  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await openShop(db, DOMAIN, NOW)).id;
    await openShop(db, "other.myshopify.com", NOW);
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, email_consent, orders_count, gross_minor, refunded_minor, exists_from, computed_at)
       SELECT shops.id, n, 'unknown', 0, 0, 0, '2026-01-01', $1 FROM shops, generate_series(1, 12) AS n`,
      [NOW],
    );
    const { rows } = await db.query<{ id: number }>("SELECT id FROM segments WHERE shop_id = $1 ORDER BY id", [shop]);
    ids = rows.map(({ id }) => id);
    await db.query("UPDATE segments SET key = 'it''s', name = 'It’s' WHERE id = $1", [ids[0]]);
    for (const [place, from, to] of [
      [0, 1, 8],
      [1, 5, 10],
      [2, 8, 11],
    ] as const) {
      await db.query(
        `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, left_at, decided_at)
         SELECT $1, $2, n, $3, CASE WHEN n < $4 THEN $3::timestamptz END, $3 FROM generate_series(1, $5::int) AS n`,
        [shop, ids[place], NOW, from, to],
      );
    }
    // Those of another shop are nobody's here.
    await db.query(
      `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, left_at, decided_at)
       SELECT (SELECT id FROM shops WHERE id <> $1), $2, n, $3, NULL, $3 FROM generate_series(1, 12) AS n`,
      [shop, ids[0], NOW],
    );
  });
  afterAll(() => db.close());

  const look = async (asked: number[]) => {
    const figures = createFigures({ now: () => 0, leastMs: 0, reuse: 0 });
    const found = await createSegmentOverlap({ db, clock: { now: () => NOW }, figures }).overlap(DOMAIN, asked);
    if (found.outcome !== "found") throw new Error(found.outcome);
    return { found, view: overlapView(found, createFormat({ locale: "en", timeZone: "UTC" })) };
  };

  it("counts each region of three segments once, and leads to the customers who are in it", async () => {
    const { found, view } = await look(ids.slice(0, 3));
    expect(view.outside).toBe("1 customer is in none of them.");
    const counted = Object.fromEntries(view.regions.map(({ words, customers }) => [words, customers]));
    const [a, b, c] = found.segments.slice(0, 3).map(({ name }) => name);
    expect(counted).toEqual({
      [`In ${a}, not in ${b} or ${c}`]: "4",
      [`In ${a} and ${b}, not in ${c}`]: "3",
      [`In ${a}, ${b}, and ${c}`]: "1",
      [`In ${b}, not in ${a} or ${c}`]: "0",
      [`In ${b} and ${c}, not in ${a}`]: "2",
      [`In ${a} and ${c}, not in ${b}`]: "0",
      [`In ${c}, not in ${a} or ${b}`]: "1",
    });
    for (const { url, customers, words } of view.regions) {
      const text = new URL(url, "http://app").searchParams.get("rule") ?? "";
      const reading = parseText(text, dictionary);
      if (reading.outcome === "refused") throw new Error(text);
      expect(await countMembers(db, shop, reading.rule, NOW), words).toBe(Number(customers));
    }
    expect(view.sets.map(({ members, shared }) => [members, shared])).toEqual([
      ["8 members", "50% of them in another one too"],
      ["6 members", "100% of them in another one too"],
      ["4 members", "75% of them in another one too"],
    ]);
  });

  it("compares the two largest unless it is told which, and none that is another shop's or asked for twice", async () => {
    expect((await look([])).view.chosen).toEqual([ids[0], ids[1]]);
    expect((await look([ids[2] ?? 0])).view.chosen).toEqual([ids[2], ids[0]]);
    const { rows } = await db.query<{ id: number }>("SELECT id FROM segments WHERE shop_id <> $1 LIMIT 1", [shop]);
    expect((await look([rows[0]?.id ?? 0, ids[1] ?? 0, ids[1] ?? 0, ids[2] ?? 0])).view.chosen).toEqual([
      ids[1],
      ids[2],
    ]);
    await db.query("UPDATE segments SET removed_at = now() WHERE shop_id = $1 AND id > $2", [shop, ids[0]]);
    expect((await look([ids[1] ?? 0])).view).toMatchObject({ chosen: [], regions: [], picture: null });
  });
});
