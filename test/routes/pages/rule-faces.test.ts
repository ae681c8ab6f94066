import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, DESK, lookAgain, openAdmin, openView, PHONE } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { hindrances } from "./read-screen.ts";
import { showPages } from "./show-pages.ts";

if (chromiumPath === undefined) nameSkip("the faces of a rule in a browser", "there is no Chromium (CHROMIUM_PATH)");

const WHERE = "SELECT customer_id FROM customer_data WHERE";
const NEW = "/app/segments/new?text=number_of_orders+%3E%3D+3";

describe.skipIf(chromiumPath === undefined)("the faces of a rule", () => {
  const demo = showPages("");
  const open = async (size = DESK, locale = "en-US") => {
    const { page, complaints } = await openView(demo.browser, size, locale);
    const frame = await openAdmin(page, demo.pages.admin.appPage + NEW);
    return { page, complaints, frame };
  };
  /** What the builder asks about and the text and the SQL as they stand. */
  const shown = async (frame: Frame): Promise<string[]> => [
    ...(await Promise.all((await frame.getByRole("combobox").all()).map((field) => field.inputValue()))).filter(
      (words) => words === "Number of orders" || words === "Amount spent",
    ),
    await frame.getByLabel("Rule as text").innerText(),
    await frame.getByLabel("Rule as SQL").innerText(),
  ];
  /** The faces that say that they show what could be read last. */
  const stale = (frame: Frame): Promise<string[]> =>
    frame.locator(".Polaris-InlineStack", { hasText: "Last readable rule" }).getByRole("heading").allInnerTexts();

  it("stand side by side on a desk; two follow the third, or keep the last rule that could be read and say so", async () => {
    const { page, complaints, frame } = await open();
    const text = frame.getByLabel("Rule as text");
    const sql = frame.getByLabel("Rule as SQL");
    const begun = ["Number of orders", "number_of_orders >= 3", `${WHERE} number_of_orders >= 3;`];
    await expect.poll(() => shown(frame)).toEqual(begun);
    const [left, right] = [
      await frame.getByRole("heading", { name: "Builder" }).boundingBox(),
      await text.boundingBox(),
    ];
    expect(right?.x).toBeGreaterThan((left?.x ?? 0) + 400);

    await text.fill("amount_spent >= 50");
    const spent = ["Amount spent", "amount_spent >= 50", `${WHERE} amount_spent >= 50;`];
    await expect.poll(() => shown(frame)).toEqual(spent);
    await text.fill("amount_spend >= 50");
    await expect.poll(() => stale(frame)).toEqual(["Builder", "SQL"]);
    await frame.getByRole("listitem").getByText("Line 1 Column 1: There is no attribute 'amount_spend'").waitFor();
    expect(await shown(frame)).toEqual(["Amount spent", "amount_spend >= 50", `${WHERE} amount_spent >= 50;`]);
    expect(await hindrances(frame)).toEqual([]);

    await sql.fill(`${WHERE} number_of_orders > 7`);
    const ordered = ["Number of orders", "number_of_orders > 7", `${WHERE} number_of_orders > 7`];
    await expect.poll(() => shown(frame)).toEqual(ordered);
    expect(await stale(frame)).toEqual([]);
    await sql.fill(`${WHERE} number_of_orderz > 7`);
    await expect.poll(() => stale(frame)).toEqual(["Builder", "Text"]);
    await frame.getByRole("listitem").getByText("number_of_orderz").waitFor();
    expect((await shown(frame)).slice(0, 2)).toEqual(ordered.slice(0, 2));
    expect(await frame.locator(".cm-lintRange-error").innerText()).toBe("number_of_orderz");
    expect(await hindrances(frame)).toEqual([]);

    const value = frame.getByRole("textbox", { name: "Value" });
    await value.fill("");
    await expect.poll(() => stale(frame)).toEqual(["Text", "SQL"]);
    expect((await shown(frame)).slice(1)).toEqual(["number_of_orders > 7", `${WHERE} number_of_orders > 7;`]);
    await value.fill("9");
    const built = ["Number of orders", "number_of_orders > 9", `${WHERE} number_of_orders > 9;`];
    await expect.poll(() => shown(frame)).toEqual(built);
    expect(await stale(frame)).toEqual([]);
    expect(complaints).toEqual([]);

    // Nothing answers any more, and somebody goes on writing.
    await page.route(/\/(healthz|app\/.*)$/, (route) => route.abort());
    await lookAgain(frame);
    await frame.getByText("Muster cannot be reached at the moment").waitFor();
    await text.fill("number_of_orders > 11");
    await frame.waitForTimeout(1_000);
    expect((await shown(frame))[1]).toBe("number_of_orders > 11");
    await page.unroute(/\/(healthz|app\/.*)$/);
    await lookAgain(frame);
    await frame.getByText("Muster cannot be reached at the moment").waitFor({ state: "detached" });
    expect((await shown(frame))[1]).toBe("number_of_orders > 11");
    await page.context().close();
  });

  it("fold text and SQL away where somebody wants it so, and nothing moves when the page is opened again", async () => {
    const { page, complaints, frame } = await open();
    await frame.getByLabel("Rule as SQL").waitFor();
    await frame.getByRole("button", { name: "Fold away" }).click();
    await frame.getByLabel("Rule as SQL").waitFor({ state: "detached" });
    await page.addInitScript(() => {
      const moved: number[] = Object.assign(window, { moved: [] }).moved;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as { value: number }[]) moved.push(entry.value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    const again = await openAdmin(page, demo.pages.admin.appPage + NEW);
    await again.getByText(/^\d+ of \d+ customers$/).waitFor();
    expect(await again.getByLabel("Rule as text").count()).toBe(0);
    const moved = await again.evaluate(() => (window as unknown as { moved: number[] }).moved);
    expect(moved.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.02);
    await again.getByRole("button", { name: "Unfold" }).click();
    expect(await again.getByLabel("Rule as text").innerText()).toBe("number_of_orders >= 3");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("are tabs on a phone, and in German", async () => {
    const { page, complaints, frame } = await open(PHONE, "de-DE");
    const turn = (name: string) => frame.getByRole("tab", { name }).click();
    expect(await frame.getByLabel("Regel als Text").count()).toBe(0);
    await turn("Text");
    await frame.getByLabel("Regel als Text").fill("amount_spent >= 50");
    await turn("Baukasten");
    const subject = frame.getByRole("combobox", { name: "Worum es geht" });
    await expect.poll(() => subject.inputValue()).toBe("Ausgegebener Betrag");
    expect(await frame.locator(".cm-content").count()).toBe(0);
    await turn("SQL");
    expect(await frame.getByLabel("Regel als SQL").innerText()).toBe(`${WHERE} amount_spent >= 50;`);
    await turn("Text");
    await frame.getByLabel("Regel als Text").fill("amount_spend >= 50");
    await frame.getByRole("listitem").getByText("amount_spend").waitFor();
    await turn("Baukasten");
    await frame.getByText("Letzte lesbare Regel").waitFor();
    expect(await subject.inputValue()).toBe("Ausgegebener Betrag");
    expect(await hindrances(frame)).toEqual([]);
    expect(await frame.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
