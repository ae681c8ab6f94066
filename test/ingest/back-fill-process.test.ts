import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runBackFill } from "../bench/back-fill/run-back-fill.ts";
import { inventPast } from "../sandbox/shopify/invent-past.ts";
import { postgresUrl } from "../support/services.ts";

const server = await postgresUrl("a back-fill on PostgreSQL");
const name = `muster_back_fill_test_${process.pid}`;

beforeAll(() => (server === undefined ? undefined : onServer(`CREATE DATABASE ${name}`)));
afterAll(() => (server === undefined ? undefined : onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));

it("reads 2,000 customers and 5,000 orders, is killed halfway, goes on and ends equal to the source", async () => {
  const past = inventPast({
    seed: "killed",
    settings: { domain: "past.myshopify.com", currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
    customers: 2_000,
    orders: 7_500,
    end: new Date(Date.now() - 60_000),
    days: 90,
  });
  const url = server === undefined ? undefined : new URL(server);
  if (url) url.pathname = `/${name}`;
  const run = await runBackFill({
    past,
    restoreRate: 1_000,
    killAfterOrders: 1_500,
    withProfiles: true,
    ...(url && { databaseUrl: url.href }),
  });
  expect(run.comparison).toMatchObject({ differences: [], products: 200, customers: 2_000 });
  // Those of 60 days; of the earlier ones customers keep an opening balance.
  expect(Math.abs(run.comparison.orders - 5_000)).toBeLessThanOrEqual(2);
  expect(run.comparison.openings).toBeGreaterThan(1_500);
  expect(run.killedAt).toBeLessThan(200 + 2_000 + 5_000);
  expect(run.books.started).toEqual(["products", "customers", "orders"]);
  expect(run.books.served.at(-1)?.from).toBeGreaterThan(0);
  expect(run.skipped).toBe(0);
  // The profiles follow: every customer has one.
  expect(run.profiles).toBe(2_000);
}, 60_000);

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
