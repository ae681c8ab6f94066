import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSegments } from "../../app/jobs/build.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { watchSegments } from "../../app/jobs/watch-jobs.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { parseDay } from "../../app/segment/language/calendar.ts";
import { createDictionary } from "../../app/segment/language/dictionary.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { createSegment, publishRule } from "../../app/segment/versions-store.server.ts";
import { readDays } from "../../app/segment/watch/figures-store.server.ts";
import { openFindings, reviewFinding, shopsToWatch } from "../../app/segment/watch/findings-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

/** Half past midnight in Berlin, on a Tuesday: the day before is the 23rd. */
const NOW = new Date("2026-11-23T23:30:00Z");
const signal = new AbortController().signal;

const dictionary = createDictionary({ traits: { points: "number", tier: "text" } });

function ruleOf(text: string) {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}

describe.each(await everyDatabase("watching segments"))("on $kind", ({ server }) => {
  let db: Db;
  let shop: ShopId;
  let segmentId: number;

  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await openShop(db, "watch.myshopify.com", NOW)).id;
    await db.query("UPDATE shops SET currency = 'EUR', time_zone = 'Europe/Berlin' WHERE id = $1", [shop]);
    await db.query("DELETE FROM segments WHERE shop_id = $1", [shop]);
    // One customer entered at noon of every day of nine weeks, each having spent 10; on the last day another thirty did.
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, email_consent, orders_count, gross_minor, refunded_minor, computed_at, exists_from)
       SELECT $1, n, 'subscribed', 1, 1200, 200, now(), '2026-01-01' FROM generate_series(1, 93) n`,
      [shop],
    );
    await db.query(
      `INSERT INTO products (shop_id, id, tags, tag_keys, category, deleted_at, source_updated_at, source_triggered_at, source_delivery)
       VALUES ($1, 1, '{Sale}', '{sale}', 'Shoes', NULL, now(), now(), 'd'), ($1, 2, '{}', '{}', NULL, now(), now(), now(), 'd')`,
      [shop],
    );
    const text = `customer_tags CONTAINS 'nobody has it' OR sample(100%) AND products_purchased NOT MATCHES (id IN (1, 2, 3))
      AND storefront.product_viewed NOT MATCHES (tag = 'SALE') AND storefront.product_viewed NOT MATCHES (category = 'Hats')
      AND traits.points IS NULL AND traits.tier IS NULL`;
    // Of the tier a pipeline told one customer; points were told once, and of somebody nobody knows.
    await db.query(
      `WITH names AS (INSERT INTO api_identifiers (shop_id, kind, value, customer_id, pending)
         VALUES ($1, 'external_id', 'one', 1, false), ($1, 'external_id', 'nobody', NULL, false) RETURNING id, value)
       INSERT INTO profile_traits (shop_id, identifier_id, name, value, source, said_at, confirmed_at, received_at)
       SELECT $1, id, CASE value WHEN 'one' THEN 'tier' ELSE 'points' END, '1', 'api', now() - interval '1 year', now(), now() FROM names`,
      [shop],
    );
    const made = await db.tx((tx) =>
      createSegment(tx, shop, {
        key: "watched",
        name: "Watched",
        rule: ruleOf(text),
        author: "Ada",
        message: "",
        now: NOW,
      }),
    );
    segmentId = made.outcome === "published" ? made.segmentId : 0;
    await member();
    await db.query("UPDATE segment_builds SET finished_at = now() WHERE shop_id = $1", [shop]);
  }, 240_000);
  afterAll(async () => {
    await db.close();
  });

  async function member(): Promise<void> {
    await db.query("DELETE FROM memberships WHERE shop_id = $1", [shop]);
    await db.query(
      `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
       SELECT $1, $2, n, timestamptz '2026-11-23T11:00Z' - greatest(0, n - 31) * interval '1 day', now() FROM generate_series(1, 93) n`,
      [shop, segmentId],
    );
  }
  const watch = (now = NOW) => watchSegments(db, shop, { now, signal });
  const found = async (): Promise<string[]> =>
    (await openFindings(db, shop)).map(({ kind, subject }) => `${kind} ${subject}`).toSorted();

  it("writes the days of the shop's own calendar and finds what is unusual, says nothing or names what is gone", async () => {
    expect(await shopsToWatch(db, NOW)).toContain(shop);
    await watch();
    const days = await readDays(db, shop, segmentId);
    expect(days).toHaveLength(57);
    expect(days.at(-1)).toEqual({ day: parseDay("2026-11-23"), members: 93, entered: 31, left: 0, value: 1_000 });
    expect(days.at(-2)).toEqual({ day: parseDay("2026-11-22"), members: 62, entered: 1, left: 0, value: null });
    expect(days[0]).toMatchObject({ day: parseDay("2026-09-28"), members: 7 });
    expect(await found()).toEqual(
      [
        "drift entered",
        "nobody products_purchased MATCHES (id IN (1, 2, 3))",
        "gone category Hats",
        "gone customer_tag nobody has it",
        "gone product 2",
        "gone product 3",
        "gone trait points",
        "everybody traits.points IS NULL",
        "nobody customer_tags CONTAINS 'nobody has it'",
        "nobody storefront.product_viewed MATCHES (category = 'Hats')",
        "nobody storefront.product_viewed MATCHES (tag = 'SALE')",
      ].toSorted(),
    );
    expect(await shopsToWatch(db, NOW)).not.toContain(shop);
  });

  it("stays silent on what was reviewed, looks again on the next day, and brings back what went and came again", async () => {
    await reviewFinding(db, shop, segmentId, { kind: "gone", subject: "product 2" }, NOW);
    expect(await found()).not.toContain("gone product 2");
    const tomorrow = new Date(NOW.getTime() + 86_400_000);
    expect(await shopsToWatch(db, tomorrow)).toContain(shop);
    await watch(tomorrow);
    expect(await found()).not.toContain("gone product 2");
    // What was seen of a day stays when later days are written.
    expect((await readDays(db, shop, segmentId)).slice(-2).map(({ value, entered }) => [entered, value])).toEqual([
      [31, 1_000],
      [0, 1_000],
    ]);
    await db.query("UPDATE products SET deleted_at = NULL WHERE shop_id = $1 AND id = 2", [shop]);
    await watch(new Date(NOW.getTime() + 2 * 86_400_000));
    await db.query("UPDATE products SET deleted_at = now() WHERE shop_id = $1 AND id = 2", [shop]);
    await watch(new Date(NOW.getTime() + 3 * 86_400_000));
    expect(await found()).toContain("gone product 2");
  });

  it("looks at a new version once it is decided for everybody, and not before", async () => {
    const now = new Date(NOW.getTime() + 3 * 86_400_000);
    const rule = ruleOf("sample(50%)");
    await db.tx((tx) => publishRule(tx, shop, segmentId, { rule, author: "Ada", message: "", now }));
    expect(await found()).toEqual([]);
    expect(await shopsToWatch(db, now)).not.toContain(shop);
    while ((await buildSegments(db, shop, { limit: 100, now, coalesceMs: 0 })).more);
    expect(await shopsToWatch(db, now)).toContain(shop);
    await watch(now);
    expect(await shopsToWatch(db, now)).not.toContain(shop);
    expect((await found()).filter((one) => !one.startsWith("drift"))).toEqual([]);
  });
});
