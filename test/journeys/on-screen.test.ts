import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../demo/sandbox-process.ts";
import { card, rowsOf, wordsIn } from "../routes/pages/read-screen.ts";
import { chromiumPath, launchBrowser, openAdmin, openView } from "../support/browser.ts";
import { nameSkip } from "../support/skips.ts";

if (chromiumPath === undefined) nameSkip("the demo's figures in a browser", "there is no Chromium (CHROMIUM_PATH)");

const DOMAIN = "on-screen.myshopify.com";
const API_KEY = "muster-demo";
const STORE = { name: "Fern & Fjord", currency: "EUR", timeZone: "Europe/Berlin" };
const HISTORY = {
  kind: "generated",
  seed: "on screen",
  shoppers: 80,
  days: 240,
  now: "2026-11-01T12:00:00.000Z",
} as const;
const SILENT = { show: () => {}, say: () => {} };
const EXCEPTIONS = { no_consent: "without consent", no_email: "without e\u2011mail address" };

it.skipIf(chromiumPath === undefined)(
  "a shop's figures on the screen are those of the check, and looking at them leaves the shop as it was",
  async () => {
    buildAdmin();
    const { app, found, appPage } = await playHistory();
    expect(found.ok).toBe(true);
    for (const { name, members } of found.segments) expect(members, name).toBeGreaterThan(0);

    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { page, complaints } = await openView(browser);
    const frame = await openAdmin(page, appPage);

    const { rows } = await app.muster.db.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM orders WHERE shop_id = $1 AND (test OR cancelled_at IS NOT NULL)",
      [app.shop.id],
    );
    expect(await totalsOn(frame)).toEqual({
      Profiles: found.profiles,
      Orders: found.orders + (rows[0]?.count ?? NaN),
      "Webhooks received": found.webhooks.sent - found.webhooks.duplicates,
      Waiting: 0,
    });
    const segments = await rowsOf(card(frame, "Segments"));
    expect(segments.map(([name, members]) => ({ name, members: Number(members) }))).toEqual(found.segments);
    for (const destination of ["Klaviyo", "Mailchimp"]) {
      const shown = await wordsIn(card(frame, `Audiences in ${destination}`));
      const proven = found.audiences.filter((audience) => audience.destination === destination.toLowerCase());
      expect(shown.filter((words) => !words.startsWith("Compared "))).toEqual([
        `Audiences in ${destination}`,
        ...proven.flatMap((proof) => [
          proof.segment,
          `${proof.audience} of ${proof.members} in the audience`,
          ...exceptionsOf(proof),
          "In step",
        ]),
      ]);
    }
    expect(await frame.getByText(`${found.webhooks.duplicates} duplicate deliveries were`).isVisible()).toBe(true);
    expect(complaints).toEqual([]);

    const { findShop } = await import("../../app/shopify/shop-store.server.ts");
    expect(await findShop(app.muster.db, DOMAIN)).toMatchObject(STORE);
  },
  120_000,
);

function exceptionsOf({ exceptions }: { exceptions: Record<string, number> }): string[] {
  const named = Object.entries(EXCEPTIONS).filter(([name]) => exceptions[name]);
  return named.length === 0 ? [] : [named.map(([name, words]) => `${exceptions[name]} ${words}`).join(" · ")];
}

/** The app serves `build/`, which under `npm test` is there already. */
function buildAdmin(): void {
  const { status, stderr } = spawnSync(process.execPath, ["app/run.mjs", "build"], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

/** What `npm run demo -- --check` does, with a smaller shop and without the end: the app goes on until the test is over. */
async function playHistory() {
  const dataDir = await mkdtemp(join(tmpdir(), "muster-screen-"));
  const leave = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  onTestFinished(leave);
  const port = await freePort();
  const apiSecret = randomBytes(24).toString("hex");
  const sandbox = await startSandbox({
    dataDir,
    shop: DOMAIN,
    store: STORE,
    apiKey: API_KEY,
    apiSecret,
    appUrl: `http://localhost:${port}`,
    source: HISTORY,
  });
  onTestFinished(() => sandbox.close());
  // The Shopify library reads its environment when it is imported, hence the late imports.
  process.env["APP_BRIDGE_URL"] = sandbox.urls.appBridge;
  const { startApp } = await import("../demo/start-app.ts");
  const { check } = await import("../demo/check.ts");

  const encryptionKey = randomBytes(32).toString("base64");
  const workspace = { dataDir, apiSecret, encryptionKey, shop: DOMAIN, sandboxDir: dataDir, resumed: false, leave };
  const app = await startApp({ workspace, sandbox, port, apiKey: API_KEY, store: STORE });
  onTestFinished(() => app.close());
  const startedAt = performance.now();
  const delivered = await sandbox.deliver(null, (at) => app.clock.advance(at), SILENT.show);
  const options = { check: true, faults: false, port: null, replay: null };
  const found = await check({ app, sandbox, options, progress: SILENT, delivered, startedAt });
  return { app, found, appPage: sandbox.urls.appPage };
}

/** The strip of figures: each number with the label above it. */
async function totalsOn(frame: Frame): Promise<Record<string, number>> {
  const words = await wordsIn(frame.getByRole("region", { name: "Totals" }));
  const figures = [...words.entries()].filter(([, word]) => /^[\d,]+$/.test(word));
  return Object.fromEntries(figures.map(([position, word]) => [words[position - 1], Number(word.replaceAll(",", ""))]));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
