import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, lookAgain, navigate, openAdmin, openView, PHONE } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { card, dialogOf, hindrances, rowsOf, wordsIn } from "./read-screen.ts";
import { showPages } from "./show-pages.ts";

if (chromiumPath === undefined) nameSkip("scheduled rules in a browser", "there is no Chromium (CHROMIUM_PATH)");

const ordered = (times: number) => {
  const test = { op: ">=", value: { kind: "number", value: String(times) } };
  return `'${JSON.stringify({ when: { kind: "attribute", name: "number_of_orders", test } })}'`;
};
/**
 * Everybody is asked for who ordered once. Lapsed grew by one a day to the forty it has; its second version put four in, of whom one
 * is not known any more, and Rita out.
 */
const PAST = `UPDATE segments SET definition = ${ordered(1)};
  UPDATE segments SET version = 2 WHERE id = 2;
  UPDATE profiles SET exists_from = '2020-01-01';
  SELECT setval(pg_get_serial_sequence('segments', 'id'), 100);
  INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at) VALUES
    (1, 1, 1, ${ordered(1)}, 'number_of_orders >= 1', 'Muster', '', '2026-11-01'),
    (2, 1, 1, ${ordered(9)}, 'number_of_orders >= 9', 'Muster', '', '2026-11-01'),
    (2, 2, 1, ${ordered(1)}, 'number_of_orders >= 1', 'Ada', 'Once is enough', '2026-11-20');
  INSERT INTO membership_changes (shop_id, segment_id, customer_id, change, at, cause, version, decided_at)
    SELECT 1, 2, id, change, '2026-11-20', 'rule', 2, '2026-11-20' FROM (VALUES
      (8003, 'entered'), (6666, 'entered'), (8001, 'entered'), (8002, 'entered'), (7004, 'left')) AS given (id, change);
  INSERT INTO segment_days (segment_id, day, shop_id, version, members, entered, "left")
    SELECT 2, date '2026-10-25' + n, 1, 2, 10 + n, 1, 0 FROM generate_series(0, 29) n`;

describe.skipIf(chromiumPath === undefined)("a segment's past and what is scheduled of it", () => {
  const demo = showPages(PAST, /422/);
  let shown: Frame | undefined;
  const open = async (path: string): Promise<Frame> => {
    if (shown) await navigate(shown, path);
    else shown = await openAdmin(demo.view.page, demo.pages.admin.appPage + path);
    return shown;
  };
  const write = async (frame: Frame, rule: string): Promise<void> => {
    await frame.getByLabel("Rule as text").click();
    await demo.view.page.keyboard.press("Control+A");
    await demo.view.page.keyboard.type(rule);
    await frame.getByText(/^\d+ of \d+ customers$/).waitFor();
  };
  const schedule = async (frame: Frame): Promise<void> => {
    await frame.getByRole("button", { name: "Schedule", exact: true }).click();
  };

  it("draws how large it was on the last 30 days", async () => {
    const frame = await open("/app/segments");
    const line = frame.getByRole("button", { name: "From 10 to 40 members in 30 days: show the days of Lapsed" });
    await line.waitFor();
    const points = (await line.locator("polyline").getAttribute("points"))?.split(" ") ?? [];
    expect(points).toHaveLength(31);
    // From a quarter of the height to all of it, from the left edge to the right one.
    expect([points.at(0), points.at(-1)]).toEqual(["1.0,14.5", "71.0,1.0"]);
    expect(await frame.getByRole("button", { name: /members in/ }).count()).toBe(1);
    await line.press("Enter");
    const { dialog, inside } = dialogOf(frame, "Members of Lapsed");
    await inside.getByRole("figure").getByText("Nov 22").first().waitFor();
    await inside.getByRole("button", { name: "Show as a table" }).click();
    const rows = await rowsOf(inside.getByRole("table").last());
    expect(rows).toHaveLength(31);
    expect(rows.slice(0, 2)).toEqual([
      ["Now", "40"],
      ["Monday, November 23, 2026", "39"],
    ]);
    expect(rows.at(-1)).toEqual(["Sunday, October 25, 2026", "10"]);
    expect(await hindrances(frame)).toEqual([]);
    await demo.view.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("says word by word what a version changed, and names some of those who moved and are still known", async () => {
    const frame = await open("/app/segments/2");
    const versions = card(frame, "Versions");
    expect(await versions.locator("del").allInnerTexts()).toEqual(["9"]);
    expect(await versions.locator("ins").allInnerTexts()).toEqual(["1"]);
    expect((await wordsIn(versions)).slice(0, 12)).toEqual([
      "Versions",
      "Version 2",
      "Live",
      "Once is enough",
      "Ada, 4 days ago. 4 entered and 1 left because of it.",
      "number_of_orders >= 91",
      "Entered, among others",
      "Customer No3",
      "Customer No1",
      "Left, among others",
      "Rita Regular",
      "Version 1",
    ]);
    await versions.getByRole("link", { name: "Customer No3" }).click();
    await frame.getByRole("heading", { level: 1, name: "Customer No3" }).waitFor();
  });

  it("is run over the past apart from the page, which says how far that is and shows whoever comes back what came of it", async () => {
    const frame = await open("/app/segments/1");
    const past = card(frame, "The last 30 days");
    await past.getByRole("button", { name: "Run over the past" }).click();
    await past.getByText(/days are worked out|Kept for 7 days/).waitFor();
    const comeBack = async (): Promise<void> => {
      await open("/app/segments");
      await open("/app/segments/1");
    };
    await comeBack();
    await past.getByText(/^Run .*Kept for 7 days\.$/).waitFor();
    await past.getByText("Orders count as they are now: edited as they stand, cancelled not at all.").waitFor();

    const another = (points: string, failed: string): Promise<void> =>
      demo.pages.tell({
        sql: `INSERT INTO backtests (shop_id, segment_id, texts, days, ends_at, past, asked_at, points, failed_at)
          SELECT shop_id, segment_id, texts, days, ends_at, past, asked_at, ${points}, ${failed} FROM backtests`,
      });
    await another("jsonb_path_query_array(points, '$[0 to 11]')", "NULL");
    await comeBack();
    await past.getByText("12 of 31 days are worked out.").waitFor();
    expect(await past.getByRole("progressbar").getAttribute("value")).toBe("39");
    expect(await hindrances(frame)).toEqual([]);
    await past.getByRole("button", { name: "Cancel" }).click();
    await past.getByText(/Kept for 7 days/).waitFor();

    await another("'[]'", "now()");
    await comeBack();
    await past.getByText("That could not be worked out").waitFor();
    await past.getByRole("button", { name: "Run over the past" }).click();
    await past.getByText(/Kept for 7 days/).waitFor();
    await write(frame, "number_of_orders >= 4");
    await past.getByText(/^Another rule than the one chosen here/).waitFor();
    await past.getByText("number_of_orders >= 1", { exact: true }).waitFor();
    await demo.view.page.getByRole("button", { name: "Discard" }).click();
  });

  it("names on each day who would have entered, some at a time, and gives the focus back to the figure", async () => {
    const orders = `INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, test, source_updated_at,
      source_triggered_at, source_delivery)
      SELECT 1, 9500 + n, 8000 + n, '#' || (9500 + n), 'GBP', 100, '2026-11-20 12:00Z', false, now(), now(), 'd' FROM generate_series(1, 60) n`;
    await demo.pages.tell({ sql: orders });
    const frame = await open("/app/segments/1");
    await write(frame, "number_of_orders = 2");
    const past = card(frame, "The last 30 days");
    await past.getByRole("button", { name: "Run over the past" }).click();
    await past.getByText(/Kept for 7 days/).waitFor();
    await past.getByRole("button", { name: "Show as a table" }).click();
    const figure = past.getByRole("button", { name: "60 entered on Friday, November 20, 2026: who" });
    await figure.press("Enter");
    const { dialog, inside } = dialogOf(frame, "Would have entered up to Friday, November 20, 2026");
    const people = inside.getByRole("link");
    const numbered = (last: number) => Array.from({ length: last }, (_, place) => `Customer No${place + 1}`);
    await people.first().waitFor();
    expect(await people.allInnerTexts()).toEqual(numbered(50));
    expect(await hindrances(frame)).toEqual([]);
    await inside.getByRole("button", { name: "Show more" }).press("Enter");
    await expect.poll(() => people.allInnerTexts()).toEqual(numbered(60));
    expect(await inside.getByRole("button", { name: "Show more" }).count()).toBe(0);
    await people.first().press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => figure.evaluate((button) => button === document.activeElement)).toBe(true);
    await demo.view.page.getByRole("button", { name: "Discard" }).click();
    await demo.pages.tell({ sql: "DELETE FROM orders WHERE shop_id = 1 AND id BETWEEN 9501 AND 9560" });
  });

  it("names some of its members where nobody would move, and is published by figures of the very rule, which are waited for", async () => {
    const frame = await open("/app/segments/1");
    const { page } = demo.view;
    await write(frame, "number_of_orders = 3");
    await frame.getByText("Publishing this changes nobody’s membership.").waitFor();
    const now = await wordsIn(card(frame, "Right now"));
    expect(now.slice(now.indexOf("Members, among others"))).toEqual(["Members, among others", "Anna Schmidt"]);
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/app\/segments\/preview/, async (route) => {
      await answered;
      await route.continue();
    });
    await frame.getByLabel("Rule as text").click();
    await page.keyboard.press("End");
    await page.keyboard.type("0");
    await frame.getByRole("button", { name: "Publish", exact: true }).click();
    const { dialog, inside } = dialogOf(frame);
    await inside.getByText("Counting whom this rule moves").waitFor();
    const publish = dialog.getByRole("button", { name: "Publish", exact: true });
    expect([await publish.isDisabled(), await inside.getByText("match it").count()]).toEqual([true, 0]);
    expect(await hindrances(frame)).toEqual([]);
    answer();
    await inside.getByText(/^0 of \d+ customers match it/).waitFor();
    expect(await publish.isDisabled()).toBe(false);
    // It can end although it begins at once.
    await inside.getByLabel("It ends by itself").check();
    expect(await inside.getByLabel("Last date").inputValue()).toBe("2026-12-02");
    await inside.getByLabel("Last date").fill("2026-11-24");
    await inside.getByLabel("Until").fill("08:00");
    await publish.click();
    await inside.getByText("It ends before it begins.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: "Discard" }).click();
  });

  it("is scheduled in the shop's time, moved, cancelled, scheduled again, and live when its moment comes", async () => {
    const frame = await open("/app/segments/1");
    await write(frame, "number_of_orders >= 3");
    await schedule(frame);
    const { dialog, inside } = dialogOf(frame);
    await inside.getByText("In your shop’s time zone, Europe/London.").waitFor();
    expect(await inside.getByLabel("Date", { exact: true }).inputValue()).toBe("2026-11-25");
    await inside.getByLabel("Date", { exact: true }).fill("2026-11-23");
    await inside.getByLabel("What changed, and why").fill("For the sale");
    await dialog.getByRole("button", { name: "Schedule" }).click();
    await inside.getByText("That moment has passed.").waitFor();
    await inside.getByLabel("Date", { exact: true }).fill("2026-11-26");
    await dialog.getByRole("button", { name: "Schedule" }).click();
    await frame.getByText("This will be published on Nov 26, 2026, 9:00 AM").waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(await hindrances(frame)).toEqual([]);

    await frame.getByRole("button", { name: "Change the moment" }).click();
    expect(await inside.getByLabel("What changed, and why").inputValue()).toBe("For the sale");
    expect(await inside.getByLabel("Date", { exact: true }).inputValue()).toBe("2026-11-26");
    await inside.getByLabel("Time", { exact: true }).fill("10:30");
    expect(await hindrances(frame)).toEqual([]);
    await dialog.getByRole("button", { name: "Schedule" }).click();
    await frame.getByText("This will be published on Nov 26, 2026, 10:30 AM").waitFor();
    await open("/app/segments");
    await frame.getByRole("link", { name: "Loyal: Scheduled: Nov 26, 2026, 10:30 AM" }).click();

    await frame.getByRole("button", { name: "Cancel the publication" }).click();
    await frame.getByText("This is a draft; the live rule is another").waitFor();
    await schedule(frame);
    await inside.getByLabel("Time", { exact: true }).fill("08:15");
    await dialog.getByRole("button", { name: "Schedule" }).click();
    await frame.getByText("This will be published on Nov 25, 2026, 8:15 AM").waitFor();
    await demo.pages.tell({ advanceTo: "2026-11-25T08:15:00Z" });
    const versions = card(frame, "Versions");
    await versions.getByRole("heading", { name: "Version 2" }).waitFor();
    expect((await wordsIn(versions)).slice(1, 4)).toEqual([
      "Version 2",
      "Live",
      expect.stringContaining("on schedule"),
    ]);
    await frame.getByText("This will be published").waitFor({ state: "detached" });
  });

  it("is the first of a new segment, for a while; the home page says where it will not be published", async () => {
    const frame = await open("/app/segments/new?from=churned");
    const name = frame.getByLabel("Name", { exact: true });
    expect(await name.inputValue()).toBe("Churned");
    await navigate(frame, "/app/segments/new?from=high_value");
    await expect.poll(() => name.inputValue()).toBe("High-value buyers");
    await frame.getByText(/^\d+ of \d+ customers$/).waitFor();
    await schedule(frame);
    const { dialog, inside } = dialogOf(frame);
    await inside.getByLabel("Date", { exact: true }).fill("2026-12-01");
    await inside.getByLabel("It ends by itself").check();
    expect(await inside.getByLabel("Last date").inputValue()).toBe("2026-12-08");
    await inside.getByLabel("Until").fill("18:00");
    expect(await hindrances(frame)).toEqual([]);
    await dialog.getByRole("button", { name: "Schedule" }).click();
    await frame.getByText("This will be published on Dec 1, 2026, 9:00 AM and ends on Dec 8, 2026, 6:00 PM").waitFor();
    await frame.getByText("Until then nobody is in it.").waitFor();

    await demo.pages.tell({ sql: "UPDATE segments SET version = 2 WHERE name = 'High-value buyers'" });
    await open("/app");
    const sentence = "High-value buyers is to have another rule from Dec 1, 2026, 9:00 AM and will not as things are.";
    await frame.getByRole("link", { name: sentence }).click();
    await frame.getByText("will not be published as things are").waitFor();
  });

  it(
    "is kept for review, in German and on a phone too, where more would move by then than was agreed to",
    { timeout: 60_000 },
    async () => {
      const frame = await open("/app/segments/2");
      await write(frame, "number_of_orders >= 2");
      await schedule(frame);
      const { dialog, inside } = dialogOf(frame);
      await dialog.getByRole("button", { name: "Schedule" }).click();
      // Forty would leave and two enter now, and a tenth more may by then.
      await inside.getByLabel("Yes, 47 customers may move").check();
      await dialog.getByRole("button", { name: "Schedule" }).click();
      await frame.getByText("This will be published on Nov 26, 2026, 9:00 AM").waitFor();
      await demo.pages.tell({
        sql: "INSERT INTO memberships SELECT 1, 2, 8000 + n, '2026-11-25', NULL, now() FROM generate_series(41, 46) n",
      });
      await demo.pages.tell({ advanceTo: "2026-11-26T09:00:00Z" });
      await frame.getByText("This was to be published on Nov 26, 2026, 9:00 AM and was not").waitFor();
      await frame.getByText("48 entries and exits would have followed").waitFor();

      const { page, complaints } = await openView(demo.browser, PHONE, "de-DE");
      const phone = await openAdmin(page, `${demo.pages.admin.appPage}/app/segments`);
      await phone.getByRole("link", { name: "Lapsed: Prüfen: geplant für 26.11.2026, 09:00" }).click();
      await phone.getByText("Das sollte veröffentlicht werden am 26.11.2026, 09:00 und wurde es nicht").waitFor();
      expect(await hindrances(phone)).toEqual([]);
      expect(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await phone.getByRole("button", { name: "Durchsehen" }).click();
      const { dialog: asked, inside: insideAsked } = dialogOf(phone);
      await asked.getByRole("button", { name: "Veröffentlichen" }).click();
      // The page that looks for news leaves what it has asked.
      await lookAgain(phone);
      await insideAsked.getByLabel(/^Ja, 48 Kunden/).check();
      await demo.pages.tell({
        sql: "INSERT INTO memberships SELECT 1, 2, 8000 + n, '2026-11-26', NULL, now() FROM generate_series(47, 49) n",
      });
      await lookAgain(phone);
      await asked.getByRole("button", { name: "Veröffentlichen" }).click();
      await insideAsked.getByText("Es sind mehr geworden als die 48, denen Sie zugestimmt haben.").waitFor();
      const more = insideAsked.getByLabel(/^Ja, 51 Kunden/);
      expect(await more.isChecked()).toBe(false);
      await more.check();
      await asked.getByRole("button", { name: "Veröffentlichen" }).click();
      await phone.getByText("Version 3 ist live").waitFor();
      await phone.getByText("Das sollte veröffentlicht werden").waitFor({ state: "detached" });
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
