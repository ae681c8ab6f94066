import { readFile } from "node:fs/promises";

import type { Browser, Frame } from "playwright-core";
import { openAdmin, openView } from "../../support/browser.ts";
import { useWhatIsThere } from "./use-page.ts";

/** One vital, and what it is owed to. */
interface Measured {
  value: number;
  cause: string;
}

/** Seconds, a share of the screen, milliseconds. */
export interface Visit {
  lcp: Measured;
  cls: Measured;
  inp: Measured;
}

const SLOWDOWN = 4;
/** What is loaded after the page has drawn itself is drawn by then. */
const QUIET_MS = 1_000;
/** An interaction counts until the next frame, and is told of some time later; the last one may be the slowest. */
const TOLD_MS = 500;
const TOLD_AT_LAST_MS = 5_000;
const WEB_VITALS = new URL("./web-vitals.attribution.iife.js", import.meta.resolve("web-vitals"));

/** Opens a page of the admin in a fresh context and uses it. @throws when nothing on it can be used, or the browser told no LCP. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const { page } = await openView(browser);
  try {
    await page.addInitScript({ content: await script() });
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    const frame = await openAdmin(page, url);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(QUIET_MS);
    await useWhatIsThere(page, frame);
    await page.waitForTimeout(TOLD_MS);
    await frame
      .waitForFunction(() => (window as unknown as { vitals: Told }).vitals.INP, null, { timeout: TOLD_AT_LAST_MS })
      .catch(() => {});
    const { LCP, CLS, INP } = await vitalsOf(frame);
    if (LCP === undefined || INP === undefined) throw new Error(`${url} told ${LCP ? "no INP" : "no LCP"}.`);
    return { lcp: { ...LCP, value: LCP.value / 1_000 }, cls: CLS ?? { value: 0, cause: "" }, inp: INP };
  } finally {
    await page.context().close();
  }
}

type Told = Partial<Record<"LCP" | "CLS" | "INP", Measured>>;

async function vitalsOf(frame: Frame): Promise<Told> {
  return frame.evaluate(() => (window as unknown as { vitals: Told }).vitals);
}

/** Runs in every document before its own scripts. */
async function script(): Promise<string> {
  return `${await readFile(WEB_VITALS, "utf8")};(${watch.toString()})(webVitals);`;
}

interface Metric {
  name: "LCP" | "INP";
  value: number;
  attribution: Record<string, unknown>;
}
interface Shift {
  startTime: number;
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}
type WebVitals = Record<"onLCP" | "onINP", (hear: (metric: Metric) => void, options: object) => void>;

/** Keeps the latest of each vital in the document it is of. */
function watch(webVitals: WebVitals): void {
  const told: Told = {};
  Object.assign(window, { vitals: told });
  const hear = ({ name, value, attribution }: Metric): void => {
    const causes = {
      LCP: ["target"],
      INP: ["interactionType", "interactionTarget", "inputDelay", "processingDuration", "presentationDelay"],
    };
    const said = causes[name].map((key) => attribution[key]);
    told[name] = { value, cause: said.map((part) => (typeof part === "number" ? Math.round(part) : part)).join(" ") };
  };
  for (const on of [webVitals.onLCP, webVitals.onINP]) on(hear, { reportAllChanges: true, durationThreshold: 16 });

  // What moves within half a second of a press follows from it. Chromium marks that in a frame with a process of its own, as an app has
  // in Shopify's admin; here both are on one host and in one process, and it marks nothing.
  const presses: number[] = [];
  for (const type of ["pointerdown", "keydown"]) {
    addEventListener(type, ({ timeStamp }) => presses.push(timeStamp), { capture: true });
  }
  const run = { from: -Infinity, to: -Infinity, sum: 0, largest: 0, cause: "" };
  new PerformanceObserver((list) => {
    for (const { startTime: at, value, hadRecentInput, sources } of list.getEntries() as unknown as Shift[]) {
      if (hadRecentInput || presses.some((pressed) => at >= pressed && at - pressed < 500)) continue;
      if (at - run.to > 1_000 || at - run.from > 5_000) Object.assign(run, { from: at, sum: 0, largest: 0 });
      run.to = at;
      run.sum += value;
      if (value > run.largest) {
        const node = sources[0]?.node;
        Object.assign(run, { largest: value, cause: node instanceof Element ? node.className : "" });
      }
      if (run.sum > (told.CLS?.value ?? 0)) told.CLS = { value: run.sum, cause: run.cause };
    }
  }).observe({ type: "layout-shift", buffered: true });
}
