import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenRules, type Exception } from "./support/architecture.ts";

const EXCEPTIONS: readonly Exception[] = [
  { rule: "environment", at: "app/platform/env.server.ts", why: "it is the one that reads the settings" },
  {
    rule: "environment",
    at: "app/run.mjs",
    why: "it prepares the environment of every command, before any module of the app",
  },
  { rule: "vendor", at: "app/platform/env.server.ts", why: "settings carry the vendors' names" },
  { rule: "vendor", at: "app/muster.server.ts", why: "hands those settings on to the registry" },
  {
    rule: "vendor",
    at: "app/sync/destinations.ts",
    why: "the registry: which folder serves which kind of destination",
  },
  { rule: "vendor", at: "app/sync/destination-store.server.ts", why: "the kinds of destination as they are stored" },
  { rule: "pure", at: "app/server.ts", why: "the process itself" },
  { rule: "shop first", at: "app/ingest/inbox-store.server.ts insertArrivals", why: "one statement serves many shops" },
  { rule: "shop first", at: "app/ingest/inbox-store.server.ts shopsWithArrivals", why: "a sweep; returns keys only" },
  {
    rule: "shop first",
    at: "app/shopify/shop-store.server.ts shopsThere",
    why: "of many shops which are there; returns keys only",
  },
  { rule: "shop first", at: "app/ingest/pixel/pixel-store.server.ts shopOfPixel", why: "finds the shop by its key" },
  {
    rule: "shop first",
    at: "app/ingest/pixel/pixel-store.server.ts insertPixelEvents",
    why: "one statement serves many shops",
  },
  {
    rule: "shop first",
    at: "app/sync/engagement/engagement-store.server.ts destinationsToRead",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/hooks/hooks-store.server.ts hookWithMark",
    why: "an address becomes a shop here",
  },
  {
    rule: "shop first",
    at: "app/sync/oauth/attempts-store.server.ts askedAttempt",
    why: "a state becomes a shop here",
  },
  { rule: "shop first", at: "app/sync/oauth/attempts-store.server.ts dropOldAttempts", why: "a sweep by age" },
  { rule: "shop first", at: "app/sync/hooks/hooks-store.server.ts hooksToKeep", why: "a sweep; returns keys only" },
  { rule: "shop first", at: "app/sync/hooks/hooks-store.server.ts shopsWithCalls", why: "a sweep; returns keys only" },
  { rule: "shop first", at: "app/sync/hooks/hooks-store.server.ts dropOldCalls", why: "a sweep by age" },
  {
    rule: "shop first",
    at: "app/privacy/retention-store.server.ts shopsToSweep",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/oauth/given-up-store.server.ts shopsWithPermissions",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/errands/errands-store.server.ts shopsWithErrands",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/identity/browsers-store.server.ts shopsWithQueuedVisitors",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/ingest/back-fill/back-fill-store.server.ts shopsToBackFill",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/ingest/back-fill/back-fill-store.server.ts analyseFilled",
    why: "the planner's figures are of whole tables",
  },
  {
    rule: "shop first",
    at: "app/ingest/back-fill/drift-store.server.ts shopsToLookAt",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/profile-store.server.ts shopsWithQueuedProfiles",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/quality/findings-store.server.ts shopsToCheck",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/duplicates/pairs-store.server.ts shopsToCompare",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/identity/guest-orders-store.server.ts shopsWithPendingGuests",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/merchant-api/names-store.server.ts shopsWithPendingNames",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/profile/merchant-api/api-keys-store.server.ts useApiKey",
    why: "a key becomes a shop here",
  },
  {
    rule: "shop first",
    at: "app/privacy/exports-store.server.ts shopsWithExpiredExports",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/privacy/privacy-requests-store.server.ts shopsWithOpenRequests",
    why: "a sweep; returns keys only",
  },
  { rule: "shop first", at: "app/segment/builds-store.server.ts shopsToBuild", why: "a sweep; returns keys only" },
  {
    rule: "shop first",
    at: "app/recommendation/changes-store.server.ts changesBegin",
    why: "reads the database's clock of transactions, and no row",
  },
  {
    rule: "shop first",
    at: "app/recommendation/changes-store.server.ts shopsWithChanges",
    why: "a sweep over the shops that are open; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/recommendation/views-store.server.ts readEventsEnd",
    why: "reads the database's clock of transactions and the last event's number",
  },
  {
    rule: "shop first",
    at: "app/recommendation/views-store.server.ts shopsWithViews",
    why: "a sweep over the shops that are open; returns keys only",
  },
  { rule: "shop first", at: "app/segment/schedule-store.server.ts shopsToPublish", why: "a sweep; returns keys only" },
  {
    rule: "shop first",
    at: "app/segment/watch/findings-store.server.ts shopsToWatch",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/segment/automations/runs-store.server.ts dueAutomations",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/segment/timer-store.server.ts dueTimers",
    why: "timers of all shops; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/segment/timer-store.server.ts nextTimer",
    why: "timers of all shops; returns an instant",
  },
  {
    rule: "shop first",
    at: "app/shopify/session-store.server.ts createSessionStore",
    why: "the library asks by session id",
  },
  { rule: "shop first", at: "app/shopify/shop-store.server.ts ensureShop", why: "a domain becomes a shop here" },
  { rule: "shop first", at: "app/shopify/shop-store.server.ts findShop", why: "a domain becomes a shop here" },
  {
    rule: "shop first",
    at: "app/recommendation/storefront/storefront-store.server.ts shopsWithPendingLists",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/recommendation/lists-store.server.ts shopsWithRecommendations",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/consent/consent-store.server.ts audiencesToHearFrom",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/events/events-store.server.ts dropOldEvents",
    why: "a sweep; returns nothing",
  },
  {
    rule: "shop first",
    at: "app/segment/backtests-store.server.ts backtestsToRun",
    why: "a sweep; returns keys only, and what has expired is nobody's",
  },
  {
    rule: "shop first",
    at: "app/sync/csv/exports-store.server.ts exportsToBuild",
    why: "a sweep; returns keys only",
  },
  {
    rule: "shop first",
    at: "app/sync/destination-store.server.ts destinationsToTry",
    why: "a sweep; returns keys only",
  },
  { rule: "shop first", at: "app/sync/sync-store.server.ts dueAudiences", why: "a sweep; returns keys only" },
  { rule: "shop first", at: "app/sync/sync-store.server.ts audiencesToCompare", why: "a sweep; returns keys only" },
];

const root = join(import.meta.dirname, "..");

it("keeps the rules of app/README.md", () => {
  const tree = Object.fromEntries(
    ["app", "test"].flatMap(filesIn).map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
  expect(Object.keys(tree).length).toBeGreaterThan(100);
  expect(brokenRules(tree, EXCEPTIONS)).toEqual([]);
});

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|mjs|js)$/.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

describe("the check of the rules", () => {
  const cases: { name: string; path: string; text: string; broken: string[] }[] = [
    {
      name: "looking back is fine",
      path: "app/profile/x.ts",
      text: `import { y } from "../ingest/facts/y.ts"; export const x = y;`,
      broken: [],
    },
    {
      name: "looking forward is not, for values, types, re-exports, import types and dynamic imports",
      path: "app/profile/x.ts",
      text: `
        import { y } from "../jobs/y.ts";
        import type { S } from "../segment/s.ts";
        export { p } from "../privacy/p.ts";
        export type C = import("../content/c.ts").C;
        export const r = () => import("../routes/r.ts");`,
      broken: [
        "app/profile/x.ts imports app/jobs/y.ts: profile may not look forward to jobs",
        "app/profile/x.ts imports app/segment/s.ts: profile may not look forward to segment",
        "app/profile/x.ts imports app/privacy/p.ts: profile may not look forward to privacy",
        "app/profile/x.ts imports app/content/c.ts: profile may not look forward to content",
        "app/profile/x.ts imports app/routes/r.ts: profile may not look forward to routes",
      ],
    },
    {
      name: "files directly in app rank with the routes",
      path: "app/jobs/x.ts",
      text: `import type { L } from "../load-context.ts"; export type X = L;`,
      broken: ["app/jobs/x.ts imports app/load-context.ts: jobs may not look forward to app"],
    },
    {
      name: "routes and the files directly in app may use each other, and the jobs",
      path: "app/routes/app.tsx",
      text: `import { s } from "../shopify.server.ts"; import { j } from "../jobs/j.ts"; export const loader = () => s(j);`,
      broken: [],
    },
    {
      name: "sync and recommendation do not see each other",
      path: "app/sync/x.ts",
      text: `import { r } from "../recommendation/r.ts"; export const x = r;`,
      broken: ["app/sync/x.ts imports app/recommendation/r.ts: sync and recommendation may not see each other"],
    },
    {
      name: "a new folder needs a place in the order",
      path: "app/loyalty/x.ts",
      text: `export const x = 1;`,
      broken: ["app/loyalty/x.ts lies in app/loyalty, which has no place in the order"],
    },
    {
      name: "the app does not import its tests",
      path: "app/jobs/x.ts",
      text: `import { y } from "../../test/support/y.ts"; export const x = y;`,
      broken: ["app/jobs/x.ts imports test/support/y.ts: the app knows nothing of its tests"],
    },
    {
      name: "only one file knows bull",
      path: "app/jobs/x.server.ts",
      text: `import Bull from "bull"; import type { Redis } from "ioredis"; export const x = (r: Redis) => new Bull(String(r));`,
      broken: [
        "app/jobs/x.server.ts imports bull: only app/jobs/bull-queue.server.ts may know bull",
        "app/jobs/x.server.ts imports ioredis: only app/jobs/bull-queue.server.ts and app/platform/redis.server.ts may know ioredis",
      ],
    },
    {
      name: "a pure module takes only types from one with effects",
      path: "app/jobs/x.ts",
      text: `
        import type { Log } from "../platform/log.server.ts";
        import { type Db } from "../platform/db.server.ts";
        import { createLog } from "../platform/log.server.ts";
        export const x = (log: Log, db: Db) => [createLog("info"), log, db];`,
      broken: [
        "app/jobs/x.ts imports app/platform/log.server.ts: a module without the suffix .server has no effects and may take only types from one with it",
      ],
    },
    {
      name: "the sandbox imports neither the app nor what the app's tests use",
      path: "test/sandbox/shopify/x.ts",
      text: `import { h } from "../../../app/platform/h.ts"; import { s } from "../../support/s.ts"; export const x = [h, s];`,
      broken: [
        "test/sandbox/shopify/x.ts imports app/platform/h.ts: the sandbox knows nothing of the app",
        "test/sandbox/shopify/x.ts imports test/support/s.ts: the sandbox uses only its own files and the contracts",
      ],
    },
    {
      name: "a test of the sandbox may use what tests share, and not the app",
      path: "test/sandbox/x.test.ts",
      text: `import { s } from "../support/s.ts"; import { h } from "../../app/platform/h.ts"; export const x = [s, h];`,
      broken: ["test/sandbox/x.test.ts imports app/platform/h.ts: the sandbox knows nothing of the app"],
    },
    {
      name: "only stores query the database",
      path: "app/segment/x.server.ts",
      text: `export const x = (sql: { query(text: string): void }) => sql.query("SELECT 1");`,
      broken: ["app/segment/x.server.ts queries the database: only *-store.server.ts files do"],
    },
    {
      name: "only stores call Prisma or import the driver",
      path: "app/jobs/x.server.ts",
      text: `import { Pool } from "pg"; export const x = (prisma: any) => [prisma.shop.findMany(), new Pool()];`,
      broken: ["app/jobs/x.server.ts queries the database: only *-store.server.ts files do"],
    },
    {
      name: "a store's functions take the shop after the handle, or no handle at all",
      path: "app/segment/x-store.server.ts",
      text: `
        export async function good(sql: Sql, shop: ShopId) { return sql.query("…", [shop]); }
        export function pure(shop: Shop) { return shop.name; }
        export async function shopless(tx: Sql, id: string) { return tx.query("…", [id]); }
        export const bare = async (sql: Sql) => sql.query("…");
        export function createStore({ db }: Options) { return db; }
        async function inner(sql: Sql) { return sql; }`,
      broken: ["shopless", "bare", "createStore"].map(
        (name) =>
          `app/segment/x-store.server.ts: ${name} has to take (sql, shop, …), so that no query forgets whose rows it means`,
      ),
    },
    {
      name: "only one file reads the environment, however it is written",
      path: "app/jobs/x.server.ts",
      text: `import { env } from "node:process"; export const x = env;`,
      broken: ["app/jobs/x.server.ts reads process.env: only app/platform/env.server.ts does"],
    },
    {
      name: "taking env out of process is reading it too",
      path: "app/jobs/x.server.ts",
      text: `const { env } = process; export const x = [env, process.env["PORT"]];`,
      broken: ["app/jobs/x.server.ts reads process.env: only app/platform/env.server.ts does"],
    },
    {
      name: "a vendor's name as identifier or string stays in its folder; sentences and comments may use it",
      path: "app/sync/x.ts",
      text: `
        // Klaviyo answers slowly.
        export const sentence = "Mailchimp is not connected";
        export const klaviyoList = 1;
        export const isIt = (kind: string) => kind === "mailchimp";`,
      broken: [
        "app/sync/x.ts says klaviyo: only app/sync/klaviyo/ knows that vendor's words",
        "app/sync/x.ts says mailchimp: only app/sync/mailchimp/ knows that vendor's words",
      ],
    },
    {
      name: "one vendor's folder does not know the other vendor",
      path: "app/sync/klaviyo/x.ts",
      text: `import { c } from "../mailchimp/client.ts"; export const klaviyo = c;`,
      broken: ["app/sync/klaviyo/x.ts says mailchimp: only app/sync/mailchimp/ knows that vendor's words"],
    },
    {
      name: "a page with forms says what becomes of one that gets no answer",
      path: "app/routes/app.x.tsx",
      text: `export async function action() { return null; } export const headers = () => ({});`,
      broken: [
        "app/routes/app.x.tsx has an action and no clientAction: an error would take the place of what was written",
      ],
    },
    {
      name: "there are no barrels",
      path: "app/segment/index.ts",
      text: `export * from "./rule.ts"; export { evaluate } from "./evaluate.ts";`,
      broken: ["app/segment/index.ts only hands on what other files export: import from those"],
    },
    {
      name: "there are no drawers",
      path: "app/segment/helpers/x.ts",
      text: `export const x = 1;`,
      broken: ["app/segment/helpers/x.ts: helpers says nothing; name it after what it is"],
    },
    {
      name: "a file of the app is no drawer either",
      path: "app/segment/utils.server.ts",
      text: `export const x = 1;`,
      broken: ["app/segment/utils.server.ts: utils says nothing; name it after what it is"],
    },
  ];

  it.each(cases)("$name", ({ path, text, broken }) => {
    expect(brokenRules({ [path]: text })).toEqual(broken);
  });

  it("lets an exception hold where it says and names one that nothing needs", () => {
    const tree = { "app/jobs/x.server.ts": `export const x = process.env;` };
    const exception = { rule: "environment", at: "app/jobs/x.server.ts", why: "a test" } as const;
    const idle = { rule: "vendor", at: "app/jobs/y.ts", why: "a test" } as const;
    expect(brokenRules(tree, [exception, idle])).toEqual([
      'the exception "vendor" for app/jobs/y.ts is not needed any more',
    ]);
  });
});
