import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../../app/platform/db.server.ts";
import { countProfiles } from "../../../app/profile/profile-pages-store.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { findShop } from "../../../app/shopify/shop-store.server.ts";
import { type Admin, createAdmin } from "../../sandbox/admin/create-admin.ts";
import type { StorePast } from "../../sandbox/shopify/past.ts";
import { type AppProcessOptions, type AppProgress, inventKey } from "./app-process.ts";
import { type Comparison, compareWithSource } from "./compare.ts";

export interface RunOptions {
  past: StorePast;
  /** Absent: the embedded database. */
  databaseUrl?: string;
  /** Points a second of the Admin API. */
  restoreRate: number;
  /** Kills the process once it has taken in so many orders, and starts another. */
  killAfterOrders: number;
  /** Also waits until every profile is computed. */
  withProfiles: boolean;
}

export interface Run {
  comparison: Comparison;
  /** Objects taken in when the process was killed. */
  killedAt: number;
  /** Products, customers, orders, lines and refunds, by the seconds both processes worked on them. */
  objects: number;
  seconds: number;
  /** From the end of the back-fill until the last profile was computed. */
  profileSeconds: number;
  /** In MB. */
  mostMemory: number;
  /** Of the embedded database, in MB; 0 for another. */
  databaseMemory: number;
  profiles: number;
  books: Admin["bulk"]["books"];
  skipped: number;
}

const APP = { shop: "past.myshopify.com", apiKey: "an-api-key", apiSecret: "an-api-secret" };
const SIXTY_DAYS = 60 * 86_400_000;

/** Installs the app on a sandbox store with a past, kills it in the midst of the back-fill, starts it again and compares. */
export async function runBackFill(options: RunOptions): Promise<Run> {
  const { past, databaseUrl } = options;
  const dataDir = await mkdtemp(join(tmpdir(), "muster-back-fill-"));
  const admin = await createAdmin({
    ...APP,
    appUrl: "http://localhost:1",
    port: 0,
    store: { name: "A past", currency: "EUR", timeZone: "Europe/Berlin" },
    past,
    budget: { maximumAvailable: options.restoreRate * 10, restoreRate: options.restoreRate },
  });
  const settings: AppProcessOptions = {
    ...APP,
    adminUrl: admin.url,
    encryptionKey: inventKey(),
    dataDir,
    ...(databaseUrl !== undefined && { databaseUrl }),
  };
  const horizon = Date.now() - SIXTY_DAYS;
  try {
    const first = start({ ...settings, installs: true });
    const begun = performance.now();
    const killed = await first.until(({ kinds }) => (kinds["orders"]?.objects ?? 0) >= options.killAfterOrders);
    first.child.kill("SIGKILL");
    await first.ended;
    const firstSeconds = (performance.now() - begun) / 1_000;

    const second = start(settings);
    const again = performance.now();
    const done = await second.until(({ kinds }) => ["done", "failed"].includes(kinds["totals"]?.state ?? ""));
    const seconds = firstSeconds + (performance.now() - again) / 1_000;
    const finished = performance.now();
    const last = options.withProfiles ? await second.until(({ profiles }) => profiles === 0) : done;
    const profileSeconds = (performance.now() - finished) / 1_000;
    second.child.send("stop");
    await second.ended;

    const failed = Object.entries(done.kinds).flatMap(([kind, { error }]) =>
      error === null ? [] : [`${kind}: ${error}`],
    );
    if (failed.length > 0) throw new Error(failed.join("; "));
    const db = await openDatabase({ url: databaseUrl, dataDir, onError: () => {} });
    try {
      const shop = await findShop(db, APP.shop);
      const comparison = await compareWithSource(
        db,
        shop?.id ?? 0,
        past,
        ({ createdAt }) => createdAt.getTime() >= horizon,
      );
      const { products, customers, orders, lines, refunds } = comparison;
      return {
        comparison,
        killedAt: Object.values(killed.kinds).reduce((sum, { objects }) => sum + objects, 0),
        objects: products + customers + orders + lines + refunds,
        seconds,
        profileSeconds,
        mostMemory: Math.max(killed.mostMemory, last.mostMemory),
        databaseMemory: Math.max(killed.databaseMemory, last.databaseMemory),
        profiles: await countProfiles(db, shop?.id ?? (0 as ShopId)),
        books: admin.bulk.books,
        skipped: Object.values(done.kinds).reduce((sum, { skipped }) => sum + skipped, 0),
      };
    } finally {
      await db.close();
    }
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await admin.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const children = new Set<ChildProcess>();

function start(settings: AppProcessOptions) {
  const file = fileURLToPath(new URL("./app-process.ts", import.meta.url));
  const child = fork(file, [JSON.stringify(settings)], { execArgv: [] });
  children.add(child);
  const ended = once(child, "exit").finally(() => children.delete(child));
  return {
    child,
    ended,
    /** The first report of which `holds` is true. @throws when the process ends before. */
    until(holds: (progress: AppProgress) => boolean): Promise<AppProgress> {
      return new Promise((resolve, reject) => {
        const listen = (progress: AppProgress): void => {
          if (!holds(progress)) return;
          child.off("message", listen);
          resolve(progress);
        };
        child.on("message", listen);
        void ended.then(() => reject(new Error("The app ended before it was asked to.")));
      });
    },
  };
}
