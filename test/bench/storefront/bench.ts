import lighthouse from "lighthouse";
import { type RunningStorefront, startStorefront } from "../../storefront/start-storefront.ts";
import { chromiumPath, launchBrowser } from "../../support/browser.ts";
import { freePort } from "../../support/free-port.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";

/** Shares with which Shopify weighs an app's cost on the storefront (Built for Shopify). */
const PAGES = [
  { name: "home", share: 0.17, path: () => "/?customer=3" },
  { name: "product", share: 0.4, path: ({ products }: RunningStorefront) => products[4]?.url ?? "/" },
  { name: "collection", share: 0.43, path: () => "/collections/all?customer=3" },
] as const;
const RUNS = 5;
/** Lighthouse makes the processor four times slower, which is a mid-range phone where its own benchmark counts this. */
const FULL_SPEED = 1_600;
const SLOWDOWN = 4;

interface Measured {
  score: number;
  shift: number;
  blockingMs: number;
  paintMs: number;
}

/**
 * What the blocks and the app embed cost: Lighthouse (a phone on its usual slow network) on local pages of the sandbox store, with and
 * without them in turn, medians compared. The processor is slowed down to a mid-range phone's, from what it is here and now.
 */
export async function* benchStorefront({ quick }: BenchOptions): AsyncGenerator<Figure> {
  if (chromiumPath === undefined) throw new Error("There is no Chromium on this machine; set CHROMIUM_PATH.");
  const store = await startStorefront({ quick_add: true, not_for_me: true });
  const port = await freePort();
  const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
  try {
    const pages = quick ? PAGES.filter(({ name }) => name === "product") : PAGES;
    let cost = 0;
    for (const page of pages) {
      const { withBlocks, without } = await compare(store.url + page.path(store), port, quick ? 1 : RUNS);
      cost += (page.share * (without.score - withBlocks.score)) / (quick ? page.share : 1);
      yield* figuresOf(page.name, withBlocks, without);
    }
    yield { bench: "storefront", figure: "lighthouse_points_lost", value: round(cost), unit: "points" };
  } finally {
    await browser.close();
    store.close();
  }
}

async function compare(url: string, port: number, runs: number): Promise<{ withBlocks: Measured; without: Measured }> {
  const bare = url + (url.includes("?") ? "&" : "?") + "blocks=no";
  const measured: { withBlocks: Measured[]; without: Measured[] } = { withBlocks: [], without: [] };
  // The first run warms the browser up and says how fast this machine is at the moment; it is not counted.
  const { speed } = await measure(bare, port, SLOWDOWN);
  const slowdown = Math.min(Math.max((SLOWDOWN * speed) / FULL_SPEED, 1), SLOWDOWN);
  for (let run = 0; run < runs; run += 1) {
    measured.withBlocks.push(await measure(url, port, slowdown));
    measured.without.push(await measure(bare, port, slowdown));
  }
  return { withBlocks: medianOf(measured.withBlocks), without: medianOf(measured.without) };
}

async function measure(
  url: string,
  port: number,
  cpuSlowdownMultiplier: number,
): Promise<Measured & { speed: number }> {
  const result = await lighthouse(url, {
    port,
    onlyCategories: ["performance"],
    logLevel: "silent",
    output: "json",
    // Lighthouse's own network: a slow phone connection.
    throttling: { rttMs: 150, throughputKbps: 1_638.4, cpuSlowdownMultiplier },
  });
  const score = result?.lhr.categories["performance"]?.score;
  if (!result || typeof score !== "number") {
    throw new Error(`Lighthouse gave no score for ${url}: ${result?.lhr.runtimeError?.message ?? "no result"}`);
  }
  const value = (audit: string): number => result.lhr.audits[audit]?.numericValue ?? 0;
  return {
    score: score * 100,
    shift: value("cumulative-layout-shift"),
    blockingMs: value("total-blocking-time"),
    paintMs: value("largest-contentful-paint"),
    speed: result.lhr.environment.benchmarkIndex,
  };
}

function* figuresOf(page: string, withBlocks: Measured, without: Measured): Generator<Figure> {
  const figure = (name: string, unit: string, key: keyof Measured): Figure => ({
    bench: "storefront",
    figure: `${page}_${name}`,
    value: round(withBlocks[key]),
    unit,
    baseline: round(without[key]),
    ...(without[key] > 0 && { ratio: round(withBlocks[key] / without[key]) }),
  });
  yield figure("lighthouse", "points", "score");
  yield figure("cls", "", "shift");
  yield figure("tbt", "ms", "blockingMs");
  yield figure("lcp", "ms", "paintMs");
}

function medianOf(all: readonly Measured[]): Measured {
  const middle = (key: keyof Measured): number =>
    all.map((one) => one[key]).toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  return {
    score: middle("score"),
    shift: middle("shift"),
    blockingMs: middle("blockingMs"),
    paintMs: middle("paintMs"),
  };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
