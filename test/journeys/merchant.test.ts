import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { searchEverywhere } from "../privacy/search-everywhere.ts";
import { card, rowsOf, wordsIn } from "../routes/pages/read-screen.ts";
import { inventPast } from "../sandbox/shopify/invent-past.ts";
import type { PastCustomer } from "../sandbox/shopify/past.ts";
import { customerPayload } from "../sandbox/shopify/payloads/customer.ts";
import {
  chromiumPath,
  DESK,
  launchBrowser,
  navigate,
  openAdmin,
  openView,
  PHONE,
  type View,
} from "../support/browser.ts";
import { nameSkip } from "../support/skips.ts";
import { ACCOUNT, type MerchantWorld, openMerchantWorld } from "./merchant-world.ts";

if (chromiumPath === undefined) nameSkip("a merchant's journeys in a browser", "there is no Chromium (CHROMIUM_PATH)");

const DOMAIN = "fern-and-fjord.myshopify.com";
const PAST = inventPast({
  seed: "merchant",
  settings: { domain: DOMAIN, currency: "EUR", zone: "Europe/Berlin", taxRate: 0.19 },
  customers: 120,
  orders: 240,
  end: new Date(Date.now() - 60_000),
  days: 50,
});
const CUSTOMERS = Array.from({ length: PAST.customers.length }, (_, place) => PAST.customers.at(place));
/** What the library's rule means: 500 or more in all. */
const HIGH_VALUE = CUSTOMERS.filter(({ amountSpent }) => amountSpent >= 500_00);
/** Figures and platforms follow within seconds; a busy machine may take longer. */
const SOON = { timeout: 30_000, interval: 100 };

/** The journeys of one merchant, each from where the one before ended. */
describe.skipIf(chromiumPath === undefined)("a merchant", () => {
  let world: MerchantWorld;
  let browser: Browser;
  let view: View;
  let page: Page;

  beforeAll(async () => {
    [world, browser] = await Promise.all([openMerchantWorld(DOMAIN, PAST), launchBrowser()]);
    view = await openView(browser);
    page = view.page;
    page.setDefaultTimeout(20_000);
  }, 120_000);
  afterAll(() => Promise.all([browser?.close(), world?.close()]), 60_000);
  const expectSilence = (): void => expect(view.complaints.splice(0)).toEqual([]);
  afterEach(expectSilence);
  /** A browser complains about every answer with an error status. */
  const forgive = (status: number): void => {
    const answered = `Failed to load resource: the server responded with a status of ${status} `;
    view.complaints.splice(0, Infinity, ...view.complaints.filter((each) => !each.startsWith(answered)));
  };

  it("installs, is guided to a segment from the library and to Klaviyo, and has an equal audience in under ten clicks", async () => {
    let clicks = 0;
    const click = async (target: Locator): Promise<void> => {
      clicks += 1;
      await target.click();
    };
    const frame = await openAdmin(page, world.admin.appPage);
    await click(frame.getByRole("link", { name: /^Choose from the library/ }));
    await click(frame.getByRole("link", { name: "Use this: High-value buyers" }));
    await click(frame.getByRole("button", { name: "Create segment" }));
    await frame.getByText("Version 1", { exact: true }).waitFor();
    await click(frame.getByRole("link", { name: "Choose a platform" }));
    await click(frame.getByLabel("Klaviyo Private API key"));
    await page.keyboard.insertText("pk_first");
    await click(frame.getByRole("button", { name: "Connect Klaviyo" }));
    await frame.getByText(`Nothing is sent before you have chosen what.`).waitFor();
    await click(frame.getByRole("link", { name: "Choose segments" }));
    await frame.getByRole("button", { name: "Count first" }).waitFor();
    await click(frame.getByRole("button", { name: "Count first" }));
    await frame.getByRole("button", { name: "Start" }).waitFor();
    await click(frame.getByRole("button", { name: "Start" }));
    await expect
      .poll(async () => (await world.atKlaviyo()).lists["Muster: High-value buyers"], SOON)
      .toEqual(expected());
    expect(clicks).toBeLessThan(10);

    const accounted = [
      `${expected().length} of ${HIGH_VALUE.length} in the audience`,
      `${HIGH_VALUE.filter(isWithoutConsent).length} without consent`,
      `${HIGH_VALUE.filter(isWithoutEmail).length} without e\u2011mail address`,
    ];
    await expect
      .poll(() => wordsIn(card(frame, "High-value buyers")), SOON)
      .toEqual(expect.arrayContaining(["In step", accounted.join(" · ")]));
    await navigate(frame, "/app");
    await expect.poll(() => wordsIn(card(frame, "Set Muster up")), SOON).toContain("4 of 5 done");
  }, 120_000);

  it("is told on a phone that Klaviyo takes the key no more, gives another, and the audience goes on to be equal", async () => {
    await page.setViewportSize(PHONE);
    delete world.klaviyoKeys["pk_first"];
    const [moving] = HIGH_VALUE.filter(isReachable);
    await world.deliver("customers/update", moved(moving, "moved@example.com"));
    const frame = await openAdmin(page, world.admin.appPage);
    await frame.getByRole("link", { name: /^Klaviyo.* is paused/ }).click({ timeout: 30_000 });
    await frame.getByRole("heading", { level: 1, name: /^Klaviyo/ }).waitFor();
    await frame.getByText(/^Klaviyo does not accept the key\. Nothing is lost/).waitFor();
    await frame.getByRole("link", { name: "Connect it again" }).click();
    await frame.getByLabel("Klaviyo Private API key").fill("pk_first");
    await frame.getByRole("button", { name: "Connect Klaviyo" }).click();
    await frame.locator(".Polaris-InlineError").waitFor();
    world.klaviyoKeys["pk_second"] = { accountId: ACCOUNT };
    await frame.getByLabel("Klaviyo Private API key").fill("pk_second");
    await frame.getByRole("button", { name: "Connect Klaviyo" }).click();
    await frame.getByText("Its audiences go on where they stopped.").waitFor();
    expect(await frame.getByText(/is paused$/).count()).toBe(0);
    const wanted = [...expected().filter((email) => email !== moving?.customer.email), "moved@example.com"].toSorted();
    await expect.poll(async () => (await world.atKlaviyo()).lists["Muster: High-value buyers"], SOON).toEqual(wanted);
    await frame.getByRole("link", { name: "See its audiences" }).click();
    await card(frame, "High-value buyers").getByText("In step").waitFor();
    forgive(422);
    await page.setViewportSize(DESK);
  }, 120_000);

  it("puts a block into the theme from the guide and from the recommendations, and sees it shown once a visitor did", async () => {
    const frame = await openAdmin(page, world.admin.appPage);
    await frame.getByRole("link", { name: /^Open the theme editor/ }).click();
    await page.getByText("feedback (Muster): not saved yet").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("feedback (Muster): in the theme").waitFor();
    await page.getByRole("link", { name: "Exit" }).click();

    const again = await openAdmin(page, `${world.admin.appPage}/app/recommendations`);
    await again.getByRole("tab", { name: "Storefront" }).click();
    const blocks = card(again, "Blocks in your theme");
    // The tab answers the press first, and its card is drawn after that.
    await expect.poll(() => blocks.getByText("Not added yet").count()).toBe(4);
    await again.getByRole("link", { name: "Add to the theme: Product page" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("product (Muster): in the theme").waitFor();
    await page.getByRole("link", { name: "Exit" }).click();

    const added = await openAdmin(page, `${world.admin.appPage}/app/recommendations`);
    await added.getByRole("tab", { name: "Storefront" }).click();
    await added.getByText("In your theme", { exact: true }).waitFor();

    const visitor = await openView(browser, PHONE);
    await visitor.page.goto(`${world.storefrontUrl}/collections/all`);
    await visitor.page.locator("main .grid a").first().click();
    const told = visitor.page.waitForRequest((request) => request.url().includes("/apps/muster/feedback"));
    await visitor.page.locator(".muster-card:visible").first().scrollIntoViewIfNeeded();
    await told;
    await added.getByText("Shown", { exact: true }).waitFor({ timeout: 30_000 });
    await visitor.page.context().close();
    await navigate(added, "/app");
    await added.getByText("Browsers showed recommendations in the last 30 days.").waitFor();
  }, 120_000);

  it("finds a customer who wants to be erased, erases them, and has the proof; nothing is left here or at Klaviyo", async () => {
    const [, asking] = HIGH_VALUE.filter(isReachable);
    const { id, email, firstName, lastName } = asking?.customer ?? missing();
    const frame = await openAdmin(page, `${world.admin.appPage}/app/profiles`);
    await frame.getByRole("searchbox").fill(email ?? "");
    await frame.getByRole("link", { name: `${firstName} ${lastName}` }).click();
    await frame.getByRole("heading", { level: 1, name: `${firstName} ${lastName}` }).waitFor();
    await frame.getByRole("button", { name: "Privacy" }).click();
    await frame.getByRole("button", { name: "Erase", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Erase for good" }).click();
    await frame.getByText(/, here$/).waitFor();
    await frame.getByText("Erased", { exact: true }).waitFor({ timeout: 60_000 });
    const [proof = []] = await rowsOf(frame.getByRole("table"));
    expect(proof.join(" ")).toMatch(/\d+ records erased, and the person deleted at Klaviyo\. .*Proof [0-9a-f]{16}/);

    expect(await searchEverywhere(world.muster.db, [String(id), email ?? ""])).toEqual([]);
    const { lists, people } = await world.atKlaviyo();
    expect(people).not.toContain(email);
    expect(lists["Muster: High-value buyers"]).not.toContain(email);
    await navigate(frame, `/app/profiles/${id}`);
    await frame.getByText("There is no such profile").waitFor();
    forgive(404);
  }, 120_000);
});

const isWithoutEmail = ({ customer }: PastCustomer): boolean => customer.email === null;
const isReachable = ({ customer, consent }: PastCustomer): boolean =>
  customer.email !== null && consent?.state === "subscribed";
const isWithoutConsent = (one: PastCustomer): boolean => !isWithoutEmail(one) && !isReachable(one);

/** Whom the audience is to hold, by address. */
function expected(): string[] {
  return HIGH_VALUE.filter(isReachable)
    .flatMap(({ customer }) => customer.email ?? [])
    .toSorted();
}

function moved(one: PastCustomer | undefined, email: string): object {
  const { customer } = one ?? missing();
  return customerPayload(PAST.settings, { ...customer, email, updatedAt: new Date() });
}

function missing(): never {
  throw new Error("the invented past has nobody like that");
}
