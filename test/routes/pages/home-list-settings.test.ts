import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, navigate, openAdmin } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { card, hindrances, rowsOf, wordsIn } from "./read-screen.ts";
import { onPhone, showPages } from "./show-pages.ts";

if (chromiumPath === undefined)
  nameSkip("the guide, the list of profiles and the settings in a browser", "there is no Chromium (CHROMIUM_PATH)");

/** From when on rules see the demo shop's customers. */
const BEGUN = `UPDATE profiles SET exists_from = '2020-01-01' WHERE shop_id = 1;
  INSERT INTO api_identifiers (id, shop_id, kind, value, customer_id, pending) VALUES (1, 1, 'external_id', 'crm', 7001, false);
  INSERT INTO trait_types VALUES (1, 'loyalty_points', 'number'), (1, 'loyalty_tier', 'text'), (2, 'theirs_alone', 'text');
  INSERT INTO profile_traits (shop_id, identifier_id, name, value, source, said_at, confirmed_at, received_at) VALUES
    (1, 1, 'loyalty_tier', '"silver"', 'api', '2026-09-01Z', '2026-09-01Z', now()), (1, 1, 'loyalty_tier', '"gold"', 'api', '2026-10-01Z', '2026-10-01Z', now()),
    (1, 1, 'loyalty_points', '1250.1234', 'api', '2026-10-01Z', '2026-10-01Z', now());
  INSERT INTO inbox (shop, topic, webhook_id, triggered_at, received_at, digest, body, done_at)
    SELECT 'demo.myshopify.com', 'orders/create', 'old-' || n, now() - interval '40 days', now() - interval '40 days',
      sha256(('old ' || n)::bytea), 'x', now() FROM generate_series(1, 12) AS n;
  INSERT INTO segment_exports (shop_id, segment_id, name, asked_at, finished_at, expires_at, people, bytes) VALUES
    (1, 1, 'Loyal', now(), now(), now() + interval '7 days', 1204, 180000), (1, 1, 'Loyal', now(), NULL, now() + interval '7 days', 400, 0);
  INSERT INTO sync_log (shop_id, destination_id, audience_id, segment_name, at, added, removed, again, refused, calls, members)
    VALUES (1, 1, 1, 'Loyal', now(), 3, 1, 0, 1, '[{"call":"POST /api/profile-bulk-import-jobs","status":202,"requestId":"r-1"}]', '{}');
  INSERT INTO metafield_definitions VALUES (1, 'facts', 'birth_date', 'Birthday', 'date');
  INSERT INTO customer_metafields VALUES (1, 7001, 'facts.birth_date', '{"day":"1990-05-30"}', NULL, now(), now(), now(), 'd');
  INSERT INTO audit_log (shop_id, at, author, subject, action, name) VALUES (2, now(), 'Zoe', 'feed', 'created', 'Theirs')`;

describe.skipIf(chromiumPath === undefined)("the guide, the list of profiles and the settings", () => {
  const demo = showPages(BEGUN, /status of 422/);
  let shown: Frame | undefined;
  const open = async (path: string): Promise<Frame> => {
    if (shown) await navigate(shown, path);
    else shown = await openAdmin(demo.view.page, demo.pages.admin.appPage + path);
    return shown;
  };
  /** Of the admin around the app, which follows a moment later. */
  const address = (name: string) => expect.poll(() => new URL(demo.view.page.url()).searchParams.get(name));

  it("guide through the set-up until the guide is put away, and bring it back", async () => {
    const frame = await open("/app");
    const guide = card(frame, "Set Muster up");
    expect((await wordsIn(guide)).slice(0, 2)).toEqual(["Set Muster up", "1 of 5 done"]);
    const theme = guide.getByRole("link", { name: "Open the theme editor" });
    expect(await theme.getAttribute("href")).toMatch(
      /^https:\/\/demo\.myshopify\.com\/admin\/themes\/current\/editor\?/,
    );
    await guide.getByRole("button", { name: "Put away" }).click();
    await guide.waitFor({ state: "detached" });
    await frame.getByRole("button", { name: "Show the set-up guide" }).click();
    await guide.getByRole("link", { name: "Choose from the library" }).click();
    await frame.getByRole("heading", { level: 1, name: "Create segment" }).waitFor();
  });

  it("filter the list by a rule, count who matches, and make a segment of it", async () => {
    const frame = await open("/app/profiles");
    await frame.getByRole("link", { name: "Filter by a rule" }).click();
    await frame.getByRole("button", { name: "Add condition" }).click();
    await frame.getByRole("tab", { name: "Text" }).click();
    const rule = frame.getByLabel("Rule as text");
    await expect.poll(() => rule.innerText()).toBe("number_of_orders = 1");
    await rule.fill("number_of_orderz >= 3");
    await frame.getByText("Line 1 Column 1: There is no attribute 'number_of_orderz'").waitFor();
    expect(await frame.getByRole("button", { name: "Apply" }).isDisabled()).toBe(true);
    await rule.fill("number_of_orders >= 3");
    await frame.getByRole("button", { name: "Apply" }).click();
    await frame.getByText("2 of 64 customers match.").waitFor();
    expect((await rowsOf(frame.getByRole("table"))).map(([name]) => name)).toEqual(["Anna Schmidt", "Rita Regular"]);
    await address("rule").toBe("number_of_orders >= 3");

    await frame.getByRole("searchbox").fill("rita");
    await frame.getByText("Anna Schmidt").waitFor({ state: "detached" });
    await address("query").toBe("rita");
    await address("rule").toBe("number_of_orders >= 3");
    await frame.getByRole("link", { name: "Save as segment" }).click();
    await frame.getByRole("heading", { level: 1, name: "New segment" }).waitFor();
    await address("text").toBe("number_of_orders >= 3");
    expect(await frame.getByLabel("Rule as text").innerText()).toBe("number_of_orders >= 3");
  });

  it("have the columns that the shop chose, and say in the settings who chose them", async () => {
    const frame = await open("/app/profiles");
    const headings = () => frame.getByRole("columnheader").allInnerTexts();
    await frame.getByRole("button", { name: "Columns" }).click();
    await frame.getByLabel("Average order").check();
    const usual = ["Profile", "Segments", "Last seen", "Orders", "Spent", "Average order"];
    await expect.poll(headings).toEqual(usual);
    await frame.getByLabel("Birthday").check();
    await frame.getByLabel("Loyalty tier").check();
    await frame.getByLabel("Loyalty points").check();
    await expect.poll(headings).toEqual([...usual, "Loyalty points", "Loyalty tier", "Birthday"]);
    expect(await frame.getByLabel("Theirs alone").count()).toBe(0);
    const rows = (await rowsOf(frame.getByRole("table"))).map((row) => [row[0], ...row.slice(-3)]);
    expect(rows).toContainEqual(["Anna Schmidt", "1,250.1234", "gold", "1990-05-30"]);
    expect(rows).toContainEqual(["Rita Regular", "\u2013", "\u2013", "\u2013"]);
    const anna = frame.getByRole("row").filter({ hasText: "Anna Schmidt" }).getByRole("cell");
    const sides = await anna.evaluateAll((cells) =>
      cells.slice(-3).map((cell) => getComputedStyle(cell.firstElementChild ?? cell).textAlign),
    );
    expect(sides).toEqual(["end", "left", "left"]);
    await demo.view.page.keyboard.press("Escape");
    await frame.getByLabel("Birthday").waitFor({ state: "detached" });
    expect(await hindrances(frame)).toEqual([]);
    await open("/app/settings");
    await frame.getByText("Europe/London").waitFor();
    await frame.getByRole("link", { name: "All changes" }).click();
    await frame.getByRole("heading", { level: 1, name: "What staff changed" }).waitFor();
    const changes = frame.locator(".Polaris-Card, .Polaris-ShadowBevel").first();
    await expect
      .poll(() => wordsIn(changes))
      .toEqual(
        expect.arrayContaining([
          "Settings Columns of the list of profiles: changed",
          "columns: segments, last seen, orders, spent → segments, last seen, orders, spent, average",
          "columns: segments, last seen, orders, spent, average, metafields.facts.birth_date → segments, last seen, orders, spent, average, traits.loyalty_tier, metafields.facts.birth_date",
        ]),
      );
    expect(await frame.locator("body").innerText()).not.toContain("Theirs");
    await demo.pages.tell({ slowBy: 1_000 });
    const what = frame.getByLabel("What", { exact: true });
    await what.selectOption("feed");
    // It is chosen at once, and what was there stays until the answer comes.
    const unanswered = await frame.getByText("Nothing like this was changed").count();
    expect([await what.inputValue(), unanswered]).toEqual(["feed", 0]);
    await frame.getByText("Nothing like this was changed").waitFor();
    await demo.pages.tell({ slowBy: 0 });
    await address("subject").toBe("feed");
  });

  it("keep each kind of thing for as long as is chosen, and tell first how much would go", async () => {
    const frame = await open("/app/settings");
    await frame.getByRole("link", { name: "Change what is kept how long" }).click();
    const days = frame.getByLabel("Deliveries as they came from Shopify");
    const save = demo.view.page.getByRole("button", { name: "Save", exact: true });
    await days.fill("3");
    await save.click();
    await frame.getByText("Tick this first: with a shorter time things are deleted.").waitFor();
    await frame.getByLabel("Delete what is older").check();
    await save.click();
    await frame.getByText("It is needed for at least 7 days: write 7 or more.").waitFor();
    await days.fill("30");
    await frame.getByText("About 12 are older than 30 days, and go within a day.").waitFor();
    expect(await hindrances(frame)).toEqual([]);
    await save.click();
    await frame.getByText("Saved. What is older goes within a day.").waitFor();
    await open("/app/settings");
    expect(await wordsIn(card(frame, "What is kept how long"))).toEqual(
      expect.arrayContaining(["Deliveries as they came from Shopify", "30 days", "Until the person is erased"]),
    );
    expect(await wordsIn(card(frame, "What staff changed"))).toEqual(
      expect.arrayContaining(["Settings What is kept how long: changed", "deliveries: 90 → 30"]),
    );
  });

  it.each(["a desk", "a phone"])("hinder nobody and scroll in one direction only on %s", async (what) => {
    const { page, complaints } = what === "a phone" ? await onPhone(demo.view) : demo.view;
    // A rule that cannot be read opens in its editor, which is no part of the document as it comes.
    const unread = "/app/profiles?rule=number_of_orderz+%3E%3D+3";
    const frame = await openAdmin(page, demo.pages.admin.appPage + unread);
    await frame.getByLabel("Rule as text").waitFor();
    for (const path of [
      unread,
      "/app",
      "/app/profiles?rule=number_of_orders+%3E%3D+3",
      "/app/settings",
      "/app/settings/changes",
      "/app/settings/retention",
      "/app/segments/1/exports",
      "/app/destinations/1/log",
    ]) {
      await navigate(frame, path);
      expect([path, await hindrances(frame)]).toEqual([path, []]);
      const widths = () => [document.documentElement.scrollWidth, document.documentElement.clientWidth];
      const [content, window] = await frame.evaluate(widths);
      expect([path, content]).toEqual([path, window]);
    }
    expect(complaints).toEqual([]);
  });
});
