import pg from "pg";
import { inventPast } from "../../sandbox/shopify/invent-past.ts";
import { databaseServer } from "../database-server.ts";
import type { Figure } from "../figure.ts";
import { type Run, runBackFill } from "./run-back-fill.ts";

/** A Plus shop's points a second: a shop of this size is one. */
const RESTORE_RATE = 1_000;

/**
 * A shop with a past installs the app, the app's process is killed halfway through the back-fill and started again. 200,000 customers
 * and 500,000 orders on PostgreSQL, a tenth of it on the embedded database; `--quick` takes a tenth of each.
 * @throws when a single record is not as in the source.
 */
export async function* benchBackFill({ quick }: { quick: boolean }): AsyncIterable<Figure> {
  const scale = quick ? 0.1 : 1;
  const database = await createDatabase(await databaseServer());
  try {
    yield* figuresOf("postgresql", await run(scale, quick, database.url));
  } finally {
    await database.drop();
  }
  yield* figuresOf("embedded", await run(scale / 10, quick));
}

function run(scale: number, quick: boolean, databaseUrl?: string): Promise<Run> {
  const customers = 200_000 * scale;
  const orders = 500_000 * scale;
  const past = inventPast({
    seed: "bench",
    settings: { domain: "past.myshopify.com", currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
    customers,
    orders,
    end: new Date(),
    // A day short of the horizon, so that the last order is still to be had when the bench is at its end.
    days: 59,
  });
  return runBackFill({
    past: { ...past, fixed: true },
    restoreRate: RESTORE_RATE,
    killAfterOrders: orders / 2,
    withProfiles: !quick,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
}

function* figuresOf(method: string, result: Run): Generator<Figure, void, undefined> {
  const { comparison } = result;
  if (comparison.differences.length > 0) throw new Error(`Not as in the source: ${comparison.differences.join("; ")}`);
  const figure = (name: string, value: number, unit: string): Figure => ({
    bench: "back-fill",
    figure: name,
    method,
    value: Math.round(value),
    unit,
  });
  yield figure("customers", comparison.customers, "records");
  yield figure("orders", comparison.orders, "records");
  yield figure("differences", comparison.differences.length, "records");
  yield figure("killed_at", result.killedAt, "records");
  yield figure("back_fill", result.seconds, "s");
  yield figure("rate", result.objects / result.seconds, "records/s");
  yield figure("profiles", result.profileSeconds, "s");
  yield figure("memory", result.mostMemory, "MB");
  if (method === "embedded") yield figure("database_memory", result.databaseMemory, "MB");
}

async function createDatabase(server: string) {
  const name = `muster_back_fill_${process.pid}`;
  const admin = new pg.Pool({ connectionString: server, max: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
