import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overviewView } from "../../app/components/overview/overview-view.ts";
import { createFigures, type Figures } from "../../app/jobs/figures.ts";
import { readGuide } from "../../app/jobs/guide.server.ts";
import { readOverview } from "../../app/jobs/overview.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createFormat } from "../../app/platform/format.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import { liftOf } from "../../app/recommendation/holdout/lift.ts";
import { revenueOfMembers } from "../../app/segment/revenue-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { dismissGuide, findShop } from "../../app/shopify/shop-store.server.ts";
import { DEMO_SHOP, NOW } from "../routes/pages/demo-shop.ts";
import { openAnyDatabase } from "../support/database.ts";

const SHOP = 1 as ShopId;
const now = new Date(NOW);
const format = createFormat({ locale: "en", timeZone: "Europe/London" });

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
  await db.query(DEMO_SHOP);
});
afterAll(() => db.close());

async function shown() {
  const shop = await findShop(db, "demo.myshopify.com");
  if (!shop) throw new Error("The shop is there.");
  const kept = createFigures({ now: () => performance.now(), leastMs: 0, reuse: 0 });
  // A machine that is busy shows no other figures.
  const figures: Figures = { ...kept, soon: (key, _waitMs, compute) => kept.read(key, compute) };
  const overview = await readOverview({ sql: db, clock: { now: () => now }, metrics: createMetrics(), figures }, shop);
  return overviewView(overview, format, { liftOf, apiKey: "key" });
}

describe("the first page", () => {
  it("finds out by itself what of the set-up is done, and keeps that somebody put it away", async () => {
    const fresh = 2 as ShopId;
    expect(await readGuide(db, fresh, new Date())).toEqual({
      dismissed: false,
      backFill: "not begun",
      pixel: false,
      storefront: false,
      destination: false,
      segment: false,
    });
    await db.query(`
      INSERT INTO back_fills (shop_id, kind, state, started_at) VALUES (2, 'orders', 'done', now()), (2, 'customers', 'running', now());
      UPDATE shops SET web_pixel_id = 'gid://shopify/WebPixel/1' WHERE id = 2;
      INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind)
        VALUES (2, 'old', now() - interval '31 days', 'cart', 'k', 1, 'shown');
      INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at)
        VALUES (4, 1, 2, '{}', '', 'Muster', 'Starter segment', now());
      INSERT INTO destinations (id, shop_id, kind, credentials, settings, state, leaving, created_at)
        VALUES (9, 2, 'klaviyo', '', '{}', 'live', true, now())`);
    const halfway = { dismissed: false, pixel: true, storefront: false, destination: false, segment: false };
    expect(await readGuide(db, fresh, new Date())).toEqual({ ...halfway, backFill: "under way" });
    await db.query(`
      UPDATE back_fills SET state = 'failed' WHERE shop_id = 2 AND kind = 'customers';
      INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind)
        VALUES (2, 'new', now(), 'cart', 'k', 1, 'shown');
      INSERT INTO segment_versions (segment_id, number, shop_id, rule, text, author, message, published_at)
        VALUES (4, 2, 2, '{}', '', 'Ada', '', now());
      UPDATE destinations SET leaving = false WHERE shop_id = 2`);
    await dismissGuide(db, fresh, new Date());
    const all = { pixel: true, storefront: true, destination: true, segment: true };
    expect(await readGuide(db, fresh, new Date())).toEqual({ ...all, dismissed: true, backFill: "failed" });
    await dismissGuide(db, fresh, null);
    await db.query("UPDATE back_fills SET state = 'done' WHERE shop_id = 2");
    expect(await readGuide(db, fresh, new Date())).toEqual({ ...all, dismissed: false, backFill: "done" });
  });

  it("counts as a segment's revenue what its members bought while they were members, less what they got back", async () => {
    // Anna is in Loyal from her order of 20 November on, and was in Lapsed until she ordered on 30 June.
    await db.query(`
      INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, cancelled_at, test, deleted_at,
        source_updated_at, source_triggered_at, source_delivery)
      SELECT 1, 600 + n, customer, '#', currency, 1000 * n, at, cancelled, test, deleted, now(), now(), 'd' FROM (VALUES
        (1, 7001, 'GBP', timestamptz '2026-11-22 10:00Z', NULL::timestamptz, false, NULL::timestamptz),
        (2, 7001, 'GBP', '2026-11-22 11:00Z', NULL, true, NULL),
        (3, 7001, 'GBP', '2026-11-22 11:00Z', '2026-11-22 12:00Z', false, NULL),
        (4, 7001, 'EUR', '2026-11-22 11:00Z', NULL, false, NULL),
        (5, 7001, 'GBP', '2026-11-22 11:00Z', NULL, false, '2026-11-22 12:00Z'),
        (6, 7002, 'GBP', '2026-11-24 09:59Z', NULL, false, NULL),
        (7, 7002, 'GBP', '2026-11-24 10:01Z', NULL, false, NULL),
        (8, 7002, 'GBP', '2026-11-24 12:01Z', NULL, false, NULL)
      ) AS given (n, customer, currency, at, cancelled, test, deleted);
      INSERT INTO refund_transactions VALUES (1, 9, 62, 601, 400, 'GBP', '2026-11-23 10:00Z')`);
    const week = await revenueOfMembers(db, SHOP, new Date("2026-11-17T12:00:00Z"), now);
    expect(week.toSorted((one, other) => one.segmentId - other.segmentId)).toEqual([
      { segmentId: 1, orders: 1, revenueMinor: 600n },
      // Anna's order of 22 November too: she left on the 24th.
      { segmentId: 3, orders: 2, revenueMinor: 7600n },
    ]);
    const june = await revenueOfMembers(db, SHOP, new Date("2026-06-30T00:00:00Z"), new Date("2026-07-01T00:00:00Z"));
    expect(june).toEqual([{ segmentId: 2, orders: 1, revenueMinor: 2500n }]);
  });

  it("shows it dearest first, and what lists brought", async () => {
    const { revenue } = await shown();
    expect(revenue).toEqual({
      recommendations: { amount: "£0.00", orders: "0 orders", result: null, people: "" },
      segments: [
        { id: 3, name: "Big spenders", amount: "£76.00", orders: "2 orders" },
        { id: 1, name: "Loyal", amount: "£6.00", orders: "1 order" },
        { id: 2, name: "Lapsed", amount: "£0.00", orders: "0 orders" },
      ],
    });
  });

  it("names what waits for somebody, each with the way to the place where it is mended", async () => {
    expect((await shown()).health).toMatchObject({ tone: "success", title: "Everything is up to date" });
    await db.query(`
      INSERT INTO automations (id, shop_id, segment_id, kind, name, on_entry, on_exit, settings, state, state_reason, since, created_at) VALUES
        (1, 1, 1, 'flow_trigger', 'Tell Flow', true, false, '{"kind": "flow_trigger"}', 'paused', 'Flow is not installed.', now(), now()),
        (2, 1, 1, 'webhook', 'Tell the till', true, false, '{"kind": "webhook", "url": "https://till.example"}', 'active', NULL, now(), now()),
        (3, 1, 1, 'flow_trigger', 'Put aside by the merchant', true, false, '{"kind": "flow_trigger"}', 'paused', NULL, now(), now()),
        (4, 2, 4, 'flow_trigger', 'Of another shop', true, false, '{"kind": "flow_trigger"}', 'paused', 'No.', now(), now());
      INSERT INTO automation_runs (shop_id, automation_id, change, at, reason, state, message_id, created_at) VALUES
        (1, 2, 'entered', now(), 'happened', 'failed', 'a', now() - interval '2 days'),
        (1, 2, 'entered', now(), 'happened', 'failed', 'b', now()), (1, 2, 'entered', now(), 'happened', 'done', 'c', now());
      INSERT INTO privacy_requests (shop_id, kind, received_at, due_at, done_at) VALUES
        (1, 'customer_redact', now(), now() + interval '49 hours', NULL), (1, 'data_request', now(), now() + interval '8 days', NULL),
        (1, 'customer_redact', now(), now() + interval '1 hour', now()), (2, 'customer_redact', now(), now(), NULL);
      UPDATE audiences SET state = 'review' WHERE id = 1;
      UPDATE destinations SET state = 'paused', state_reason = 'The key was withdrawn.' WHERE id = 2;
      INSERT INTO dead_letters VALUES (1, 'demo.myshopify.com', 'orders/updated', 'no currency', now());
      INSERT INTO segment_findings (segment_id, kind, subject, shop_id, detail, found_at)
        VALUES (2, 'gone', 'customer_tag x', 1, '{"kind": "customer_tag", "name": "x"}', now());
      INSERT INTO segment_watches (segment_id, shop_id, version, due_at) VALUES (2, 1, 1, now());
      INSERT INTO segment_builds (segment_id, shop_id, target, started_at) VALUES (3, 1, 'x', now())`);
    const { health, segments } = await shown();
    expect(health).toEqual({
      tone: "critical",
      title: "Something needs your attention",
      matters: [
        { sentence: "Mailchimp is paused. The key was withdrawn.", url: "/app/destinations/2" },
        {
          sentence: "The automation Tell Flow is paused. Flow is not installed.",
          url: "/app/segments/1/automations/1",
        },
        { sentence: "Loyal in Klaviyo waits for you to look at its first load.", url: "/app/destinations/1" },
        {
          sentence: "The automation Tell the till gave up 1 run in the last 24 hours.",
          url: "/app/segments/1/automations/2",
        },
        { sentence: "A privacy request is due in 2 days.", url: "/app/privacy" },
        { sentence: "In Lapsed there is one thing worth a second look.", url: "/app/segments/2" },
        {
          sentence: "1 delivery of orders/updated could not be understood and is kept: no currency",
          url: "/app/data/dead-letters",
        },
      ],
    });
    expect(segments.filter(({ building }) => building).map(({ name }) => name)).toEqual(["Big spenders"]);
  });

  it("does not wait for a figure that takes long: it shows the one before, and the new one with a later look", async () => {
    const figures = createFigures({ now: () => performance.now(), leastMs: 0, reuse: 0 });
    let begun: PromiseWithResolvers<string>;
    const slow = (): Promise<string> => (begun = Promise.withResolvers<string>()).promise;
    const finish = (figure: string): void => begun.resolve(figure);
    expect(await figures.soon("f", 0, slow)).toBeNull();
    finish("first");
    expect(await figures.soon("f", 1_000, slow)).toBe("first");
    expect(await figures.soon("f", 0, slow)).toBe("first");
    finish("second");
    expect(await figures.soon("f", 1_000, slow)).toBe("second");
  });
});
