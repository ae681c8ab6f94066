import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readBackFill } from "../../../app/ingest/back-fill/back-fill-store.server.ts";
import { pendingWork } from "../../../app/jobs/pending-store.server.ts";
import { createMuster } from "../../../app/muster.server.ts";
import { systemClock } from "../../../app/platform/clock.ts";
import type { Db } from "../../../app/platform/db.server.ts";
import { readSettings } from "../../../app/platform/env.server.ts";
import { findShop } from "../../../app/shopify/shop-store.server.ts";
import { signIdToken } from "../../sandbox/admin/id-token.ts";
import { redirectShopify } from "../../sandbox/admin/redirect-shopify.ts";

/** The first argument, as JSON. */
export interface AppProcessOptions {
  adminUrl: string;
  shop: string;
  apiKey: string;
  apiSecret: string;
  encryptionKey: string;
  databaseUrl?: string;
  dataDir: string;
  /** A merchant opens the app, which installs it. */
  installs?: boolean;
}

/** What the process says, again and again. */
export interface AppProgress {
  /** Objects at the root, by kind, and whether the kind is at its end. */
  kinds: Record<string, { state: string; objects: number; skipped: number; error: string | null }>;
  /** Profiles waiting to be computed. */
  profiles: number;
  /** The most memory the process has had, in MB. */
  mostMemory: number;
  /** The most that the embedded database's process has had, in MB; 0 where Linux's /proc is not. */
  databaseMemory: number;
}

const REPORT_EVERY_MS = 100;
const MISSED_AT_MOST = 10;

/** Muster's process without its pages: it back-fills a shop of the sandbox and says how far it is. Ends at any message. */
async function main(options: AppProcessOptions): Promise<void> {
  redirectShopify(options.adminUrl);
  const muster = await createMuster(
    readSettings({
      SHOPIFY_API_KEY: options.apiKey,
      SHOPIFY_API_SECRET: options.apiSecret,
      SHOPIFY_APP_URL: "https://app.example",
      DATABASE_URL: options.databaseUrl,
      MUSTER_DATA_DIR: options.dataDir,
      MUSTER_ENCRYPTION_KEY: options.encryptionKey,
      LOG_LEVEL: "warn",
    }),
    systemClock,
  );
  if (options.installs) {
    const headers = { authorization: `Bearer ${signIdToken(options)}` };
    await muster.shopify.authenticate.admin(new Request("https://app.example/app", { headers }));
  }
  muster.startWork();
  let stopped = false;
  let missed = 0;
  process.on("message", () => {
    stopped = true;
  });
  while (!stopped) {
    try {
      process.send?.(await look(muster.db, options));
      missed = 0;
    } catch (error) {
      // On a busy machine a look may come too late, and the next one is as good; a database that is gone is another matter.
      if ((missed += 1) === MISSED_AT_MOST) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, REPORT_EVERY_MS));
  }
  await muster.close();
  process.exit(0);
}

async function look(db: Db, options: AppProcessOptions): Promise<AppProgress> {
  const shop = await findShop(db, options.shop);
  const rows = shop ? await readBackFill(db, shop.id) : [];
  const pending = shop ? await pendingWork(db, shop.id, shop.domain, new Date()) : undefined;
  return {
    kinds: Object.fromEntries(
      rows.map(({ kind, state, objects, skipped, error }) => [kind, { state, objects, skipped, error }]),
    ),
    profiles: pending?.profiles ?? 0,
    mostMemory: Math.round(process.resourceUsage().maxRSS / 1024),
    databaseMemory: db.embedded ? await mostMemoryOf(join(options.dataDir, "muster.pid")) : 0,
  };
}

/** @param pidFile names the process */
async function mostMemoryOf(pidFile: string): Promise<number> {
  try {
    const status = await readFile(`/proc/${await readFile(pidFile, "utf8")}/status`, "utf8");
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
  } catch {
    return 0;
  }
}

/** A key as MUSTER_ENCRYPTION_KEY wants it. */
export function inventKey(): string {
  return randomBytes(32).toString("base64");
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? "null") as AppProcessOptions);
