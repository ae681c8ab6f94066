import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, launchBrowser, openView, PHONE, type View } from "../support/browser.ts";
import { nameSkip } from "../support/skips.ts";
import { type RunningStorefront, startStorefront } from "./start-storefront.ts";

const EXTENSION = join(import.meta.dirname, "../../extensions/storefront");
if (chromiumPath === undefined) nameSkip("the theme's blocks in a browser", "there is no Chromium (CHROMIUM_PATH)");

describe("the theme app extension", () => {
  it("sends at most 10 KB of compressed JavaScript, all blocks together", () => {
    const assets = readdirSync(join(EXTENSION, "assets")).filter((name) => name.endsWith(".js"));
    const sizes = assets.map((name) => gzipSync(readFileSync(join(EXTENSION, "assets", name))).length);
    expect(sizes.length).toBe(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10 * 1024);
  });

  it("says everything in German that it says in English, with the same values in it", () => {
    const texts = (name: string): string[] => {
      const walk = (value: unknown, path: string): string[] =>
        typeof value === "string"
          ? [`${path} ${(value.match(/\{\{ \w+ \}\}/g) ?? []).toSorted().join("")}`]
          : Object.entries(value as object).flatMap(([key, inner]) => walk(inner, `${path}.${key}`));
      return walk(JSON.parse(readFileSync(join(EXTENSION, "locales", name), "utf8")), "").toSorted();
    };
    expect(texts("de.json")).toEqual(texts("en.default.json"));
    expect(texts("de.schema.json")).toEqual(texts("en.default.schema.json"));
  });

  it("holds nothing up: every script of its is a module", () => {
    const folders = ["blocks", "snippets"].flatMap((folder) =>
      readdirSync(join(EXTENSION, folder)).map((name) => readFileSync(join(EXTENSION, folder, name), "utf8")),
    );
    const scripts = folders.flatMap((text) => text.match(/<script[^>]*>/g) ?? []);
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(script).toContain(`type="module"`);
    expect(folders.filter((text) => /<link|stylesheet_tag|"javascript":|"stylesheet":/.test(text))).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)("the theme's blocks in a browser", () => {
  let browser: Browser;
  let view: View;
  let tools: CDPSession;
  let store: RunningStorefront;
  const settings = { quick_add: true, not_for_me: true };

  beforeAll(async () => {
    store = await startStorefront(settings);
    browser = await launchBrowser();
    view = await openView(browser);
    tools = await view.page.context().newCDPSession(view.page);
  });
  beforeEach(() => {
    store.told.length = 0;
    store.asked.length = 0;
    store.arm = "treated";
  });
  afterAll(async () => {
    await browser.close();
    store.close();
  });

  const product = (place: number): string => store.products[place]?.url ?? "";
  const cards = (page: Page): Promise<string[]> =>
    page.locator(".muster-card:visible .muster-card__title").allTextContents();

  /** For a visitor whom this browser never saw. */
  async function onPage<T>(path: string, look: (page: Page, complaints: string[]) => Promise<T>): Promise<T> {
    const { page, complaints } = view;
    complaints.splice(0);
    try {
      await page.goto(store.url + path);
      return await look(page, complaints);
    } finally {
      await page.goto("about:blank");
      await page.context().clearCookies();
      await tools.send("Storage.clearDataForOrigin", { origin: store.url, storageTypes: "all" });
    }
  }

  it.each([
    ["a product's page on a desk", () => product(4), undefined],
    ["a product's page on a phone", () => product(4), PHONE],
    ["the home page, where a customer's own list takes the place of the popular one", () => "/?customer=3", undefined],
    ["a collection's page on a phone, with a customer's own list", () => "/collections/all?customer=3", PHONE],
  ])("%s: nothing moves and no task is long", async (_name, path, viewport) => {
    let seen = await watched(path(), viewport);
    // A busy machine makes any task long now and then, but a long one of ours each time.
    for (let again = 0; seen.tasks.length > 0 && again < 4; again += 1) seen = await watched(path(), viewport);
    expect(seen).toEqual({ shifts: [], tasks: [], scripts: 2 });
  });

  it("without JavaScript there is the same list, and adding from it goes to the cart", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(store.url + product(44));
    expect(await cards(page)).toEqual(store.products.slice(45, 49).map(({ title }) => title));
    await page.getByRole("button", { name: `Add to cart: ${store.products[45]?.title}` }).click();
    expect(new URL(page.url()).pathname).toBe("/cart");
    // Beside what lies in the cart now, and without it.
    expect(await cards(page)).toEqual(store.products.slice(46, 50).map(({ title }) => title));
    expect(await page.locator(".muster-card__why").first().textContent()).toBe(
      `Bought together by 41 of 230 buyers of ${store.products[45]?.title}`,
    );
    await context.close();
  });

  it("stands as the merchant set it: heading, how many, columns, shape, and without price and reason", async () => {
    const own = {
      heading: "Go & see",
      count: 12,
      columns: 3,
      columns_phone: 1,
      ratio: "0.75",
      price: false,
      why: false,
    };
    const set = await startStorefront(own);
    const laidOut = async (viewport?: typeof PHONE) => {
      const { page } = await openView(browser, viewport);
      await page.goto(set.url + (set.products[44]?.url ?? ""));
      const shapes = await page.locator(".muster-card").evaluateAll((all) =>
        all.map((card) => {
          const media = card.querySelector(".muster-card__media")?.getBoundingClientRect();
          return { left: card.getBoundingClientRect().left, ratio: media && media.width / media.height };
        }),
      );
      expect(await page.locator(".muster-list h2").textContent()).toBe("Go & see");
      expect(await page.locator(".muster-card__price, .muster-card__why, .muster-card__add").count()).toBe(0);
      await page.context().close();
      return { cards: shapes.length, columns: new Set(shapes.map(({ left }) => left)).size, ratio: shapes[0]?.ratio };
    };
    const ratio = expect.closeTo(0.75, 2) as number;
    expect(await laidOut()).toEqual({ cards: 12, columns: 3, ratio });
    expect(await laidOut(PHONE)).toEqual({ cards: 12, columns: 1, ratio });
    // A list for somebody that is shorter than the places: what the theme has in the rest may not be for them.
    const { page } = await openView(browser);
    await page.goto(`${set.url}/?customer=3`);
    await page.waitForSelector(".muster-list[data-list=personal]");
    expect(await cards(page)).toHaveLength(8);
    expect(await page.locator(".muster-card").count()).toBe(12);
    await page.context().close();
    set.close();
  });

  it("a list that the theme makes of several keeps to the caps, and goes past them before a place stays empty", async () => {
    const one = await startStorefront({ count: 8, quick_add: true }, { perVendor: 1, perType: 99 });
    const two = await startStorefront({ count: 8, quick_add: true }, { perVendor: 99, perType: 2 });
    const places = async (of: RunningStorefront, path: string, inCart: readonly number[] = []) => {
      const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      for (const place of inCart) {
        await page.request.post(`${of.url}/cart/add`, {
          form: { id: String(of.products[place]?.selected_or_first_available_variant.id) },
        });
      }
      await page.goto(of.url + path);
      const ids = await page.locator(".muster-card").evaluateAll((all) => all.map((card) => card.dataset["product"]));
      await page.context().close();
      return ids.map((id) => of.products.findIndex((product) => String(product.id) === id));
    };
    // Ten products after another are of one vendor and one type, and beside each stand the eight after it; popular are 0 to 11.
    expect(await places(one, "/cart", [42, 55])).toEqual([43, 50, 60, 0, 10, 44, 45, 46]);
    expect(await places(two, "/cart", [42, 55])).toEqual([43, 44, 50, 56, 60, 61, 0, 1]);
    // The page has 0 to 11 and more: nothing popular is left.
    expect(await places(two, "/collections/all")).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(await places(one, product(8))).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
    expect((await places(one, "/")).slice(0, 3)).toEqual([0, 1, 2]);
    one.close();
    two.close();
  });

  it.each([
    ["a product's page", () => product(4)],
    ["the home page in German", () => "/?locale=de"],
    ["a collection's page", () => "/collections/all"],
  ])("%s has nothing that keeps somebody out", async (_name, path) => {
    await onPage(path(), async (page) => {
      await page.evaluate(axe.source);
      const found = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run(".muster-list", { resultTypes: ["violations"] }),
      );
      expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(found.passes.length).toBeGreaterThan(5);
    });
  });

  it("a section is called by its heading, and each entry by the product and nothing else", async () => {
    await onPage(product(4), async (page) => {
      const section = page.getByRole("region", { name: "You may also like" });
      expect(await section.getByRole("listitem").count()).toBe(4);
      expect(await section.getByRole("link", { name: store.products[5]?.title ?? "", exact: true }).count()).toBe(1);
    });
  });

  it("a customer reads another heading and another list, with prices as Shopify knows them", async () => {
    await onPage("/?customer=3", async (page, complaints) => {
      await page.waitForSelector(".muster-list[data-list=personal]");
      expect(await page.locator(".muster-list h2").textContent()).toBe("Picked for you");
      expect(await cards(page)).toEqual([119, 118, 117, 116].map((place) => store.products[place]?.title));
      expect(await page.locator(".muster-card__price").first().textContent()).toBe("€148.90");
      expect(complaints).toEqual([]);
    });
    await onPage("/?customer=4", async (page) => {
      await page.waitForLoadState("networkidle");
      expect(await page.locator(".muster-list h2").textContent()).toBe("Popular right now");
    });
  });

  it("what was shown, clicked, added and not wanted is told once, with consent", async () => {
    await onPage(`${product(44)}?customer=3`, async (page) => {
      await page.locator(".muster-list").scrollIntoViewIfNeeded();
      await page.getByRole("button", { name: `Add to cart: ${store.products[45]?.title}` }).click();
      await page.getByRole("button", { name: `Not for me: ${store.products[46]?.title}` }).click();
      expect(await cards(page)).toHaveLength(3);
      await expect.poll(() => kinds("shown").length, { timeout: 20_000 }).toBeGreaterThan(2);
      await page.getByRole("link", { name: store.products[47]?.title ?? "", exact: true }).click();
      await expect.poll(() => kinds("clicked"), { timeout: 10_000 }).toEqual([store.products[47]?.id]);
    });
    expect(kinds("added")).toEqual([store.products[45]?.id]);
    expect(kinds("not_for_me")).toEqual([store.products[46]?.id]);
    expect(new Set(kinds("shown")).size).toBe(kinds("shown").length);
    expect(new Set(store.told.map(({ customerId, message }) => `${customerId} ${message.client}`)).size).toBe(1);
    expect(store.told[0]?.message.events[0]).toMatchObject({
      placement: "product",
      list: `product:${store.products[44]?.id}`,
    });
  });

  it("what a customer does not want stands beside no product any more, with nothing moving; a visitor is not asked about", async () => {
    const titles = (...places: number[]) => places.map((place) => store.products[place]?.title);
    await onPage(`${product(44)}?customer=3`, async (page) => {
      await page.waitForLoadState("networkidle");
      await page.getByRole("button", { name: `Not for me: ${store.products[46]?.title}` }).click();
      await expect.poll(() => kinds("not_for_me"), { timeout: 10_000 }).toEqual([store.products[46]?.id]);
      await page.reload();
      await expect.poll(() => cards(page), { timeout: 10_000 }).toEqual(titles(45, 47, 48, 49));
      await page.goto(store.url + product(43));
      await expect.poll(() => cards(page), { timeout: 10_000 }).toEqual(titles(44, 45, 47, 48));
      await page.goto(`${store.url}${product(43)}?customer=4`);
      await page.waitForLoadState("networkidle");
      expect(await cards(page)).toEqual(titles(44, 45, 46, 47));
    });
    const { shifts } = await watched(`${product(43)}?customer=3`);
    expect(shifts).toEqual([]);
  });

  it("prices are those of the market the visitor is in, also right after the same list was read in another", async () => {
    await onPage(`${product(44)}?consent=preferences`, async (page, complaints) => {
      const home = async (country: string) => {
        const answered = page.waitForResponse((response) => response.url().includes("/apps/muster/recommendations"));
        await page.goto(`${store.url}/?country=${country}`);
        const answer = await answered;
        await page.waitForSelector(".muster-list[data-list=viewed]");
        const market = new URL(answer.url()).searchParams.get("market");
        const prices = await page.locator(".muster-card__price").allTextContents();
        return { market, cache: answer.headers()["cache-control"], prices };
      };
      const places = [61, 62, 63, 64];
      const cost = (rate: number, currency: string) =>
        places.map((place) => {
          const { price = 0, price_varies: varies } = store.products[place] ?? {};
          return `${varies ? "From " : ""}${currency}${((price * rate) / 100).toFixed(2)}`;
        });
      const kept = { cache: "private, max-age=60" };
      expect(await home("DE")).toEqual({ ...kept, market: "DE EUR", prices: cost(1, "€") });
      expect(await home("CH")).toEqual({ ...kept, market: "CH CHF", prices: cost(1.1, "CHF\u00a0") });
      expect(complaints).toEqual([]);
    });
  });

  it("who signs in sees their own list at once, whatever the browser kept of before, and who signs out the one of before", async () => {
    await onPage(`${product(44)}?consent=preferences`, async (page, complaints) => {
      const home = async (customer: string, list: string) => {
        await page.goto(`${store.url}/?customer=${customer}`);
        await page.waitForSelector(`.muster-list[data-list=${list}]`);
        return cards(page);
      };
      const titles = (...places: number[]) => places.map((place) => store.products[place]?.title);
      expect(await home("", "viewed")).toEqual(titles(61, 62, 63, 64));
      expect(await home("3", "personal")).toEqual(titles(119, 118, 117, 116));
      expect(await home("", "viewed")).toEqual(titles(61, 62, 63, 64));
      expect(complaints).toEqual([]);
    });
  });

  it("a place that is left empty, and a card that was sent away, count as shown to nobody", async () => {
    const set = await startStorefront({ ...settings, count: 12, columns: 6 });
    const { page } = await openView(browser);
    await page.goto(`${set.url}/?customer=3`);
    await page.waitForSelector(".muster-list[data-list=personal]");
    const own = [119, 118, 117, 116, 115, 114, 113, 112].map((place) => String(set.products[place]?.id));
    const shown = () =>
      set.told.flatMap(({ message }) => message.events.flatMap((one) => (one.kind === "shown" ? [one.product] : [])));
    // Before it comes into view.
    await page
      .locator(".muster-card__dismiss")
      .nth(7)
      .evaluate((button: HTMLElement) => button.click());
    await page.locator(".muster-list").scrollIntoViewIfNeeded();
    await expect.poll(() => shown().length, { timeout: 20_000 }).toBeGreaterThan(6);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 2_500)));
    expect(shown().toSorted()).toEqual(own.slice(0, 7).toSorted());
    await page.context().close();
    set.close();
  });

  it("without consent nothing is told and nothing is kept in the browser", async () => {
    await onPage(`${product(44)}?consent=no`, async (page) => {
      await page.locator(".muster-list").scrollIntoViewIfNeeded();
      await page.getByRole("button", { name: `Not for me: ${store.products[46]?.title}` }).click();
      await page.evaluate(() => new Promise((done) => setTimeout(done, 3_500)));
      expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    });
    expect(store.told).toEqual([]);
    expect(store.asked).toEqual([]);
  });

  it("a visitor who is held out sees what is popular beside a product, from the first page, and says so", async () => {
    store.arm = "held_out";
    await onPage(product(44), async (page, complaints) => {
      await page.waitForSelector(".muster-list[data-list=fallback]");
      expect(await cards(page)).toEqual(store.products.slice(0, 4).map(({ title }) => title));
      await page.getByRole("link", { name: store.products[1]?.title ?? "", exact: true }).click();
      await expect.poll(() => kinds("clicked"), { timeout: 10_000 }).toEqual([store.products[1]?.id]);
      expect(complaints).toEqual([]);
    });
    expect(store.told[0]?.message).toMatchObject({
      client: store.asked[0]?.clientId,
      events: [{ arm: "held_out", list: "fallback" }],
    });
  });

  it("a visitor who is not held out is asked about once, and keeps the theme's own list", async () => {
    await onPage(product(44), async (page) => {
      await page.waitForSelector(".muster-list[data-arm=treated]");
      expect(await cards(page)).toEqual(store.products.slice(45, 49).map(({ title }) => title));
      await page.goto(store.url + product(50));
      await page.waitForSelector(".muster-list[data-arm=treated]");
      await page.waitForLoadState("networkidle");
    });
    expect(store.asked).toEqual([{ customerId: null, clientId: expect.stringMatching(/^[\w-]{36}$/) as string }]);
  });

  /** Everything that moved, the tasks of 50 ms and more, and how many scripts are the extension's. */
  async function watched(path: string, viewport?: typeof PHONE) {
    const { page } = await openView(browser, viewport);
    await page.addInitScript(() => {
      const seen = { shifts: [] as number[], tasks: [] as number[] };
      Object.assign(window, { seen });
      const watch = (type: string, list: number[], value: (entry: PerformanceEntry) => number) =>
        new PerformanceObserver((entries) => list.push(...entries.getEntries().map(value))).observe({
          type,
          buffered: true,
        });
      watch("layout-shift", seen.shifts, (entry) => (entry as PerformanceEntry & { value: number }).value);
      watch("longtask", seen.tasks, (entry) => (entry.name === "self" ? entry.duration : 0));
    });
    await page.goto(store.url + path);
    const isPersonal = path.includes("customer") && !path.startsWith("/products");
    if (isPersonal) await page.waitForSelector(".muster-list[data-list=personal]");
    await page.locator(".muster-list").scrollIntoViewIfNeeded();
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    const seen = await page.evaluate(() => (window as unknown as { seen: { shifts: number[]; tasks: number[] } }).seen);
    const scripts = await page.evaluate(
      () => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/assets/muster")).length,
    );
    await page.context().close();
    return { ...seen, scripts };
  }

  /** Product ids that this was told of. */
  function kinds(kind: string): number[] {
    const events = store.told.flatMap(({ message }) => message.events);
    return events.filter((event) => event.kind === kind).map((event) => Number(event.product));
  }
});
