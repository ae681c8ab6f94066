import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { findPage } from "../../app/profile/profile-pages-store.server.ts";
import { readSearchTerms } from "../../app/profile/search-terms.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const MIGRATION = new URL("../../prisma/migrations/0055_profile_names/migration.sql", import.meta.url);

describe.each(await everyDatabase("parts of names are searched for"))("on $kind", ({ server }) => {
  let db: Db;
  let shop: ShopId;

  /** 2,500 Millers, the first seen last; and a few others. */
  beforeAll(async () => {
    db = await openTestDatabase(server);
    shop = (await ensureShop(db, "names.myshopify.com")).id;
    const other = (await ensureShop(db, "other.myshopify.com")).id;
    await db.query(
      `INSERT INTO profiles (shop_id, customer_id, email, phone, first_name, last_name, email_consent, orders_count, gross_minor,
         refunded_minor, last_seen_at, computed_at)
       SELECT $1, n, 'm' || n || '@example.com', NULL, 'Max', 'Miller', 'unknown', 0, 0, 0,
         timestamptz '2026-01-01' - n * interval '1 minute', now() FROM generate_series(1, 2500) AS n
       UNION ALL
       SELECT * FROM (VALUES ($1::int, 9001, 'zoe@qwertz.example', '+4915112345678', 'Zoë', 'Ölçer', 'unknown', 0, 0, 0, NULL::timestamptz, now()),
         ($1, 9002, NULL, NULL, NULL, NULL, 'unknown', 0, 0, 0, NULL, now()),
         ($2::int, 9003, 'zoe@qwertz.example', NULL, 'Zoë', 'Ölçer', 'unknown', 0, 0, 0, NULL, now())) AS others`,
      [shop, other],
    );
  });
  afterAll(() => db.close());

  const find = async (query: string, limit = 3): Promise<string[]> => {
    const asked = { terms: readSearchTerms(query), except: [], window: "first" as const, limit };
    return (await findPage(db, shop, asked)).customerIds;
  };

  it("finds the few who are meant, those seen last among many, and nobody of another shop", async () => {
    for (const query of ["qwertz", "ÖLÇER", "ölçer zoë", "lçe", "0151 12345", "oe@q"]) {
      expect(await find(query), query).toEqual(["9001"]);
    }
    expect(await find("mill")).toEqual(["1", "2", "3"]);
    expect(await find("miller m2499")).toEqual(["2499"]);
    expect(await find("mi")).toEqual(["1", "2", "3"]);
    // Of one letter or two only beginnings of words are meant.
    for (const query of ["zo", "ÖL", "öl z", "qw", "ex zo"]) expect(await find(query), query).toEqual(["9001"]);
    for (const query of ["rt", "oe", "lç"]) expect(await find(query), query).toEqual([]);
    // Each word has to stand in one of the fields, not across two of them.
    expect(await find("maxmiller")).toEqual([]);
    expect(await find("miller%")).toEqual([]);
  });

  it("knows a new name at once, and an old one no longer, whoever wrote the profile", async () => {
    await db.query("UPDATE profiles SET last_name = 'Zwirnsen' WHERE shop_id = $1 AND customer_id = 7", [shop]);
    expect(await find("zwirn")).toEqual(["7"]);
    await db.query("DELETE FROM profiles WHERE shop_id = $1 AND customer_id = 7", [shop]);
    expect(await find("zwirn")).toEqual([]);
    const { rows } = await db.query("SELECT FROM profile_names WHERE shop_id = $1 AND names LIKE '%Zwirn%'", [shop]);
    expect(rows).toEqual([]);
  });

  it("has its index, and does without where the extension cannot be had", async () => {
    const index = "SELECT FROM pg_indexes WHERE indexname = 'profile_names_parts'";
    expect((await db.query(index)).rows).toHaveLength(1);
    const script = (await readFile(MIGRATION, "utf8")).replace("pg_trgm;", "pg_no_such_extension;");
    await db.tx(async (tx) => {
      await tx.query(
        "DROP TABLE profile_names; DROP TRIGGER profiles_named ON profiles; DROP TRIGGER profiles_renamed ON profiles",
      );
      await tx.query("DROP FUNCTION keep_profile_names");
      await tx.query(script);
    });
    expect((await db.query(index)).rows).toHaveLength(0);
    expect(await find("qwertz")).toEqual(["9001"]);
  });
});
