import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { erasePerson, readPerson } from "../../app/privacy/personal-rows-store.server.ts";
import { findSubject } from "../../app/privacy/subject-store.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const ADDRESS = "anna@home.example";
const NUMBER = "447700900123";
/** Deleted in the shop a while ago, before Shopify asks for the erasure. */
const FORMER = "7001";
/** Came back as a new customer, or has the address of somebody else now. */
const NOW_THEIRS = "7002";

let db: Db;
let shop: ShopId;

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = (await ensureShop(db, "shared.myshopify.com")).id;
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop]);
  await insert(`customers (shop_id, id, email, phone, deleted_at, source_updated_at, source_triggered_at, source_delivery) VALUES
    ($1, ${FORMER}, 'Anna@home.example', '+44 7700 900123', now(), now(), now(), 'd'),
    ($1, ${NOW_THEIRS}, 'anna@Home.example ', '+447700900123', NULL, now(), now(), 'd')`);
  await insert(`profiles (shop_id, customer_id, email, phone, email_consent, orders_count, gross_minor, refunded_minor, computed_at, exists_from)
    VALUES ($1, ${NOW_THEIRS}, 'anna@Home.example ', '+447700900123', 'subscribed', 0, 0, 0, now(), now())`);
  for (const [channel, address] of [
    ["email", ADDRESS],
    ["sms", NUMBER],
  ]) {
    await insert(`platform_consents (shop_id, channel, address, source, unsubscribed_at, lasting)
      VALUES ($1, '${channel}', '${address}', 'klaviyo:1', now(), false)`);
    await insert(`consent_evidence (shop_id, channel, address, source, state, told, at, heard_at)
      VALUES ($1, '${channel}', '${address}', 'klaviyo:1', 'unsubscribed', false, now(), now())`);
    await insert(`errands (shop_id, destination_id, kind, channel, address, customer_id, since, due_at)
      VALUES ($1, NULL, 'unsubscribe', '${channel}', '${address}', ${NOW_THEIRS}, now(), now()),
        ($1, 2, 'unsubscribe', '${channel}', '${address}', 0, now(), now())`);
  }
});
afterAll(() => db.close());

const named = (customerId: string) => ({ customerId, email: ADDRESS, phone: `+${NUMBER}`, orderIds: [] });

async function kept(): Promise<Record<string, number>> {
  const { rows } = await db.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM platform_consents) AS consents, (SELECT count(*)::int FROM consent_evidence) AS evidence,
       (SELECT count(*)::int FROM errands) AS errands`,
  );
  return rows[0] ?? {};
}

it("keeps the unsubscribe of whoever has the address of an erased customer by now, and hands it to nobody else", async () => {
  const former = await findSubject(db, shop, named(FORMER));
  const told = await readPerson(db, shop, former);
  const rowsOf = (title: string): number => told.find((one) => one.title === title)?.rows.length ?? 0;
  expect(["consentsAtPlatforms", "consentEvidence", "errandsToPlatforms"].map(rowsOf)).toEqual([0, 0, 0]);

  await db.tx((tx) => erasePerson(tx, shop, former));
  expect(await kept()).toEqual({ consents: 2, evidence: 2, errands: 4 });

  const own = await findSubject(db, shop, named(NOW_THEIRS));
  await db.tx((tx) => erasePerson(tx, shop, own));
  expect(await kept()).toEqual({ consents: 0, evidence: 0, errands: 0 });
});
