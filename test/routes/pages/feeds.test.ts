import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openAdmin, openView } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { card, dialogOf, hindrances } from "./read-screen.ts";
import { onPhone, showPages } from "./show-pages.ts";

if (chromiumPath === undefined) nameSkip("the page about feeds in a browser", "there is no Chromium (CHROMIUM_PATH)");

describe.skipIf(chromiumPath === undefined)("the page about feeds", () => {
  const demo = showPages("INSERT INTO content_feeds (shop_id, name, created_at) VALUES (2, 'Theirs', now())");

  const open = (): Promise<Frame> => openAdmin(demo.view.page, `${demo.pages.admin.appPage}/app/content/feeds`);
  const row = (frame: Frame, name: string) => frame.getByRole("row").filter({ hasText: name });
  const create = async (frame: Frame, name: string): Promise<void> => {
    await frame.getByLabel("Which tool will use it").fill(name);
    await frame.getByRole("button", { name: "Create feed" }).click();
    await row(frame, name).waitFor();
  };

  it("says that there are none, and shows none of another shop", async () => {
    const frame = await open();
    await frame.getByText("No feeds yet").waitFor();
    expect(await frame.getByRole("button", { name: "Create feed" }).isDisabled()).toBe(true);
    expect(await frame.locator("body").innerText()).not.toContain("Theirs");
    expect(await hindrances(frame)).toEqual([]);
  });

  it("makes a feed with an address of its own, and one for a customer alone", async () => {
    const frame = await open();
    await create(frame, "Newsletter tool");
    await create(frame, "Print shop");
    const addressOf = (name: string) => frame.getByLabel(`Address of ${name} for the whole shop`).inputValue();
    const shown = [await addressOf("Newsletter tool"), await addressOf("Print shop")];
    for (const address of shown) expect(address).toMatch(/^http.+\/feed\/recommendations\?token=[\w.-]+$/);
    expect(new Set(shown).size).toBe(2);

    const tool = card(frame, "Address for one customer alone");
    const customer = tool.getByLabel("Customer’s number in Shopify");
    await tool.getByLabel("Feed").selectOption("Newsletter tool");
    await customer.fill("anna");
    await tool.getByRole("button", { name: "Show" }).click();
    await frame.getByText("A customer’s number in Shopify has digits only").waitFor();
    await customer.fill("7001");
    await tool.getByRole("button", { name: "Show" }).click();
    const own = tool.getByLabel("It answers for nobody else");
    await own.waitFor();
    expect(await own.inputValue()).toMatch(/^http.+token=/);
    expect(shown).not.toContain(await own.inputValue());
    await tool.getByLabel("Feed").selectOption("Print shop");
    expect(await own.count()).toBe(0);
    expect(await hindrances(frame)).toEqual([]);
  });

  it("asks before a feed is revoked, and shows its address no more", async () => {
    const frame = await open();
    const tool = row(frame, "Print shop");
    const address = frame.getByLabel("Address of Print shop for the whole shop");
    await tool.getByRole("button", { name: "Revoke Print shop" }).click();
    const { dialog, inside } = dialogOf(frame);
    await inside.getByText("Every address of this feed").waitFor();
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await address.count()).toBe(1);
    await tool.getByRole("button", { name: "Revoke Print shop" }).click();
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await expect.poll(() => tool.getByText("Revoked", { exact: true }).count(), { timeout: 20_000 }).toBe(1);
    expect(await address.count()).toBe(0);
    expect(await frame.getByLabel("Address of Newsletter tool for the whole shop").count()).toBe(1);
  });

  it("keeps what was written where nothing answers, says so, and sends it when it is sent again", async () => {
    const { page } = await openView(demo.browser);
    const frame = await openAdmin(page, `${demo.pages.admin.appPage}/app/content/feeds`);
    const name = frame.getByLabel("Which tool will use it");
    await name.fill("Kiosk");
    await page.route(/\/(healthz|app\/.*)$/, (route) => route.abort());
    await frame.getByRole("button", { name: "Create feed" }).click();
    await frame.getByText("What you sent last got no answer. Send it once more").waitFor();
    await page.getByRole("status").getByText("What you sent last got no answer").waitFor();
    expect(await name.inputValue()).toBe("Kiosk");
    expect(await hindrances(frame)).toEqual([]);

    await page.unroute(/\/(healthz|app\/.*)$/);
    await frame.getByRole("button", { name: "Create feed" }).click();
    await row(frame, "Kiosk").waitFor();
    expect(await frame.getByText("got no answer").count()).toBe(0);
    expect(await frame.getByText("cannot be reached").count()).toBe(0);
    await page.context().close();
  });

  it("fits a phone", async () => {
    const { page, complaints } = await onPhone(demo.view);
    const frame = await openAdmin(page, `${demo.pages.admin.appPage}/app/content/feeds`);
    await frame.getByRole("heading", { level: 1, name: "Feeds" }).waitFor();
    const width = await frame.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(width[0]).toBe(width[1]);
    expect(await hindrances(frame)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
