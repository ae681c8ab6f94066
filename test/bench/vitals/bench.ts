import type { Browser } from "playwright-core";
import { playShop } from "../../demo/play-shop.ts";
import { createProgress } from "../../demo/progress.ts";
import { settle } from "../../demo/settle.ts";
import { buildAdmin } from "../../support/admin-build.ts";
import { type AdminPage, adminPages } from "../../support/admin-pages.ts";
import { chromiumPath, launchBrowser } from "../../support/browser.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { furnish } from "./furnish.ts";
import { visit, type Visit } from "./visit.ts";

/** What Shopify asks of an embedded app for "Built for Shopify". */
const BARS = {
  lcp: { figure: "lcp_s", most: 2.5, unit: "s" },
  cls: { figure: "cls", most: 0.1, unit: "" },
  inp: { figure: "inp_ms", most: 200, unit: "ms" },
} as const;
type Vital = keyof typeof BARS;
const VITALS = Object.keys(BARS) as Vital[];

const VISITS = 5;
const DOMAIN = "vitals.myshopify.com";
const STORE = { name: "Fern & Fjord", currency: "EUR", timeZone: "Europe/Berlin" };
/** As large a shop as the demo's, and one that is there within seconds. */
const SHOP = { shoppers: 600, days: 420 };
const QUICK_SHOP = { shoppers: 60, days: 60 };
/** The pages with most on them. */
const QUICK_PAGES = ["overview", "profiles", "profile", "segment", "content"];

/**
 * What the staff of a shop feel on each page of the admin: Web Vitals of the app's own document in the stand-in admin, in Chromium with
 * nothing in its cache and a processor four times slower, medians of five visits. A visit loads the page and then uses what is on it.
 * `--only NAME,NAME` looks at some pages alone.
 * @throws the pages that miss a bar, once all were measured.
 */
export async function* benchVitals({ quick, options }: BenchOptions): AsyncGenerator<Figure> {
  if (chromiumPath === undefined) throw new Error("There is no Chromium on this machine; set CHROMIUM_PATH.");
  await buildAdmin();
  const progress = createProgress();
  progress.show("Playing a shop's history");
  const size = quick ? QUICK_SHOP : SHOP;
  const now = new Date().toISOString();
  const shop = await playShop(DOMAIN, STORE, { kind: "generated", seed: "vitals", now, ...size });
  const missed: string[] = [];
  try {
    shop.app.clock.release();
    await furnish(shop);
    await settle(shop.app, progress, "everything");
    const {
      muster,
      shop: { id },
    } = shop.app;
    const only = options["only"]?.split(",") ?? (quick ? QUICK_PAGES : null);
    const pages = (await adminPages(muster.db, id)).filter(({ name }) => only?.includes(name) ?? true);
    const worst: Record<Vital, number> = { lcp: 0, cls: 0, inp: 0 };
    const browser = await launchBrowser();
    try {
      // The process has loaded what it needs to draw any page.
      await visit(browser, `${shop.appPage}/app`);
      for (const [place, page] of pages.entries()) {
        progress.show(`Visiting ${page.name}, page ${place + 1} of ${pages.length}`);
        const visits = await visitOften(browser, shop.appPage, page, quick ? 1 : VISITS);
        progress.say(`${page.name}: ${VITALS.map((vital) => told(vital, visits)).join(", ")}`);
        for (const vital of VITALS) {
          const value = middle(vital, visits);
          worst[vital] = Math.max(worst[vital], value);
          if (value > BARS[vital].most) missed.push(`${page.name}: ${told(vital, visits)}`);
          yield line(`${page.name}: ${vital}`, value, vital);
        }
      }
    } finally {
      await browser.close();
    }
    for (const vital of VITALS) {
      const { figure, most } = BARS[vital];
      yield { ...line(figure, worst[vital], vital), baseline: most, ratio: round(worst[vital] / most) };
    }
  } finally {
    await shop.close();
  }
  if (missed.length > 0) throw new Error(`Missed:\n${missed.join("\n")}`);
}

async function visitOften(browser: Browser, appPage: string, page: AdminPage, often: number): Promise<Visit[]> {
  const visits: Visit[] = [];
  for (let count = 0; count < often; count += 1) visits.push(await visit(browser, `${appPage}${page.path}`));
  return visits;
}

const middle = (vital: Vital, visits: readonly Visit[]): number =>
  visits.map((one) => one[vital].value).sort((a, b) => a - b)[visits.length >> 1] ?? NaN;

/** The value, and what it was in the visit in the middle: the element, the shift or the press. */
function told(vital: Vital, visits: readonly Visit[]): string {
  const value = middle(vital, visits);
  const cause = visits.find((one) => one[vital].value === value)?.[vital].cause ?? "";
  return `${vital.toUpperCase()} ${round(value)} ${BARS[vital].unit}${cause === "" ? "" : ` (${cause})`}`;
}

function line(figure: string, value: number, vital: Vital): Figure {
  return { bench: "vitals", figure, value: round(value), unit: BARS[vital].unit };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
