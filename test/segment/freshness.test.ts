import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_PARTS, PARTS } from "../../app/ingest/parts.ts";
import { type Freshness, freshnessOf, type WaitingWork } from "../../app/segment/freshness.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary, prepareSegments, type Segment } from "../../app/segment/segment.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
/** The shop's own clock may be moved; what waits is timed by the real one. */
const REAL = new Date("2026-11-26T00:00:00Z");
const ago = (from: Date, seconds: number) => new Date(from.getTime() - seconds * 1_000);
const NOBODY = { waiting: 0, oldestAt: null };
const IDLE: WaitingWork = { deliveries: NOBODY, unattributed: NOBODY, customers: [], timers: [] };

const RULES = {
  bought: "orders_placed MATCHES ()",
  viewed: "storefront.product_viewed MATCHES (date > -48h)",
  tagged: "customer_tags CONTAINS 'vip'",
  asks: "segments CONTAINS 'viewed' AND customer_tags CONTAINS 'vip'",
};
type Key = keyof typeof RULES;

const segments: Segment[] = prepareSegments(
  Object.entries(RULES).map(([key, text], id) => {
    const reading = parseText(text, dictionary);
    if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
    return { id, key, name: key, version: 1, definition: reading.rule };
  }),
  { timeZone: "UTC", currency: "EUR" },
);
const idOf = (key: Key): number => Object.keys(RULES).indexOf(key);

function fresh(work: Partial<WaitingWork>, building: Key[] = []): Record<Key, Freshness> {
  const found = freshnessOf(segments, { ...IDLE, ...work }, new Set(building.map(idOf)), { now: NOW, realNow: REAL });
  return Object.fromEntries(segments.map(({ id, key }) => [key, found.get(id)])) as Record<Key, Freshness>;
}

describe("a segment is exact as of", () => {
  const after = (seconds: number) => ({ oldestAt: ago(REAL, seconds) });
  const cases: [string, Partial<WaitingWork>, Record<Key, number>][] = [
    ["now, where nothing waits", {}, { bought: 0, viewed: 0, tagged: 0, asks: 0 }],
    [
      "the oldest message that is not read, whatever it reads",
      { deliveries: { waiting: 2, ...after(30) } },
      { bought: 30, viewed: 30, tagged: 30, asks: 30 },
    ],
    [
      "the oldest customer of whom something changed that it reads, or that a segment reads that it asks for",
      { customers: [{ parts: PARTS.events, waiting: 5, ...after(20) }] },
      { bought: 0, viewed: 20, tagged: 0, asks: 20 },
    ],
    [
      "the oldest customer who may be new or gone, whatever it reads",
      { customers: [{ parts: PARTS.record, waiting: 1, ...after(9) }] },
      { bought: 9, viewed: 9, tagged: 9, asks: 9 },
    ],
    [
      "the oldest browser that may be somebody's, where it reads what browsers tell",
      { unattributed: { waiting: 3, ...after(7) } },
      { bought: 0, viewed: 7, tagged: 0, asks: 7 },
    ],
    [
      "the oldest change by time that is late, on the shop's own clock",
      { timers: [{ segmentId: idOf("viewed"), waiting: 4, oldestAt: ago(NOW, 3_600) }] },
      { bought: 0, viewed: 3_600, tagged: 0, asks: 3_600 },
    ],
    [
      "the oldest of all that waits",
      {
        deliveries: { waiting: 1, ...after(2) },
        customers: [
          { parts: ALL_PARTS, waiting: 1, ...after(4) },
          { parts: PARTS.tags, waiting: 1, ...after(60) },
        ],
      },
      { bought: 4, viewed: 4, tagged: 60, asks: 60 },
    ],
  ];
  it.each(cases)("%s", (_name, work, lags) => {
    const found = fresh(work);
    for (const key of Object.keys(RULES) as Key[]) expect(found[key].asOf, key).toEqual(ago(NOW, lags[key]));
  });

  it("no moment at all while its rule, or one it asks for, is decided for everybody", () => {
    const found = fresh({}, ["viewed"]);
    expect(Object.entries(found).flatMap(([key, { asOf }]) => (asOf === null ? [key] : []))).toEqual([
      "viewed",
      "asks",
    ]);
  });

  it("counts what waits for it", () => {
    const found = fresh({
      deliveries: { waiting: 2, ...after(1) },
      customers: [
        { parts: PARTS.tags, waiting: 3, ...after(1) },
        { parts: PARTS.events | PARTS.checkouts, waiting: 5, ...after(1) },
      ],
      timers: [{ segmentId: idOf("viewed"), waiting: 7, oldestAt: NOW }],
    });
    expect(found.tagged).toMatchObject({ deliveries: 2, customers: 3, timers: 0, unattributed: 0 });
    expect(found.asks).toMatchObject({ deliveries: 2, customers: 8, timers: 7 });
  });
});

it("more work never makes a segment fresher, and no moment is ahead of now", () => {
  const waiting = fc.record({
    waiting: fc.nat(9),
    oldestAt: fc.integer({ min: -5, max: 9_999 }).map((s) => ago(REAL, s)),
  });
  const work = fc.record({
    deliveries: waiting,
    unattributed: waiting,
    customers: fc.array(waiting.chain((one) => fc.nat(255).map((parts) => ({ ...one, parts })))),
    timers: fc.array(waiting.chain((one) => fc.nat(3).map((segmentId) => ({ ...one, segmentId })))),
  });
  fc.assert(
    fc.property(work, fc.nat(255), (given, parts) => {
      const before = fresh(given);
      const more = { parts, waiting: 1, oldestAt: ago(REAL, 500) };
      const behind = fresh({ ...given, customers: [...given.customers, more] });
      for (const key of Object.keys(RULES) as Key[]) {
        expect(before[key].asOf?.getTime()).toBeLessThanOrEqual(NOW.getTime());
        expect(behind[key].asOf?.getTime()).toBeLessThanOrEqual(before[key].asOf?.getTime() ?? 0);
      }
    }),
  );
});
