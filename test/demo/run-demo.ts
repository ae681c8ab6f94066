import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { SandboxOptions } from "../sandbox/messages.ts";
import { freePort } from "../support/free-port.ts";
import type { DemoOptions } from "./options.ts";
import { createProgress, type Progress } from "./progress.ts";
import { startSandbox } from "./sandbox-process.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const API_KEY = "muster-demo";
const LIVE_PER_MINUTE = 20;
const DEFAULT_PORT = 4747;
/** Where the generated shop's history ends in a check: fixed, so that every check sees the same shop. */
const CHECK_AS_OF = "2026-11-01T12:00:00.000Z";

type Stop = () => Promise<unknown>;

/** Runs the demo to its end; Ctrl-C stops everything it started. @returns the exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const progress = createProgress();
  const stops: Stop[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(stops));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      progress.say("Stopping…");
      void stop().then(() => process.exit(130));
    });
  }
  try {
    const workspace = await openWorkspace(nameOf(options), options.check || options.screenshots);
    stops.push(() => workspace.leave());
    return await play(options, workspace, progress, stops);
  } catch (error) {
    // Ctrl-C pulls everything away from under what is running.
    if (stopping) return 130;
    progress.say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await stop();
  }
}

async function play(options: DemoOptions, workspace: Workspace, progress: Progress, stops: Stop[]): Promise<number> {
  progress.show("Starting the sandbox store, Klaviyo and Mailchimp");
  const port = await freePort();
  const store = storeOf(options);
  const sandbox = await startSandbox({
    dataDir: workspace.sandboxDir,
    ports: options.check || options.screenshots ? {} : { admin: options.port ?? DEFAULT_PORT },
    shop: workspace.shop,
    store,
    apiKey: API_KEY,
    apiSecret: workspace.apiSecret,
    appUrl: `http://localhost:${port}`,
    source: sourceOf(options),
  });
  stops.push(() => sandbox.close());
  // The Shopify library reads its environment when it is imported, hence the late import.
  process.env["APP_BRIDGE_URL"] = sandbox.urls.appBridge;
  const { startApp } = await import("./start-app.ts");
  progress.show("Starting Muster");
  const app = await startApp({ workspace, sandbox, port, apiKey: API_KEY, store, segmentEvents: options.faults });
  stops.push(() => app.close());
  if (options.faults) await sandbox.misbehave();
  if (!options.check) {
    progress.say(`Muster in the sandbox admin: ${sandbox.urls.appPage}`);
    if (!options.replay) progress.say(`The shop itself, once that was opened: ${sandbox.urls.storefront}`);
  }

  const startedAt = performance.now();
  const delivered = await sandbox.deliver(
    app.pixelKey,
    (at) => app.clock.advance(at),
    (acked, total) => total !== null && progress.show(`Delivered ${acked} of ${total} webhooks`),
  );
  if (delivered.asOf) app.clock.advance(new Date(delivered.asOf));
  if (options.check) {
    const { check } = await import("./check.ts");
    const report = await check({ app, sandbox, options, progress, delivered, startedAt });
    progress.say(`Done in ${report.seconds} s`);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.ok ? 0 : 1;
  }
  if (options.screenshots) {
    app.clock.release();
    const { settle } = await import("./settle.ts");
    await settle(app, progress, "everything");
    const { takeScreenshots } = await import("./screenshots.ts");
    progress.say(`The pictures are in ${await takeScreenshots(app, sandbox.urls.appPage, progress)}`);
    return 0;
  }
  if (options.replay) {
    progress.say("History is in; the clock stands where it ends. Ctrl-C ends everything.");
  } else {
    app.clock.release();
    sandbox.goLive(LIVE_PER_MINUTE);
    progress.say(
      `History is in. Live traffic goes on, about ${LIVE_PER_MINUTE} webhooks a minute. Ctrl-C ends everything.`,
    );
  }
  await sandbox.ended;
  return 0;
}

async function stopAll(stops: Stop[]): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}

function sourceOf({ replay, check }: DemoOptions): SandboxOptions["source"] {
  if (!replay) {
    const now = check ? CHECK_AS_OF : new Date().toISOString();
    return { kind: "generated", seed: "muster", shoppers: 600, days: 420, now };
  }
  return {
    kind: "replay",
    file: replay.file,
    ...(replay.limit !== null && { limit: replay.limit }),
    duplicate: replay.duplicate,
    ...(replay.shuffle !== null && { shuffle: String(replay.shuffle) }),
  };
}

function storeOf({ replay }: DemoOptions): { name: string; currency: string; timeZone: string } {
  return replay
    ? { name: "Invoice replay", currency: "GBP", timeZone: "UTC" }
    : { name: "Fern & Fjord", currency: "EUR", timeZone: "Europe/Berlin" };
}

/** Two replays in one folder are two shops, unless everything about them is the same. */
function nameOf({ replay }: DemoOptions): string {
  if (!replay) return "muster-demo";
  const { file, limit, duplicate, shuffle } = replay;
  const what = JSON.stringify([basename(file), limit, duplicate, shuffle]);
  return `replay-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
}
