import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { erasePerson } from "../../app/privacy/personal-rows-store.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { addPart, askForExport, lockBuild, membersAfter } from "../../app/sync/csv/exports-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

it("leaves no part of a file that was being written while somebody in it was erased", async () => {
  const db = await openAnyDatabase();
  const shop = (await ensureShop(db, "files.myshopify.com")).id;
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop]);
  await insert(`segments (id, shop_id, key, name, definition, version, published_at, created_at)
    VALUES (1, $1, 'one', 'One', '{}', 1, now(), now())`);
  await insert(`profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at, exists_from)
    VALUES ($1, 11, '11@home.example', 'subscribed', 0, 0, 0, now(), now())`);
  await insert(
    `memberships (shop_id, segment_id, customer_id, entered_at, decided_at) VALUES ($1, 1, 11, now(), now())`,
  );
  const now = new Date();
  const exportId = (await askForExport(db, shop, 1, now)) ?? "";
  const nothing = { orders: [], emails: [], phones: [], tokens: [], clients: [], externals: [], alone: false };

  let erasure: Promise<unknown> = Promise.resolve();
  await db.tx(async (tx) => {
    await lockBuild(tx, shop, exportId);
    const people = await membersAfter(tx, shop, 1, "-1", 10);
    expect(people).toMatchObject([{ email: "11@home.example" }]);
    erasure = db.tx((other) => erasePerson(other, shop, { customers: ["11"], ...nothing }));
    await Promise.race([erasure, setTimeout(300)]);
    const sealed = Buffer.from("11@home.example");
    const part = { number: 0, startsAt: 0, bytes: sealed.length, sealed, people: 1, position: null, now };
    await addPart(tx, shop, exportId, part);
  });
  await erasure;
  const { rows } = await db.query("SELECT export_id FROM segment_export_parts");
  expect(rows).toEqual([]);
  expect((await db.query("SELECT id FROM segment_exports")).rows).toEqual([]);
  await db.close();
});
