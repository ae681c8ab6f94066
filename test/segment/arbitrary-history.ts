import fc from "fast-check";
import type {
  AttributeChange,
  CustomerHistory,
  HistoryEvent,
  Interval,
  PropertyValue,
  Shop,
} from "../../app/segment/evaluation/customer-history.ts";
import { TEXTS } from "./arbitrary-rule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Zones with their own ways: none, half hours, half an hour of summer, clocks that skip midnight or the whole day. */
export const PLACES: readonly [timeZone: string, around: string][] = [
  ["UTC", "2026-03-01T00:00:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["America/New_York", "2026-03-08T07:00:00Z"],
  ["America/New_York", "2026-11-01T06:00:00Z"],
  ["Africa/Cairo", "2026-04-23T22:00:00Z"],
  ["Asia/Kolkata", "2026-02-28T18:30:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["America/Havana", "2026-03-08T05:00:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
  ["Asia/Beirut", "2026-03-28T22:00:00Z"],
  ["America/St_Johns", "2024-02-29T03:30:00Z"],
];

export interface Case {
  shop: Shop;
  history: CustomerHistory;
  now: Date;
}

/** Instants that fall on and right beside hours, days and each other, so that boundaries are met and not only passed. */
export const offset = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -72, max: 72 }),
      fc.integer({ min: -24 * 45, max: 24 * 45 }),
    ),
    fc.constantFrom(0, 0, 15, 30, 45),
    fc.constantFrom(0, 0, 0, 1, -1, 37_123),
  )
  .map(([hours, minutes, rest]) => hours * HOUR + minutes * MINUTE + rest);

export const money = fc.constantFrom(0n, 500n, 1050n, 2000n, 2001n, 3333n, 10_000n);
export const id = fc.constantFrom("1", "2", "3", "4");
export const words = fc.uniqueArray(fc.constantFrom(...TEXTS), { maxLength: 3 });
const dateNear = (base: number): fc.Arbitrary<PropertyValue> => offset.map((by) => new Date(base + by));

function propertiesOf(kind: string, base: number): fc.Arbitrary<Record<string, PropertyValue | null>> {
  const maybe = <T extends PropertyValue>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
    fc.option(value, { freq: 5 });
  switch (kind) {
    case "orders_placed":
      return fc.record({ amount: money, app_id: maybe(id), tag: words });
    case "products_purchased":
      return fc.record({
        id: maybe(id),
        quantity: fc.integer({ min: 1, max: 3 }),
        tag: words,
        amount: money,
        order_id: id,
        line_id: id,
      });
    case "storefront.product_viewed":
      return fc.record({ id, price: maybe(money) });
    case "custom.signed_up":
      return fc.record({
        plan: fc.oneof(fc.constantFrom<PropertyValue>(...TEXTS), fc.boolean(), fc.constant(null), words),
        score: fc.oneof(
          fc.constantFrom<PropertyValue>(0, 0.1, 1.5, 2, 3, -0.5),
          maybe(dateNear(base)),
          fc.constantFrom<PropertyValue>("2"),
        ),
      });
    case "refunds_made":
      return fc.record({ amount: money });
    case "store_credit_accounts":
      return fc.record({ balance: money, next_expiry_date: maybe(dateNear(base)) });
    default:
      return fc.record({ service: maybe(fc.constantFrom(...TEXTS)) });
  }
}

function eventsOf(kind: string, base: number): fc.Arbitrary<HistoryEvent[]> {
  return fc
    .array(
      fc.tuple(offset, propertiesOf(kind, base)).map(([by, properties]) => ({ at: new Date(base + by), properties })),
      { maxLength: 4 },
    )
    .map((events) => events.sort((left, right) => left.at.getTime() - right.at.getTime()));
}

function changesOf(value: fc.Arbitrary<PropertyValue | null>, base: number): fc.Arbitrary<AttributeChange[]> {
  return fc
    .tuple(fc.option(value, { freq: 4 }), fc.array(fc.tuple(offset, value), { maxLength: 2 }), fc.boolean())
    .map(([first, later, always]) => [
      ...(always ? [{ since: null, value: first }] : []),
      ...later
        .sort(([left], [right]) => left - right)
        .map(([by, changed]) => ({ since: new Date(base + by), value: changed })),
    ]);
}

function intervalsNear(base: number): fc.Arbitrary<Interval[]> {
  return fc.uniqueArray(offset, { maxLength: 4 }).map((edges) => {
    const ascending = edges.sort((left, right) => left - right).map((by) => new Date(base + by));
    const intervals: Interval[] = [];
    for (let index = 0; index < ascending.length; index += 2) {
      intervals.push({ enteredAt: ascending[index] as Date, leftAt: ascending[index + 1] ?? null });
    }
    return intervals;
  });
}

const KINDS = [
  "orders_placed",
  "products_purchased",
  "storefront.product_viewed",
  "custom.signed_up",
  "refunds_made",
  "email.opened",
  "store_credit_accounts",
];

function historyNear(base: number): fc.Arbitrary<CustomerHistory> {
  const attributes = fc.record({
    customer_tags: changesOf(words, base),
    customer_countries: changesOf(words, base),
    data_quality_findings: changesOf(words, base),
    email_subscription_status: changesOf(fc.constantFrom("SUBSCRIBED", "UNSUBSCRIBED", "PENDING"), base),
    customer_language: changesOf(fc.constantFrom(...TEXTS), base),
    customer_email_domain: changesOf(fc.constantFrom(...TEXTS), base),
    suspected_duplicate: changesOf(fc.boolean(), base),
    abandoned_checkout_date: changesOf(dateNear(base), base),
    "traits.predicted_clv": changesOf(money, base),
    "traits.next_order_date": changesOf(dateNear(base), base),
    "traits.lifecycle_stage": changesOf(fc.constantFrom(...TEXTS), base),
    "traits.tier": changesOf(fc.constantFrom(...TEXTS), base),
    "traits.points": changesOf(fc.constantFrom(0, 0.1, 1.5, 2, 3, -0.5), base),
    "traits.member": changesOf(fc.boolean(), base),
    "traits.interests": changesOf(words, base),
    "traits.renews_on": changesOf(
      fc.oneof(
        dateNear(base),
        offset.map((by) => ({ day: new Date(base + by).toISOString().slice(0, 10) })),
      ),
      base,
    ),
    "metafields.facts.birth_date": changesOf(
      fc.oneof(
        fc
          .integer({ min: -20, max: 20 })
          .map((by) => ({ day: `1988${new Date(base + by * DAY).toISOString().slice(4, 10)}` })),
        fc.constantFrom<PropertyValue>({ day: "1988-02-29" }, { day: "2001-12-31" }, new Date(base), "no date"),
      ),
      base,
    ),
    "metafields.custom.size": changesOf(
      fc.oneof(fc.constantFrom<PropertyValue>(...TEXTS, 0, 1.5, 2n, true, false), words),
      base,
    ),
  });
  const events = fc.record(Object.fromEntries(KINDS.map((kind) => [kind, eventsOf(kind, base)])));
  const opening = fc.option(
    fc.record({
      orders: fc.integer({ min: 1, max: 2 }),
      spentMinor: money,
      firstOrderAt: fc.option(offset.map((by) => new Date(base - 60 * DAY + by))),
      lastOrderAt: fc.option(offset.map((by) => new Date(base + by))),
    }),
    { freq: 3 },
  );
  return fc.record({
    customerId: fc.nat().map(String),
    existsFrom: fc.oneof(
      { weight: 4, arbitrary: fc.constant(new Date(base - 200 * DAY)) },
      { weight: 1, arbitrary: offset.map((by) => new Date(base + by)) },
    ),
    deletedAt: fc
      .option(
        offset.map((by) => new Date(base + by)),
        { freq: 8 },
      )
      .map((at) => at),
    opening,
    events,
    attributes,
    places: fc.array(
      fc.constantFrom(
        { latitude: 49.2827, longitude: -123.1 },
        { latitude: 49.1, longitude: -122.8 },
        { latitude: 52.5, longitude: 13.4 },
      ),
      { maxLength: 2 },
    ),
    memberships: fc.record({ loyal: intervalsNear(base), vip: intervalsNear(base) }),
  });
}

/** A shop in some time zone, a customer whose life lies around a change of its clocks, and an instant to ask about. */
export const arbitraryCase: fc.Arbitrary<Case> = fc.constantFrom(...PLACES).chain(([timeZone, around]) => {
  const base = Date.parse(around);
  return fc.record({
    shop: fc.constantFrom("EUR", "JPY", "KWD").map((currency) => ({ timeZone, currency })),
    history: historyNear(base),
    now: offset.map((by) => new Date(base + by)),
  });
});
