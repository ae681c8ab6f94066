import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { z } from "zod";
import type { Db } from "../../app/platform/db.server.ts";
import type { ShownProduct } from "../../app/recommendation/list.ts";
import { writePopularList, writeProductLists, writeRules } from "../../app/recommendation/lists-store.server.ts";
import { rulesSchema } from "../../app/recommendation/rules.ts";
import { publishLists } from "../../app/recommendation/storefront/publish-lists.server.ts";
import { forgetSeen, shopsWithPendingLists } from "../../app/recommendation/storefront/storefront-store.server.ts";
import type { AskAdmin } from "../../app/shopify/ask-admin.server.ts";
import { SET_METAFIELDS } from "../../app/shopify/operations.ts";
import { ensureShop, type Shop } from "../../app/shopify/shop-store.server.ts";
import { APP_INSTALLATION_ID, createAdminApi } from "../sandbox/admin/admin-graphql.ts";
import { adminSchema } from "../sandbox/admin/admin-schema.ts";
import { createBudget } from "../sandbox/admin/budget.ts";
import { createBulkDesk } from "../sandbox/admin/bulk-desk.ts";
import { storeRecords } from "../sandbox/admin/store-records.ts";
import { noPast } from "../sandbox/shopify/past.ts";
import { openAnyDatabase } from "../support/database.ts";
let db: Db;
let shop: Shop;
let now = new Date("2026-11-01T12:00:00Z");
const metafields = new Map<string, string>();
const calls: { operation: string; count: number }[] = [];
/** The next calls are answered so. */
const faults: ({ outcome: "later"; afterMs: number } | { errorsAt: number[] })[] = [];
let api: ReturnType<typeof createAdminApi>;

const ask: AskAdmin = async <T>(operation: string, variables: Record<string, unknown>, shape: z.ZodType<T>) => {
  const given = variables["metafields"];
  if (Array.isArray(given)) calls.push({ operation: /(\w+)\(/.exec(operation)?.[1] ?? "", count: given.length });
  const fault = operation === SET_METAFIELDS ? faults.shift() : undefined;
  if (fault && "outcome" in fault) return fault;
  const userErrors = fault?.errorsAt.map((elementIndex) => ({ code: "INVALID", elementIndex, message: "no owner" }));
  const { data, errors } = userErrors ? { data: { metafieldsSet: { userErrors } } } : await api(operation, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return { outcome: "answered", data: shape.parse(data), restMs: 0 };
};

const publish = () => publishLists({ db, shop: shop.id, ask, signal: new AbortController().signal, now: () => now });

beforeAll(async () => {
  db = await openAnyDatabase();
  shop = await ensureShop(db, "one.myshopify.com");
  const records = storeRecords(noPast({ domain: shop.domain, currency: "EUR", zone: "UTC", taxRate: 0 }), () => true);
  const { schema } = adminSchema();
  api = createAdminApi({
    shop: {},
    scopes: ["write_products"],
    records,
    bulk: createBulkDesk(
      () => schema,
      records,
      () => "",
    ),
    budget: createBudget({ maximumAvailable: 20_000, restoreRate: 1_000 }),
    pixels: new Map(),
    metafields,
    writes: { tags: new Map(), triggers: [] },
  });
});
beforeEach(async () => {
  metafields.clear();
  calls.length = 0;
  faults.length = 0;
  await db.query(
    "DELETE FROM product_recommendations; DELETE FROM popular_recommendations; DELETE FROM storefront_lists",
  );
});
afterAll(async () => {
  await db.close();
});

const bought = (id: string, both = 4, of = 9): ShownProduct => ({
  id,
  title: `Product ${id}`,
  url: `/products/product-${id}`,
  image: null,
  price: "10.00",
  reason: { kind: "bought_together", productId: "1", title: "Product 1", both, of },
});
const write = (productId: string, items: ShownProduct[]) => {
  now = new Date(now.getTime() + 1_000);
  return writeProductLists(db, shop.id, [{ productId, items }], now);
};
const held = (productId: string, key = "recommended"): unknown =>
  JSON.parse(metafields.get(`gid://shopify/Product/${productId} $app.${key}`) ?? "null");

it("Shopify is told a list by reference, with why, and the popular one under the app's own installation", async () => {
  await write("1", [bought("2"), { ...bought("3"), reason: { kind: "similar", productId: "1", title: "Product 1" } }]);
  await writePopularList(db, shop.id, [bought("7")], now);
  expect(await publish()).toEqual({ outcome: "settled", written: 2, deleted: 0 });
  expect(held("1")).toEqual(["gid://shopify/Product/2", "gid://shopify/Product/3"]);
  expect(held("1", "recommended_why")).toEqual([
    { id: "2", kind: "bought_together", both: 4, of: 9 },
    { id: "3", kind: "similar" },
  ]);
  expect(metafields.get(`${APP_INSTALLATION_ID} storefront.recommended`)).toBe(`["gid://shopify/Product/7"]`);
});

it("with the popular list Shopify is told the caps, and again as soon as the merchant changes them", async () => {
  const caps = () =>
    (JSON.parse(metafields.get(`${APP_INSTALLATION_ID} storefront.recommended_why`) ?? "[]") as unknown[]).at(-1);
  await write("1", [bought("2")]);
  await writePopularList(db, shop.id, [bought("7")], now);
  await publish();
  expect(caps()).toEqual({ id: "caps", vendor: 4, type: 4 });
  expect(held("1", "recommended_why")).toHaveLength(1);
  expect(await publish()).toEqual({ outcome: "settled", written: 0, deleted: 0 });
  await writeRules(db, shop.id, rulesSchema.parse({ perVendor: 1, perType: 2 }));
  expect(await publish()).toEqual({ outcome: "settled", written: 1, deleted: 0 });
  expect(caps()).toEqual({ id: "caps", vendor: 1, type: 2 });
  await db.query("DELETE FROM recommendation_rules");
});

it("only what changed is told again, twelve lists a call", async () => {
  for (let id = 1; id <= 30; id += 1) await write(String(id), [bought("99")]);
  expect(await publish()).toMatchObject({ outcome: "settled", written: 30 });
  expect(calls).toEqual([24, 24, 12].map((count) => ({ operation: "SetMetafields", count })));
  calls.length = 0;
  expect(await publish()).toMatchObject({ written: 0 });
  await write("5", [bought("98")]);
  expect(await shopsWithPendingLists(db, now)).toEqual([shop.id]);
  expect(await publish()).toMatchObject({ written: 1 });
  expect(calls).toEqual([{ operation: "SetMetafields", count: 2 }]);
  expect(held("5")).toEqual(["gid://shopify/Product/98"]);
  expect(await shopsWithPendingLists(db, now)).toEqual([]);
});

it("numbers alone wait for a day, and are told then", async () => {
  await write("1", [bought("2", 4, 9)]);
  await publish();
  await write("1", [bought("2", 5, 10)]);
  expect(await publish()).toMatchObject({ written: 0 });
  expect(held("1", "recommended_why")).toMatchObject([{ both: 4, of: 9 }]);
  now = new Date(now.getTime() + 24 * 3_600_000);
  expect(await shopsWithPendingLists(db, now)).toEqual([shop.id]);
  expect(await publish()).toMatchObject({ written: 1 });
  expect(held("1", "recommended_why")).toMatchObject([{ both: 5, of: 10 }]);
  expect(await publish()).toMatchObject({ written: 0 });
});

it("a list that is gone is taken back, once", async () => {
  await write("1", [bought("2")]);
  await publish();
  await write("1", []);
  expect(await publish()).toEqual({ outcome: "settled", written: 0, deleted: 1 });
  expect(held("1")).toBeNull();
  calls.length = 0;
  await publish();
  expect(calls).toEqual([]);
  await write("1", [bought("2")]);
  await publish();
  expect(held("1")).toEqual(["gid://shopify/Product/2"]);
});

it("a product that Shopify objects to does not keep the others back, nor is it sent again and again", async () => {
  for (const id of ["1", "2", "3"]) await write(id, [bought("99")]);
  faults.push({ errorsAt: [2] });
  expect(await publish()).toMatchObject({ outcome: "settled", written: 2 });
  expect([held("1"), held("2"), held("3")].map((list) => list !== null)).toEqual([true, false, true]);
  calls.length = 0;
  await publish();
  expect(calls).toEqual([]);
});

it("when Shopify has no time, what was told is remembered and the rest is told later", async () => {
  for (let id = 1; id <= 20; id += 1) await write(String(id), [bought("99")]);
  faults.push({ errorsAt: [] }, { outcome: "later", afterMs: 700 });
  expect(await publish()).toEqual({ outcome: "later", afterMs: 700, written: 12, deleted: 0 });
  expect(await publish()).toMatchObject({ outcome: "settled", written: 8 });
});

it("an app that was installed anew tells everything again", async () => {
  await write("1", [bought("2")]);
  await publish();
  metafields.clear();
  await forgetSeen(db, shop.id);
  await publish();
  expect(held("1")).toEqual(["gid://shopify/Product/2"]);
});
