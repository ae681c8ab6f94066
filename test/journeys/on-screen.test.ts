import type { Browser, Frame } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { playShop } from "../demo/play-shop.ts";
import { card, dialogOf, hindrances, rowsOf, wordsIn } from "../routes/pages/read-screen.ts";
import { buildAdmin } from "../support/admin-build.ts";
import { adminPages } from "../support/admin-pages.ts";
import { chromiumPath, DESK, launchBrowser, navigate, openAdmin, openView, PHONE } from "../support/browser.ts";
import { nameSkip } from "../support/skips.ts";
import { leftInEnglish, textsOf } from "./left-in-english.ts";
import { jumpsOf, troublesOf, watchShifts } from "./look-at-page.ts";

if (chromiumPath === undefined) nameSkip("the demo's figures in a browser", "there is no Chromium (CHROMIUM_PATH)");

const DOMAIN = "on-screen.myshopify.com";
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

/** Of each page, by its path. */
type Texts = Map<string, string[]>;
type World = Awaited<ReturnType<typeof playHistory>>;
let world: World;
let browser: Browser;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  await buildAdmin();
  world = await playHistory();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  for (const end of ends.reverse()) await end();
}, 60_000);

it.skipIf(chromiumPath === undefined)(
  "a shop's figures on the screen are those of the check, and looking at them leaves the shop as it was",
  async () => {
    const { app, found, appPage } = world;
    // As its sender counts, who repeats what a busy app answered too late.
    const { books } = world.delivered;
    expect(found.ok).toBe(true);
    for (const { name, members } of found.segments) expect(members, name).toBeGreaterThan(0);

    const { page, complaints } = await openView(browser);
    onTestFinished(() => page.context().close());
    const frame = await openAdmin(page, appPage);

    const { rows } = await app.muster.db.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM orders WHERE shop_id = $1 AND (test OR cancelled_at IS NOT NULL)",
      [app.shop.id],
    );
    expect(await totalsOn(frame)).toEqual({
      Profiles: found.profiles,
      Orders: found.orders + (rows[0]?.count ?? NaN),
      "Webhooks received": books.sent - books.duplicates,
      Waiting: 0,
    });
    const segments = await rowsOf(card(frame, "Segments"));
    expect(segments.map(([name, members]) => ({ name, members: Number(members) }))).toEqual(found.segments);
    for (const destination of ["Klaviyo", "Mailchimp"]) {
      const shown = await wordsIn(card(frame, `Audiences in ${destination}`));
      const proven = found.audiences.filter((audience) => audience.destination === destination.toLowerCase());
      expect(shown.filter((words) => words !== "Open" && !words.startsWith("Compared "))).toEqual([
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

it.skipIf(chromiumPath === undefined)(
  "a segment from the library becomes exact and its audiences follow; a rule is written in text, seen in the builder and in SQL, and published with a guard; a membership is explained",
  async () => {
    const { app, appPage } = world;
    const { page, complaints } = await openView(browser);
    onTestFinished(() => page.context().close());
    const frame = await openAdmin(page, `${appPage}/app/segments`);

    await frame.getByRole("link", { name: "Create segment" }).click();
    await frame.getByRole("link", { name: "Use this: High-value buyers" }).click();
    const headline = frame.getByText(/^\d+ of \d+ customers$/);
    const highValue = await headline.innerText();
    await frame.getByLabel("Name").fill("Everybody who bought");
    await frame.getByRole("combobox", { name: "What it is about" }).fill("number of orders");
    await frame.getByRole("option", { name: "Number of orders" }).click();
    await expect.poll(() => headline.innerText()).not.toBe(highValue);
    const [promised] = (await headline.innerText()).split(" ");
    await frame.getByRole("button", { name: "Create segment" }).click();
    await frame.getByText("Version 1", { exact: true }).waitFor();
    await frame.getByText("Exact now").waitFor();
    const made = await segmentNamed(app, "Everybody who bought");
    expect(made.members).toBe(Number(promised));
    await expect
      .poll(async () => (await audiencesOf(app, made.id)).map(({ due }) => due), { timeout: 30_000 })
      .toEqual([0, 0]);
    for (const audience of await audiencesOf(app, made.id)) expect(audience.acked).toBe(audience.wanted);

    await frame.getByLabel("Rule as text").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("amount_spent >= 500 AND number_of_orders >= 2 OR customer_tag CONTAINS 'vip'");
    await frame.getByText("did you mean customer_tags?").first().waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("amount_spent >= 100000");
    await frame.getByText(/^0 of \d+ customers$/).waitFor();
    await expect
      .poll(() => frame.getByRole("combobox", { name: "What it is about" }).inputValue())
      .toBe("Amount spent");
    await expect
      .poll(() => frame.getByLabel("Rule as SQL").innerText())
      .toBe("SELECT customer_id FROM customer_data WHERE amount_spent >= 100000;");
    await frame.getByRole("button", { name: "Publish" }).click();
    const { dialog, inside } = dialogOf(frame);
    await dialog.getByRole("button", { name: "Publish" }).click();
    await inside.getByLabel(`Yes, ${promised} customers may move`).check();
    await dialog.getByRole("button", { name: "Publish" }).click();
    await frame.getByText("Version 2", { exact: true }).waitFor();
    await page.getByText("Unsaved changes").waitFor({ state: "hidden" });
    expect(await frame.getByLabel("Rule as text").innerText()).toBe("amount_spent >= 100000");
    await expect
      .poll(async () => (await segmentNamed(app, "Everybody who bought")).members, { timeout: 30_000 })
      .toBe(0);
    // Whom the publication moved would not be moved by it any more.
    await frame.getByText("Publishing this changes nobody’s membership.").waitFor({ timeout: 20_000 });

    const { rows } = await app.muster.db.query<{ segment_id: number; customer_id: string }>(
      "SELECT segment_id, customer_id FROM memberships WHERE shop_id = $1 AND left_at IS NULL ORDER BY 1, 2 LIMIT 1",
      [app.shop.id],
    );
    const why = await openAdmin(page, `${appPage}/app/segments/${rows[0]?.segment_id}/explain/${rows[0]?.customer_id}`);
    await why.getByText("In the segment", { exact: true }).waitFor();
    expect(await why.getByText("True", { exact: true }).count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  },
  120_000,
);

it.skipIf(chromiumPath === undefined)(
  "a segment's past is a chart with the same figures in a table behind it, told to the reader in their language",
  async () => {
    const { app, appPage } = world;
    const { id } = await segmentNamed(app, world.found.segments[0]?.name ?? "");
    const { page, complaints } = await openView(browser, undefined, "de-DE");
    onTestFinished(() => page.context().close());
    const frame = await openAdmin(page, `${appPage}/app/segments/${id}`);
    await frame.getByRole("button", { name: "Rückblick berechnen" }).click();
    const chart = frame.getByRole("figure", { name: /^Von \d+ auf \d+ Mitglieder$/ });
    // Lines are the picture; what they say stands in the drawing's own rows for whoever cannot see it.
    await chart.getByText("1. Nov.").first().waitFor();
    const past = card(frame, "Die letzten 30 Tage");
    await past.getByRole("button", { name: "Als Tabelle anzeigen" }).click();
    const rows = await rowsOf(past.locator(".Polaris-DataTable"));
    expect(rows.length).toBe(30);
    const [, last] = /auf (\d+) Mitglieder/.exec(await chart.locator("figcaption").innerText()) ?? [];
    expect(rows[0]?.slice(0, 2)).toEqual(["Sonntag, 1. November 2026", last]);
    expect(await hindrances(frame)).toEqual([]);
    expect(complaints).toEqual([]);
  },
  120_000,
);

it.skipIf(chromiumPath === undefined)(
  "every page: hinders nobody, jumps nowhere, scrolls in one direction and complains of nothing, on a desk in English and on a phone in German, and no English is left there",
  async () => {
    const { app, appPage } = world;
    const own = await ownWords(app);
    const paths = (await adminPages(app.muster.db, app.shop.id)).map(({ path }) => path);
    const troubles: Record<string, string[]> = {};
    /** Goes from page to page, or opens each as a document of its own, and keeps what is wrong. @returns the texts of each */
    const walk = async (locale: string, size: typeof DESK, how: "glance" | "look" | "open"): Promise<Texts> => {
      const { page, complaints } = await openView(browser, size, locale);
      await watchShifts(page);
      let frame = await openAdmin(page, `${appPage}/app`);
      const texts: Texts = new Map();
      for (const path of paths) {
        if (how === "open") frame = await openAdmin(page, appPage + path);
        else await navigate(frame, path);
        texts.set(path, await textsOf(frame));
        const found = how === "glance" ? [] : await troublesOf(frame, page);
        if (how === "open") found.push(...(await jumpsOf(frame)));
        found.push(...complaints.splice(0));
        if (found.length > 0) troubles[`${path} in ${locale}, ${size.width} px wide`] = found;
      }
      await page.context().close();
      return texts;
    };
    const english = await walk("en-US", DESK, "look");
    const german = [await walk("de-DE", DESK, "glance"), await walk("de-DE", PHONE, "open")];
    for (const shown of german) {
      for (const path of paths) {
        const left = leftInEnglish(english.get(path) ?? [], shown.get(path) ?? [], own);
        if (left.length > 0) troubles[`${path} in German`] = left;
      }
    }
    expect(troubles).toEqual({});
  },
  180_000,
);

/** What the shop and its staff wrote: it is in whatever language they write. */
async function ownWords({ muster, shop }: World["app"]): Promise<string[]> {
  const { rows } = await muster.db.query<{ words: (string | null)[] }>(
    `SELECT array[title, vendor, product_type, handle] || tags AS words FROM products WHERE shop_id = $1
     UNION ALL SELECT array[first_name, last_name, email] FROM profiles WHERE shop_id = $1
     UNION ALL SELECT array[name, key] FROM segments WHERE shop_id = $1
     UNION ALL SELECT array[author] FROM audit_log WHERE shop_id = $1
     UNION ALL SELECT array[account_name] FROM destinations WHERE shop_id = $1`,
    [shop.id],
  );
  return [...new Set([STORE.name, DOMAIN, STORE.timeZone, ...rows.flatMap(({ words }) => words)])].filter(
    (word) => word !== null,
  );
}

async function segmentNamed({ muster, shop }: World["app"], wanted: string): Promise<{ id: number; members: number }> {
  const { segmentSizes } = await import("../../app/segment/segment-pages-store.server.ts");
  const found = (await segmentSizes(muster.db, shop.id)).find(({ name }) => name === wanted);
  return found ?? { id: 0, members: -1 };
}

async function audiencesOf({ muster, shop }: World["app"], segmentId: number) {
  const { audienceStates } = await import("../../app/sync/sync-store.server.ts");
  return (await audienceStates(muster.db, shop.id)).filter((audience) => audience.segmentId === segmentId);
}

function exceptionsOf({ exceptions }: { exceptions: Record<string, number> }): string[] {
  const named = Object.entries(EXCEPTIONS).filter(([name]) => exceptions[name]);
  return named.length === 0 ? [] : [named.map(([name, words]) => `${exceptions[name]} ${words}`).join(" · ")];
}

/** What `npm run demo -- --check` does, with a smaller shop and without the end: the app goes on until the test is over. */
async function playHistory() {
  const shop = await playShop(DOMAIN, STORE, HISTORY);
  ends.push(shop.close);
  // The Shopify library reads its environment when it is imported, hence the late import.
  const { check } = await import("../demo/check.ts");
  const options = { check: true, faults: false, screenshots: false, port: null, replay: null };
  return { ...shop, found: await check({ ...shop, options, progress: SILENT }) };
}

/** The strip of figures: each number with the label above it. */
async function totalsOn(frame: Frame): Promise<Record<string, number>> {
  const words = await wordsIn(frame.getByRole("region", { name: "Totals" }));
  const figures = [...words.entries()].filter(([, word]) => /^[\d,]+$/.test(word));
  return Object.fromEntries(figures.map(([position, word]) => [words[position - 1], Number(word.replaceAll(",", ""))]));
}
