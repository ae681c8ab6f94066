import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath, openAdmin } from "../../support/browser.ts";
import { nameSkip } from "../../support/skips.ts";
import { widthWith } from "../../../app/recommendation/blend/evidence.ts";
import { hindrances } from "./read-screen.ts";
import { onPhone, showPages } from "./show-pages.ts";

if (chromiumPath === undefined)
  nameSkip("the page about recommendations in a browser", "there is no Chromium (CHROMIUM_PATH)");

const shown = (id: number, title: string, reason: object) => ({
  id: String(id),
  title,
  url: `/products/${id}`,
  image: null,
  price: "12.50",
  reason,
});
const POPULAR = [shown(71, "Mug", { kind: "popular", orders: 12 }), shown(72, "Teapot", { kind: "new" })];
const OWN = {
  personal: true,
  confidence: 0.874,
  items: [shown(73, "Green tea", { kind: "because_bought", productId: "71", title: "Mug", both: 4, of: 9 })],
};
const BLEND = {
  net: { mean: [], scale: [], linear: [], weights: [], bias: [], out: [] },
  shares: [
    { source: "next after the last", share: 0.42 },
    { source: "own purchases", share: 0.35 },
    { source: "next after all", share: 0.2 },
    { source: "popular", share: 0.028 },
    { source: "EASE", share: 0.002 },
  ],
  places: { product: { weights: [1, 0.25], questions: 300 }, visit: { weights: [1, 4], questions: 1200 } },
  learnedFrom: 900,
  confidence: { leadEnds: [], rates: [] },
  quality: { questions: 400, hits: 120, popularHits: 60, won: 90, lost: 10 },
};

/** 100 people in each arm; of those with recommendations 60 paid 20.00 and of the others 50 paid 10.00. */
const COMPARED = `
INSERT INTO recommendation_arms (shop_id, subject, customer_id, arm, entered_at)
SELECT 1, 'client:browser-' || n, 50000 + n, CASE WHEN n <= 100 THEN 'treated' ELSE 'held_out' END, now() - interval '20 days'
FROM generate_series(1, 200) n;
INSERT INTO orders (shop_id, id, customer_id, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
SELECT 1, 70000 + n, 50000 + n, 'GBP', CASE WHEN n <= 100 THEN 2000 ELSE 1000 END, now() - interval '10 days', false, now(), now(), 'd'
FROM generate_series(1, 200) n WHERE n <= 60 OR n > 150;
INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind)
SELECT 1, 'home-event-' || n, now() - interval '1 day', 'home', 'popular', 71, CASE WHEN n <= 7 THEN 'clicked' ELSE 'shown' END
FROM generate_series(1, 107) n;`;

const SHOP = `
INSERT INTO products (shop_id, id, title, handle, status, tags, price, published_at, source_updated_at, source_triggered_at, source_delivery)
SELECT 1, id, title, lower(title), 'active', '{}'::text[], 12.5, now(), now(), now(), 'd'
FROM (VALUES (71, 'Mug'), (72, 'Teapot'), (73, 'Green tea')) AS given (id, title)
UNION ALL SELECT 2, 74, 'Mug of others', 'theirs', 'active', '{}'::text[], 1, now(), now(), now(), 'd';
INSERT INTO popular_recommendations VALUES (1, '${JSON.stringify(POPULAR)}', now());
INSERT INTO product_recommendations VALUES (1, 71, '${JSON.stringify([shown(73, "Green tea", { kind: "bought_together", productId: "71", title: "Mug", both: 4, of: 9 })])}', now());
UPDATE profiles SET recommended = '${JSON.stringify(OWN)}' WHERE shop_id = 1 AND customer_id = 7001;`;

describe.skipIf(chromiumPath === undefined)("the page about recommendations", () => {
  const demo = showPages("", /422/);

  /** A figure of before is shown while it is worked out anew. */
  const homeSays = (sentence: string): Promise<void> =>
    expect
      .poll(async () => said(await openAdmin(demo.view.page, `${demo.pages.admin.appPage}/app`)), { timeout: 30_000 })
      .toContain(sentence);
  const open = (): Promise<Frame> => openAdmin(demo.view.page, `${demo.pages.admin.appPage}/app/recommendations`);
  const tab = async (frame: Frame, name: string): Promise<void> => {
    const more = frame.getByRole("button", { name: "More views" });
    if (!(await frame.getByRole("tab", { name }).isVisible())) await more.click();
    await frame
      .getByRole("tab", { name })
      .or(frame.getByRole("button", { name, exact: true }))
      .first()
      .click();
  };
  const said = (frame: Frame): Promise<string> => frame.locator("body").innerText();

  it("says of a shop without anything what is missing", async () => {
    const frame = await open();
    await frame.getByText("Nobody was shown a list yet since the comparison began").waitFor();
    await frame.getByText("It begins with 50 orders of 10 products").waitFor();
    await tab(frame, "Preview");
    await frame.getByText("No list was made yet").waitFor();
    await tab(frame, "Storefront");
    await frame.getByText("Switch the Feedback embed on").waitFor();
    expect(await frame.getByText("Not added yet").count()).toBe(4);
    expect(await hindrances(frame)).toEqual([]);
  });

  it("tells results with their interval, and how the model did against plain popularity", async () => {
    await demo.pages.tell({ sql: SHOP });
    await demo.pages.tell({ sql: COMPARED });
    await demo.pages.tell({
      sql: `INSERT INTO recommendation_models VALUES (1, now() - interval '2 hours', 900,
        jsonb_set('${JSON.stringify(BLEND)}', '{net,mean}', (SELECT jsonb_agg(0) FROM generate_series(1, ${widthWith([])}))))`,
    });
    const frame = await open();
    await frame.getByText("100 people were shown recommendations and 100 the fallback").waitFor();
    const text = await said(frame);
    // 12.00 against 5.00 per person; the standard error of the logarithm is √(0.67 / 100 + 1.01 / 100) = 0.1296.
    expect(text).toContain("140% more revenue per person; with 95% certainty between 86% more and 209% more.");
    expect(text).toContain("£12.00 with recommendations, £5.00 held out");
    expect(text).toContain("60% with recommendations, 50% held out");
    expect(text).toContain("0 of the 40 buyers that the smaller group needs");
    expect(text).toContain("the personal list held the next one for 30%, what is popular for 15%.");
    expect(text).toContain("did better in 90% (95% interval 83% to 94%)");
    const lines = text
      .slice(text.indexOf("What the lists are made of"))
      .split(/\s*\n\s*/)
      .slice(1);
    // Behind each share stands its bar's own, which is heard and not seen.
    const madeOf = lines.filter((line, at) => !(/^\d+%$/.test(line) && (lines[at - 1] ?? "").endsWith("%")));
    const weighed = (count: string) =>
      `How much a place in each one’s order counts, learned from ${count} replayed purchases and visits.`;
    expect(madeOf.slice(0, 20)).toEqual([
      "For one customer: home page, collections, e-mails",
      "How much each one counts: how much worse the lists of 900 replayed purchases were without it, as a share of all.",
      "Bought next",
      "62%",
      "Bought again and again, and when",
      "35%",
      "Popular overall",
      "2.8%",
      "Beside the product",
      weighed("300"),
      "Bought by the same people",
      "80%",
      "Looked at together",
      "20%",
      "In the cart, and after what a visitor looked at",
      weighed("1,200"),
      "Bought by the same people",
      "80%",
      "Visits like this",
      "20%",
    ]);
    expect(await hindrances(frame)).toEqual([]);
    await homeSays("140% more revenue per person; with 95% certainty between 86% more and 209% more.");
  });

  it("previews a customer, a product and a visitor, with why and how sure", async () => {
    const frame = await open();
    await tab(frame, "Preview");
    await frame.getByText("For a visitor of whom nothing is known").waitFor();
    await frame.getByText("£12.50 · New in the shop").waitFor();
    await frame.getByLabel("Shown to", { exact: true }).fill("anna");
    await frame.getByRole("option", { name: "Anna Schmidt" }).click();
    await frame.getByText("87% confidence").waitFor();
    await frame.getByText("£12.50 · Because you bought Mug").waitFor();
    await frame.getByLabel("Or beside a product").fill("mug");
    await frame.getByRole("option", { name: "Mug", exact: true }).click();
    await frame.getByText("Bought together by 4 of 9 buyers of Mug").waitFor();
    expect(await frame.getByText("Mug of others").count()).toBe(0);
    expect(await hindrances(frame)).toEqual([]);
  });

  it("shows what rules would do while they are typed, for a visitor, a customer and beside a product, and keeps nothing of it", async () => {
    const frame = await open();
    await tab(frame, "Rules");
    const shown = frame.locator("[aria-live=polite]");
    await shown.getByText("The same as by the saved rules.").waitFor();
    await frame.getByLabel("Hide a product").fill("71");
    await frame.getByRole("option", { name: "Mug", exact: true }).click();
    await shown.getByText("Not shown any more: Mug.").waitFor();
    await frame.getByLabel("Pin a product").fill("tea");
    await frame.getByRole("option", { name: "Teapot" }).click();
    await shown.getByText("£12.50 · Chosen by the shop").waitFor();
    await frame.getByLabel("Shown to", { exact: true }).fill("anna");
    await frame.getByRole("option", { name: "Anna Schmidt" }).click();
    await shown.getByText("Nothing was learned of this customer yet.").waitFor();
    await shown.getByText("£12.50 · Chosen by the shop").waitFor();
    await frame.getByLabel("Or beside a product").fill("green");
    await frame.getByRole("option", { name: "Green tea", exact: true }).click();
    await shown.getByText("Beside the product").waitFor();
    expect(await shown.getByText("Green tea").count()).toBe(0);
    await frame.getByLabel("Price to").fill("5");
    await shown.getByText("With these rules no product could be shown here.").waitFor();
    await frame.getByLabel("Price from").fill("50");
    await shown.getByText("The price to is below the price from").waitFor();
    expect(await hindrances(frame)).toEqual([]);
    await demo.pages.tell({
      sql: `DO $$ BEGIN IF EXISTS (SELECT FROM recommendation_rules WHERE shop_id = 1) THEN RAISE 'rules were kept'; END IF; END $$`,
    });
  });

  it("keeps rules, and says which one cannot be kept", async () => {
    const frame = await open();
    await tab(frame, "Rules");
    await frame.getByLabel("Price from").fill("50");
    await frame.getByLabel("Price to").fill("10");
    await frame.getByLabel("Never products with one of these tags").fill("sale,  gift card");
    await frame.getByLabel("Pin a product").fill("tea");
    await frame.getByRole("option", { name: "Teapot" }).click();
    await frame.getByLabel("Hide a product").fill("71");
    await frame.getByRole("option", { name: "Mug", exact: true }).click();
    await frame.getByRole("button", { name: "Add a boost" }).click();
    await frame.getByLabel("Products with the tag").fill("new");
    await frame.getByLabel("Only products in stock").uncheck();
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByRole("alert").getByText("The price to is below the price from").waitFor();
    await frame.getByLabel("Price to").fill("100");
    await frame.getByLabel("Products in a list").fill("99");
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByRole("alert").getByText("A list has 1 to 24 products.").waitFor();
    await frame.getByLabel("Products in a list").fill("6");
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByText("Saved; lists follow within a minute").waitFor();
    expect(await hindrances(frame)).toEqual([]);

    const again = await open();
    await tab(again, "Rules");
    await again.getByText("Teapot").waitFor();
    expect(await again.getByLabel("Never products with one of these tags").inputValue()).toBe("sale, gift card");
    expect(await again.getByLabel("Products with the tag").inputValue()).toBe("new");
    expect(await again.getByLabel("Stand").inputValue()).toBe("1.5");
    expect(await again.getByLabel("Only products in stock").isChecked()).toBe(false);
    expect(await again.getByLabel("Not what the customer bought already").isChecked()).toBe(true);
    await demo.pages.tell({
      sql: `DO $$ BEGIN IF NOT EXISTS (SELECT FROM recommendation_rules WHERE shop_id = 1 AND rules @>
        '{"pinned": ["72"], "hidden": ["71"], "slots": 6, "priceFrom": 50, "priceTo": 100, "boosts": [{"tag": "new", "factor": 1.5}]}')
        THEN RAISE 'the rules are not kept as they were typed'; END IF; END $$`,
    });
  });

  it("keeps settings, and without anybody held out tells no results", async () => {
    const frame = await open();
    await tab(frame, "Settings");
    await frame.getByLabel("People held out to compare with").fill("60");
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByText("0 to 50% of the people can be held out.").waitFor();
    await frame.getByLabel("People held out to compare with").fill("0");
    await frame.getByLabel("On the home page").selectOption("popular");
    await frame.getByLabel("Show a personal list from a confidence of").fill("85");
    await demo.view.page.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByText("Saved; lists follow within a minute").waitFor();
    expect(await hindrances(frame)).toEqual([]);
    await tab(frame, "Results");
    await frame.getByText("Nobody is held out, so there is nothing to compare with").waitFor();
    await demo.pages.tell({
      sql: `DO $$ BEGIN IF NOT EXISTS (SELECT FROM recommendation_settings WHERE shop_id = 1 AND settings @>
        '{"threshold": 0.85, "holdoutShare": 0, "strategies": {"home": "popular", "product": "goes_with"}}')
        THEN RAISE 'the settings are not kept as they were typed'; END IF; END $$`,
    });
    await homeSays("What would have been bought anyway is in it: only people held out tell what lists add.");
  });

  it("says which blocks were seen in the theme, and leads to each in the theme editor", async () => {
    const frame = await open();
    await tab(frame, "Storefront");
    await frame.getByText("100 products shown in 30 days, 7 clicked").waitFor();
    expect(await frame.getByText("Not added yet").count()).toBe(3);
    const link = frame.getByRole("link", { name: "Add to the theme: Collection page" });
    expect(await link.getAttribute("href")).toMatch(
      /^https:\/\/demo\.myshopify\.com\/admin\/themes\/current\/editor\?template=collection&addAppBlockId=\w{32}\/collection&target=newAppsSection$/,
    );
  });

  it("stays whole while reading takes long, and when it fails", async () => {
    await demo.pages.tell({ slowBy: 1_500 });
    const frame = await openAdmin(demo.view.page, `${demo.pages.admin.appPage}/app/content`);
    await demo.view.page.getByRole("link", { name: "Recommendations" }).click();
    await frame.locator(".Polaris-SkeletonBodyText").first().waitFor();
    await frame.getByRole("heading", { level: 1, name: "Recommendations" }).waitFor();
    await demo.pages.tell({ slowBy: 0, failing: true });
    const failed = await open();
    await failed.getByText("This page could not be shown").waitFor();
    await demo.pages.tell({ failing: false });
    await failed.getByRole("button", { name: "Try again" }).click();
    await failed.getByRole("heading", { level: 1, name: "Recommendations" }).waitFor();
    expect(demo.pages.logged.splice(0).join()).toContain("the database is away");
    demo.view.complaints.splice(0, Infinity, ...demo.view.complaints.filter((complaint) => !complaint.includes("500")));
  });

  it("fits a phone, and its tabs stand right beneath its head", async () => {
    const { page, complaints } = await onPhone(demo.view);
    const frame = await openAdmin(page, `${demo.pages.admin.appPage}/app/recommendations`);
    await frame.getByRole("heading", { level: 1, name: "Recommendations" }).waitFor();
    const head = await frame.getByText("What each customer is shown, why, and what it brings.").boundingBox();
    const tabs = await frame.getByRole("tab", { name: "Results" }).boundingBox();
    expect((tabs?.y ?? 0) - (head?.y ?? 0) - (head?.height ?? 0)).toBeLessThan(30);
    for (const name of ["Results", "Preview", "Rules", "Settings", "Storefront"]) {
      await tab(frame, name);
      const width = await frame.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect([name, width[0]]).toEqual([name, width[1]]);
      expect(await hindrances(frame)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});
