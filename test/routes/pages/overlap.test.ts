import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, lookAgain, navigate, openAdmin, openView, PHONE } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { card, hindrances, rowsOf, wordsIn } from "./read-screen.ts";
import { showPages } from "./show-pages.ts";

if (chromiumPath === undefined)
  nameSkip("the overlap of segments in a browser", "there is no Chromium (CHROMIUM_PATH)");

const RULE = {
  when: { kind: "attribute", name: "number_of_orders", test: { op: ">=", value: { kind: "number", value: "1" } } },
};
/** Beside Anna Loyal has ten of the forty Lapsed; Big spenders have Noor, five of those ten and ten other Lapsed. */
const SHARED = `UPDATE segments SET definition = '${JSON.stringify(RULE)}';
  UPDATE profiles SET exists_from = '2020-01-01';
  INSERT INTO memberships SELECT 1, 1, 8000 + n, '2026-11-20', NULL, now() FROM generate_series(1, 10) n;
  INSERT INTO memberships SELECT 1, 3, 8000 + n, '2026-11-20', NULL, now() FROM generate_series(6, 20) n`;

describe.skipIf(chromiumPath === undefined)("the overlap of segments", () => {
  const demo = showPages(SHARED);
  let shown: Frame | undefined;
  const open = async (path: string): Promise<Frame> => {
    if (shown) await navigate(shown, path);
    else shown = await openAdmin(demo.view.page, demo.pages.admin.appPage + path);
    return shown;
  };

  it("shows the two largest, takes a third, and leads from a number to the customers it counts", async () => {
    const frame = await open("/app/segments");
    await frame.getByRole("link", { name: "Overlap" }).click();
    await frame.getByRole("heading", { level: 1, name: "Overlap of segments" }).waitFor();
    const regions = () => rowsOf(frame.getByRole("table"));
    expect(await regions()).toEqual([
      ["In Lapsed, not in Big spenders", "25", "61%"],
      ["In Lapsed and Big spenders", "15", "36.6%"],
      ["In Big spenders, not in Lapsed", "1", "2.4%"],
    ]);
    await frame.getByLabel("Third segment").selectOption({ label: "Loyal" });
    await expect.poll(async () => (await regions()).length).toBe(7);
    expect((await regions()).slice(0, 4)).toEqual([
      ["In Lapsed, not in Big spenders or Loyal", "20", "47.6%"],
      ["In Lapsed and Big spenders, not in Loyal", "10", "23.8%"],
      ["In Lapsed and Loyal, not in Big spenders", "5", "11.9%"],
      ["In Lapsed, Big spenders, and Loyal", "5", "11.9%"],
    ]);
    expect(await hindrances(frame)).toEqual([]);
    await card(frame, "Picture").getByRole("link", { name: "In Lapsed and Loyal, not in Big spenders: 5" }).click();
    await frame.getByText("5 of 64 customers match.").waitFor();
    expect((await rowsOf(frame.getByRole("table"))).map(([name]) => name)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `Customer No${n}`),
    );
  });

  it("has what was chosen chosen at once, however long the answer takes", async () => {
    const frame = await open("/app/segments/overlap?segment=1&segment=2");
    const { page } = demo.view;
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/app\/segments\/overlap/, async (route) => {
      await answered;
      await route.continue();
    });
    const second = frame.getByLabel("Second segment");
    const first = () => rowsOf(frame.getByRole("table")).then(([row]) => row?.[0]);
    await second.selectOption({ label: "Big spenders" });
    expect([await second.inputValue(), await first()]).toEqual(["3", "In Lapsed, not in Loyal"]);
    answer();
    await expect.poll(first).toBe("In Big spenders, not in Loyal");
    await page.unrouteAll({ behavior: "wait" });
  });

  it("fits a phone and speaks German, and says where circles cannot be right", async () => {
    const { page, complaints } = await openView(demo.browser, PHONE, "de-DE");
    const frame = await openAdmin(page, `${demo.pages.admin.appPage}/app/segments/overlap?segment=1&segment=3`);
    // The letters in the picture stand apart.
    const words = (await wordsIn(card(frame, "Bild"))).filter((word) => word.length > 1);
    expect(words.slice(-3)).toEqual([
      "Loyal: 11 Mitglieder, davon 45,5\u00a0% auch in einem anderen",
      "Big spenders: 16 Mitglieder, davon 31,3\u00a0% auch in einem anderen",
      "42 Kunden sind in keinem von ihnen.",
    ]);
    expect(await frame.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await hindrances(frame)).toEqual([]);
    await demo.pages.tell({ sql: "UPDATE memberships SET left_at = now() WHERE segment_id IN (1, 3)" });
    await expect
      .poll(
        async () => {
          await lookAgain(frame);
          return wordsIn(card(frame, "Bild"));
        },
        { timeout: 15_000, interval: 500 },
      )
      .toContain("Zurzeit ist niemand in einem von ihnen.");
    await demo.pages.tell({ sql: "UPDATE segments SET removed_at = now() WHERE id > 1" });
    await navigate(frame, "/app/segments/overlap");
    await frame.getByText("Noch gibt es keine zwei Segmente zum Vergleichen").waitFor();
    expect(await hindrances(frame)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
