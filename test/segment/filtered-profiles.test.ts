import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countView } from "../../app/components/profiles/profiles-view.ts";
import { createAdminReads, type ListingAnswer } from "../../app/jobs/admin-reads.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createFormat } from "../../app/platform/format.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import type { ProfileWindow } from "../../app/profile/profile-pages-store.server.ts";
import { wholeMatching } from "../../app/segment/filtered-profiles-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import type { Rule } from "../../app/segment/language/tree.ts";
import { dictionary } from "../../app/segment/segment.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { openAnyDatabase } from "../support/database.ts";

const DOMAIN = "list.myshopify.com";
const NOW = new Date("2026-11-24T12:00:00Z");
/** From which on a rule is judged by a sample first. */
const PEOPLE = 20_000;

let db: Db;
let reads: ReturnType<typeof createAdminReads>;

beforeAll(async () => {
  db = await openAnyDatabase();
  reads = createAdminReads({ db, clock: { now: () => NOW }, metrics: createMetrics() });
  await db.query(`
    INSERT INTO shops (id, domain, currency, time_zone) VALUES (1, '${DOMAIN}', 'GBP', 'Europe/London'), (2, 'other.myshopify.com', 'GBP', 'UTC');
    INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, last_seen_at, computed_at,
      exists_from, sample_bucket)
    SELECT 1, n, 'no' || n || '@example.com', 'subscribed', 0, 0, 0, CASE WHEN n % 10 > 0 THEN timestamptz '${NOW.toISOString()}' - n * interval '1 minute' END,
      now(), '2020-01-01', n * 7919 % 10000 FROM generate_series(1, ${PEOPLE}) n;
    INSERT INTO profiles (shop_id, customer_id, email, email_consent, orders_count, gross_minor, refunded_minor, computed_at, exists_from)
      VALUES (2, 4000, 'theirs@example.com', 'subscribed', 0, 0, 0, now(), '2020-01-01');
    INSERT INTO orders (shop_id, id, customer_id, name, currency, gross_minor, ordered_at, test, source_updated_at, source_triggered_at, source_delivery)
      SELECT 1, n, n, '#' || n, 'GBP', 1000, '2026-11-01 10:00Z', false, now(), now(), 'd' FROM generate_series(1, ${PEOPLE}) n WHERE n % 4 = 0;
    INSERT INTO customer_tags (shop_id, customer_id, tag_key, tag, present, source_updated_at, source_triggered_at, source_delivery)
      SELECT 1, n, 'vip', 'VIP', true, '2026-01-01', '2026-01-01', 'd' FROM unnest(ARRAY[19990, 19998, 150]) n;
    ANALYZE`);
});
afterAll(() => db.close());

type Found = Extract<ListingAnswer, { outcome: "found" }>;

/** What a page shows once nothing more is looked for. */
async function page(rule: string, window: ProfileWindow = "first", query = ""): Promise<Found> {
  for (;;) {
    const found = await reads.searchProfiles(DOMAIN, { query, rule, window });
    if (found.outcome !== "found") throw new Error(found.outcome);
    if (!found.looking) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ANY = { terms: null, except: [], limit: 50 };

function read(text: string): { rule: Rule; at: Date } {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return { rule: reading.rule, at: NOW };
}

const idsOf = ({ profiles }: Found): number[] => profiles.map(({ customerId }) => Number(customerId));
const ends = ({ profiles }: Found): { before: ProfileWindow; after: ProfileWindow } => {
  const [first, last] = [profiles[0], profiles.at(-1)];
  if (!first || !last) throw new Error("The page is empty.");
  const place = ({ customerId, lastSeenAt }: typeof first) => ({ customerId, lastSeenAt });
  return { before: { before: place(first) }, after: { after: place(last) } };
};
/** In the list's order: those seen last first, and at the end those never seen, the newest first. */
const people = (matches: (n: number) => boolean): number[] => {
  const all = Array.from({ length: PEOPLE }, (_, index) => index + 1).filter(matches);
  return [...all.filter((n) => n % 10 > 0), ...all.filter((n) => n % 10 === 0).toReversed()];
};

describe("the list that a rule filters", () => {
  it.each([
    ["is true for many", "orders_placed MATCHES (date > -720h)", (n: number) => n % 4 === 0],
    [
      "is true for few, far down",
      "customer_tags CONTAINS 'VIP'",
      (n: number) => n === 150 || (n > 19_989 && n % 8 === 6),
    ],
    ["names what is not", "orders_placed NOT MATCHES ()", (n: number) => n % 4 > 0],
  ])(
    "has those for whom a rule that %s is true, in the list's order, page by page and back",
    async (_, rule, matches) => {
      const wanted = people(matches);
      const first = await page(rule);
      expect(idsOf(first)).toEqual(wanted.slice(0, 50));
      expect(first.more).toEqual({ before: false, after: wanted.length > 50 });
      if (wanted.length <= 50) return;
      const second = await page(rule, ends(first).after);
      expect(idsOf(second)).toEqual(wanted.slice(50, 100));
      expect(idsOf(await page(rule, ends(second).before))).toEqual(wanted.slice(0, 50));
      // Where those never seen begin, and at the end.
      const seen = wanted.filter((n) => n % 10 > 0).length;
      const edge = {
        customerId: String(wanted[seen - 21]),
        lastSeenAt: new Date(NOW.getTime() - (wanted[seen - 21] ?? 0) * 60_000),
      };
      expect(idsOf(await page(rule, { after: edge }))).toEqual(wanted.slice(seen - 20, seen + 30));
      // Asked of everybody at once, as where few match: the same.
      const whole = await wholeMatching(db, 1 as ShopId, { ...read(rule), ...ANY, window: { after: edge } });
      expect(whole.customerIds.map(Number)).toEqual(wanted.slice(seen - 20, seen + 30));
      expect(whole.more).toEqual({ before: true, after: seen + 30 < wanted.length });
      const last = await page(rule, { after: { customerId: String(wanted.at(-4)), lastSeenAt: null } });
      expect(idsOf(last)).toEqual(wanted.slice(-3));
      expect(last.more).toEqual({ before: true, after: false });
    },
  );

  it("has nobody where nobody matches, and the way where a rule cannot be read", async () => {
    expect(await page("customer_tags CONTAINS 'nobody'")).toMatchObject({
      profiles: [],
      more: { before: false, after: false },
    });
    const refused = await page("orders_placed MATCHES (dat > -30d)");
    expect(refused.profiles).toEqual([]);
    expect(refused.filter).toMatchObject({
      outcome: "refused",
      problems: [{ line: 1, column: 24, start: 23, end: 26 }],
    });
  });

  it("obeys a search too, also one that names an order, and never another shop", async () => {
    const rule = "orders_placed MATCHES ()";
    expect(idsOf(await page(rule, "first", "no4000@"))).toEqual([4_000]);
    expect(idsOf(await page(rule, "first", "no4001@"))).toEqual([]);
    expect(idsOf(await page(rule, "first", "#4000"))).toEqual([4_000]);
    expect(idsOf(await page("", "first", "no4000@example.com"))).toEqual([4_000]);
    expect(idsOf(await page("", "first", "theirs@example.com"))).toEqual([]);
    expect(idsOf(await page("orders_placed NOT MATCHES ()", "first", "#4000"))).toEqual([]);
  });

  it("is counted by a sample first, whose interval holds the true number, and then exactly", async () => {
    const format = createFormat({ locale: "en", timeZone: "UTC" });
    const rule = "orders_placed MATCHES (date > -720h)";
    const sampled = await reads.countMatching(DOMAIN, { text: rule, exact: false });
    if (sampled.outcome !== "sampled") throw new Error(sampled.outcome);
    // A hundredth of the people, of whom a quarter ordered.
    expect(sampled.sampled).toBe(200);
    expect(Math.abs(sampled.matching / sampled.sampled - 0.25)).toBeLessThan(0.15);
    expect(countView({ outcome: "sampled", sampled: 200, matching: 50, profiles: PEOPLE }, format)).toEqual({
      sentence: "Between 3,902 and 6,287 of 20,000 customers match, by a sample; all are being counted.",
      exact: false,
    });
    const counted = await reads.countMatching(DOMAIN, { text: rule, exact: true });
    expect(counted).toEqual({ outcome: "counted", count: 5_000, profiles: PEOPLE });
    // A rule that draws a sample itself is not judged by one.
    expect(await reads.countMatching(DOMAIN, { text: "sample(50%)", exact: false })).toMatchObject({
      outcome: "counted",
    });
    expect(await reads.countMatching(DOMAIN, { text: "sample(", exact: false })).toEqual({ outcome: "refused" });
  });
});
