import { randomBytes } from "node:crypto";
import { readSettings } from "../../../app/platform/env.server.ts";
import { type RunningServer, startServer } from "../../../app/server.ts";
import { createAdmin } from "../../sandbox/admin/create-admin.ts";
import { signIdToken } from "../../sandbox/admin/id-token.ts";
import { redirectShopify } from "../../sandbox/admin/redirect-shopify.ts";
import { buildAdmin } from "../../support/admin-build.ts";
import { type AdminPage, adminPages } from "../../support/admin-pages.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { BENCH_DOMAIN, openBenchShop } from "../segments/bench-shop.ts";

const APP = { shop: BENCH_DOMAIN, apiKey: "an-api-key", apiSecret: "an-api-secret" };
/** The Shopify library turns away what looks like a bot. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
/** Each page is asked for so often, one request at a time. */
const ROUNDS = 40;
const ENTERED_DAYS_AGO = 30;
/** Customers who looked at three products in two days: about a tenth of the shop. */
const RULE = "storefront.product_viewed MATCHES (date > -48h, distinct(id) >= 3)";
/** Nobody is found before the whole shop was looked through. */
const RARE = "amount_spent > 100000000";

/**
 * What the app's server takes to answer for a page of a shop with a million profiles (`--quick`: 20,000), on whatever database is
 * there: the data of each page as a visit inside the app asks for it, signed in as staff, through the server the merchant reaches.
 */
export async function* benchAdmin({ quick }: BenchOptions): AsyncIterable<Figure> {
  await buildAdmin();
  const bench = await openBenchShop(quick ? 20_000 : 1_000_000, { enteredDaysAgo: ENTERED_DAYS_AGO });
  if (bench.url === null) throw new Error("This bench needs PostgreSQL: set MUSTER_TEST_DATABASE_URL.");
  const admin = await createAdmin({ ...APP, appUrl: "http://localhost:1", port: 0 });
  const restoreFetch = redirectShopify(admin.url);
  const running = await startServer(
    readSettings({
      SHOPIFY_API_KEY: APP.apiKey,
      SHOPIFY_API_SECRET: APP.apiSecret,
      SHOPIFY_APP_URL: admin.proxyUrl,
      DATABASE_URL: bench.url,
      MUSTER_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
      // Another process would do the work.
      MUSTER_ROLE: "web",
      PORT: "0",
      LOG_LEVEL: "warn",
    }),
  );
  try {
    await ask(running, "/app");
    yield* pages(running, await adminPages(bench.db, bench.shop));
    yield* filtered(running);
  } finally {
    await running.close();
    restoreFetch();
    await admin.close();
    await bench.drop();
  }
}

async function* pages(running: RunningServer, shown: readonly AdminPage[]): AsyncIterable<Figure> {
  let worst = 0;
  for (const { path } of shown) {
    const first = await ask(running, path);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await ask(running, path));
    times.sort((a, b) => a - b);
    const p95 = times[Math.ceil(ROUNDS * 0.95) - 1] ?? NaN;
    worst = Math.max(worst, p95);
    yield line(`${named(path)}: first`, first, "ms");
    yield line(`${named(path)}: p95`, p95, "ms");
  }
  yield line("page_p95_ms", worst, "ms");
}

async function* filtered(running: RunningServer): AsyncIterable<Figure> {
  for (const [name, rule] of [
    ["a common rule", RULE],
    ["a rule for nobody", RARE],
  ] as const) {
    const query = new URLSearchParams({ rule }).toString();
    yield line(`profiles by ${name}: first rows`, await ask(running, "/app/profiles", query), "ms");
    yield line(`profiles by ${name}: sampled count`, await ask(running, "/app/profiles/count", query), "ms");
    yield line(`profiles by ${name}: exact count`, await ask(running, "/app/profiles/count", `${query}&exact=1`), "ms");
  }
}

/** @returns milliseconds until the whole answer is there */
async function ask({ port }: RunningServer, path: string, query = ""): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}.data?${query}`, {
    headers: { Authorization: `Bearer ${signIdToken(APP)}`, "Accept-Language": "en", "User-Agent": BROWSER },
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return performance.now() - startedAt;
}

function named(path: string): string {
  return path.replaceAll(/\d+/g, "…");
}

function line(figure: string, value: number, unit: string): Figure {
  return { bench: "admin", figure, value: Number(value.toPrecision(4)), unit };
}
