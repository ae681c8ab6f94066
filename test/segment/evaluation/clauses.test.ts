import { describe, expect, it } from "vitest";
import { compileRule } from "../../../app/segment/evaluation/compile.ts";
import type {
  AttributeChange,
  CustomerHistory,
  HistoryEvent,
  PropertyValue,
} from "../../../app/segment/evaluation/customer-history.ts";
import { evaluate, type Evaluation } from "../../../app/segment/evaluation/evaluate.ts";
import { sampleBucket } from "../../../app/profile/sample-bucket.ts";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";

const dictionary = createDictionary();

interface Given {
  events?: Record<string, readonly [at: string, properties?: Record<string, PropertyValue | null>][]>;
  attributes?: Record<string, PropertyValue | readonly AttributeChange[] | null>;
  history?: Partial<CustomerHistory>;
  timeZone?: string;
}

function ask(
  text: string,
  now: string,
  { events = {}, attributes = {}, history = {}, timeZone = "Europe/Berlin" }: Given = {},
): Evaluation {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  const isTimeline = (value: unknown): value is readonly AttributeChange[] =>
    Array.isArray(value) && typeof value[0] === "object";
  const customer: CustomerHistory = {
    customerId: "1",
    existsFrom: new Date("2000-01-01T00:00:00Z"),
    deletedAt: null,
    opening: null,
    places: [],
    memberships: {},
    events: Object.fromEntries(
      Object.entries(events).map(([kind, list]) => [
        kind,
        list.map(([at, properties = {}]): HistoryEvent => ({ at: new Date(at), properties })),
      ]),
    ),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, isTimeline(value) ? value : [{ since: null, value }]]),
    ),
    ...history,
  };
  return evaluate(compileRule(reading.rule, { timeZone, currency: "EUR" }, dictionary), customer, new Date(now));
}

const at = (date: Date | null): string | null => date?.toISOString() ?? null;

describe("missing values", () => {
  it.each([
    ["email = 'a'", false],
    ["email != 'a'", true],
    ["email IN ('a', 'b')", false],
    ["email NOT IN ('a', 'b')", true],
    ["email IS NULL", true],
    ["email IS NOT NULL", false],
    ["NOT (email = 'a')", true],
    ["customer_tags CONTAINS 'vip'", false],
    ["customer_tags NOT CONTAINS 'vip'", true],
    ["customer_tags IS NULL", true],
    ["first_order_date = today", false],
    ["first_order_date != today", true],
    ["first_order_date <= today", false],
    ["NOT (first_order_date <= today)", true],
    ["first_order_date BETWEEN -30d AND today", false],
    ["metafields.custom.points > 5", false],
    ["metafields.custom.points <= 5", false],
    ["metafields.custom.points != 5", true],
    ["number_of_orders = 0", true],
    ["amount_spent = 0", true],
    ["suspected_duplicate = false", false],
    ["suspected_duplicate != true", true],
    ["orders_placed MATCHES ()", false],
    ["orders_placed NOT MATCHES ()", true],
    ["orders_placed MATCHES (count = 0)", true],
    ["orders_placed MATCHES (count < 3)", true],
    ["orders_placed MATCHES (sum_amount = 0)", true],
    ["orders_placed MATCHES (average(amount) < 5)", false],
    ["orders_placed MATCHES (average(amount) != 5)", true],
    ["orders_placed MATCHES (max(amount) < 5)", false],
    ["orders_placed MATCHES (first(source_name) != 'web')", true],
    ["orders_placed MATCHES (last(date) < -30d)", false],
    ["anniversary('metafields.facts.birth_date') = today", false],
    ["anniversary('metafields.facts.birth_date') != today", true],
    ["segments CONTAINS 'vip'", false],
    ["customer_within_distance MATCHES (coordinates = '0,0', distance_km = 25000)", false],
  ])("%s is %s of a customer nothing is known of", (text, expected) => {
    expect(ask(text, "2026-06-01T12:00:00Z").matches).toBe(expected);
  });

  it.each([
    ["orders_placed MATCHES (app_id = 5)", false],
    ["orders_placed MATCHES (app_id != 5)", true],
    ["orders_placed MATCHES (app_id NOT IN (5, 6))", true],
    ["orders_placed MATCHES (app_id IS NULL)", true],
    ["orders_placed MATCHES (tag = 'x')", false],
    ["orders_placed MATCHES (tag != 'x')", true],
    ["orders_placed MATCHES (distinct(app_id) = 0)", true],
    ["orders_placed MATCHES (count = 1)", true],
  ])("%s is %s of an order that lacks the property", (text, expected) => {
    expect(
      ask(text, "2026-06-01T12:00:00Z", { events: { orders_placed: [["2026-05-01T00:00:00Z", { amount: 5n }]] } })
        .matches,
    ).toBe(expected);
  });
});

describe("comparisons", () => {
  const events = {
    orders_placed: [
      ["2026-05-01T10:00:00Z", { amount: 1_000n, source_name: "web", tag: ["VIP", "gift"], app_id: "7" }],
      ["2026-05-02T10:00:00Z", { amount: 1_001n, source_name: "pos", tag: [], app_id: "18014398509481985" }],
      ["2026-05-03T10:00:00Z", { amount: 1_000n, source_name: "pos" }],
    ],
    refunds_made: [["2026-05-04T10:00:00Z", { amount: 1n }]],
    products_purchased: [
      ["2026-05-01T10:00:00Z", { id: "1", quantity: 2, order_id: "10", line_id: "100" }],
      ["2026-05-01T10:00:00Z", { id: "1", quantity: 3, order_id: "10", line_id: "101" }],
      ["2026-05-02T10:00:00Z", { id: "2", quantity: 1, order_id: "11", line_id: "102" }],
    ],
    "custom.signed_up": [
      ["2026-05-01T10:00:00Z", { plan: "pro", seats: 0.3, trial: true, ends: new Date("2026-06-03T22:00:00Z") }],
    ],
  } as const satisfies Given["events"];
  const attributes = {
    email: "Ann@Example.com",
    customer_tags: ["VIP", "Straße", "it's"],
    customer_countries: ["DE"],
    "metafields.custom.size": "L",
    "metafields.custom.sizes": ["S", "M"],
    "metafields.custom.points": 7n,
  };
  it.each([
    ["amount_spent = 30", true],
    ["amount_spent > 29.999", true],
    ["amount_spent > 30.00", false],
    ["amount_spent < 30.001", true],
    ["amount_spent BETWEEN 30 AND 30", true],
    ["number_of_orders IN (1, 3)", true],
    ["orders_placed MATCHES (amount = 10.01)", true],
    ["orders_placed MATCHES (amount = 10.011)", false],
    ["orders_placed MATCHES (average(amount) > 10.0033)", true],
    ["orders_placed MATCHES (average(amount) > 10.0034)", false],
    ["orders_placed MATCHES (amount > 5, sum_amount = 30.01, count = 3)", true],
    ["orders_placed MATCHES (min(amount) = 10, max(amount) = 10.01)", true],
    ["orders_placed MATCHES (first(source_name) = 'web', last(source_name) = 'pos')", true],
    ["orders_placed MATCHES (first(date) = 2026-05-01, last(date) = 2026-05-03)", true],
    ["orders_placed MATCHES (distinct(source_name) = 2)", true],
    ["orders_placed MATCHES (app_id = 18014398509481985)", true],
    ["orders_placed MATCHES (app_id = 18014398509481984)", false],
    ["orders_placed MATCHES (tag = 'vip')", true],
    ["orders_placed MATCHES (tag IN ('x', 'GIFT'))", true],
    ["orders_placed MATCHES (source_name = 'WEB')", false],
    ["products_purchased MATCHES (id = 1, count > 1)", false],
    ["products_purchased MATCHES (count = 2, sum_quantity = 6, distinct(line_id) = 3)", true],
    ["products_purchased MATCHES (quantity = 3)", true],
    ["custom.signed_up MATCHES (plan = 'pro', seats = 0.3, trial = true)", true],
    ["custom.signed_up MATCHES (plan = 5)", false],
    ["custom.signed_up MATCHES (plan != 5)", true],
    ["custom.signed_up MATCHES (ends = +3d)", true],
    ["email = 'Ann@Example.com'", true],
    ["email = 'ann@example.com'", false],
    ["customer_tags CONTAINS 'vip'", true],
    ["customer_tags CONTAINS 'STRASSE'", true],
    ["customer_tags CONTAINS 'IT\\'S'", true],
    ["customer_tags CONTAINS 'vi'", false],
    ["customer_countries CONTAINS 'de'", false],
    ["metafields.custom.size = 'L'", true],
    ["metafields.custom.size = 'l'", false],
    ["metafields.custom.sizes CONTAINS 's'", true],
    ["metafields.custom.sizes = 'M'", true],
    ["metafields.custom.points >= 7", true],
    ["metafields.custom.points = '7'", false],
  ])("%s is %s", (text, expected) => {
    expect(ask(text, "2026-06-01T12:00:00Z", { events, attributes }).matches).toBe(expected);
  });
});

describe("time", () => {
  const order = (instant: string): Given => ({ events: { orders_placed: [[instant, { amount: 5n }]] } });
  // 29 March 2026 has 23 hours in Berlin: it begins at 23:00Z on the 28th and ends at 22:00Z.
  it.each([
    [
      "orders_placed MATCHES (date > -48h)",
      "2026-03-27T12:00:00Z",
      "2026-03-29T11:59:59.999Z",
      true,
      "2026-03-29T12:00:00.000Z",
    ],
    ["orders_placed MATCHES (date > -48h)", "2026-03-27T12:00:00Z", "2026-03-29T12:00:00.000Z", false, null],
    ["orders_placed MATCHES (date >= -48h)", "2026-03-27T12:00:00Z", "2026-03-29T12:00:00.000Z", false, null],
    ["orders_placed MATCHES (date <= -48h)", "2026-03-27T12:00:00Z", "2026-03-29T12:00:00.000Z", true, null],
    [
      "orders_placed MATCHES (date < -48h)",
      "2026-03-27T12:00:00Z",
      "2026-03-29T11:59:59.999Z",
      false,
      "2026-03-29T12:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date BETWEEN -2h AND -1h)",
      "2026-03-29T00:00:00Z",
      "2026-03-29T00:30:00Z",
      false,
      "2026-03-29T01:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date BETWEEN -2h AND -1h)",
      "2026-03-29T00:00:00Z",
      "2026-03-29T01:00:00Z",
      true,
      "2026-03-29T02:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date > -15min)",
      "2026-03-29T00:50:00Z",
      "2026-03-29T00:55:00Z",
      true,
      "2026-03-29T01:05:00.000Z",
    ],
    [
      "orders_placed MATCHES (date = today)",
      "2026-03-28T23:00:00Z",
      "2026-03-29T21:59:59.999Z",
      true,
      "2026-03-29T22:00:00.000Z",
    ],
    ["orders_placed MATCHES (date = today)", "2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00Z", false, null],
    [
      "orders_placed MATCHES (date = yesterday)",
      "2026-03-28T22:59:59.999Z",
      "2026-03-28T23:00:00Z",
      true,
      "2026-03-29T22:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date >= -1d)",
      "2026-03-28T22:59:59.999Z",
      "2026-03-29T12:00:00Z",
      true,
      "2026-03-29T22:00:00.000Z",
    ],
    ["orders_placed MATCHES (date > -1d)", "2026-03-28T22:59:59.999Z", "2026-03-29T12:00:00Z", false, null],
    [
      "orders_placed MATCHES (date < -30d)",
      "2026-02-26T12:00:00Z",
      "2026-03-28T12:00:00Z",
      false,
      "2026-03-28T23:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date >= -1m)",
      "2026-02-28T12:00:00Z",
      "2026-03-29T12:00:00Z",
      true,
      "2026-03-31T22:00:00.000Z",
    ],
    [
      "orders_placed MATCHES (date >= -1y)",
      "2024-02-29T12:00:00Z",
      "2025-02-28T12:00:00Z",
      true,
      "2025-02-28T23:00:00.000Z",
    ],
    ["orders_placed MATCHES (date > 2026-03-28)", "2026-03-28T22:59:59Z", "2026-05-01T00:00:00Z", false, null],
    ["orders_placed MATCHES (date >= 2026-03-29)", "2026-03-28T23:00:00Z", "2026-05-01T00:00:00Z", true, null],
    ["orders_placed MATCHES (date <= 2026-03-28)", "2026-03-28T22:59:59.999Z", "2026-05-01T00:00:00Z", true, null],
    // Clocks skip 02:30 on that day: it is the instant of the change. In October 02:30 comes twice: it is the first one.
    ["orders_placed MATCHES (date >= 2026-03-29T02:30:00)", "2026-03-29T01:00:00Z", "2026-05-01T00:00:00Z", true, null],
    [
      "orders_placed MATCHES (date >= 2026-03-29T02:30:00)",
      "2026-03-29T00:59:59.999Z",
      "2026-05-01T00:00:00Z",
      false,
      null,
    ],
    ["orders_placed MATCHES (date >= 2026-10-25T02:30:00)", "2026-10-25T00:30:00Z", "2026-11-01T00:00:00Z", true, null],
    [
      "orders_placed NOT MATCHES (date >= -30d)",
      "2026-03-01T12:00:00Z",
      "2026-03-10T12:00:00Z",
      false,
      "2026-03-31T22:00:00.000Z",
    ],
    ["last_order_date < -7d", "2026-03-22T12:00:00Z", "2026-03-25T12:00:00Z", false, "2026-03-29T22:00:00.000Z"],
    [
      "orders_placed MATCHES (last(date) < -7d)",
      "2026-03-22T12:00:00Z",
      "2026-03-25T12:00:00Z",
      false,
      "2026-03-29T22:00:00.000Z",
    ],
    ["number_of_orders = 0", "2026-03-22T12:00:00Z", "2026-03-22T11:59:59.999Z", true, "2026-03-22T12:00:00.000Z"],
  ])("%s for an order of %s, asked at %s", (text, instant, now, matches, changesAt) => {
    const answer = ask(text, now, order(instant));
    expect({ matches: answer.matches, changesAt: at(answer.changesAt) }).toEqual({ matches, changesAt });
  });

  it.each([
    ["Africa/Cairo", "2026-04-23T22:00:00.000Z"],
    ["Asia/Kolkata", "2026-04-23T18:30:00.000Z"],
    ["America/New_York", "2026-04-24T04:00:00.000Z"],
    ["Pacific/Auckland", "2026-04-23T12:00:00.000Z"],
    ["UTC", "2026-04-24T00:00:00.000Z"],
  ])("in %s the 24th begins at %s", (timeZone, start) => {
    expect(
      at(
        ask("first_order_date = -1d", "2026-04-23T11:00:00Z", { ...order("2026-04-23T10:30:00Z"), timeZone }).changesAt,
      ),
    ).toBe(start);
  });
});

it("says of each clause when it changes by itself, whatever becomes of the rule", () => {
  const text =
    "(orders_placed MATCHES (date > -48h) OR orders_placed MATCHES (date = today)) AND NOT (last_order_date < -7d) AND email IS NULL AND NOT (email = 'a' OR orders_placed MATCHES (date > -24h))";
  const { changesAt, evidence } = ask(text, "2026-03-27T13:00:00Z", {
    events: { orders_placed: [["2026-03-27T12:00:00Z", { amount: 5n }]] },
  });
  expect(at(changesAt)).toBe("2026-03-28T12:00:00.000Z");
  expect(evidence.map((one) => [one.clause, one.holds, at(one.changesAt)])).toEqual([
    ["orders_placed MATCHES (date > -48h)", true, "2026-03-29T12:00:00.000Z"],
    ["orders_placed MATCHES (date = today)", true, "2026-03-27T23:00:00.000Z"],
    ["NOT (last_order_date < -7d)", true, "2026-04-03T22:00:00.000Z"],
    ["email IS NULL", true, null],
    ["NOT (email = 'a' OR orders_placed MATCHES (date > -24h))", false, "2026-03-28T12:00:00.000Z"],
    ["email = 'a'", false, null],
    ["orders_placed MATCHES (date > -24h)", true, "2026-03-28T12:00:00.000Z"],
  ]);
});

describe("anniversaries", () => {
  const born = (day: string): Given => ({ attributes: { "metafields.facts.birth_date": { day } } });
  it.each([
    ["= today", "1990-06-02", "2026-06-01T12:00:00Z", false, "2026-06-01T22:00:00.000Z"],
    ["= today", "1990-06-01", "2026-06-01T12:00:00Z", true, "2026-06-01T22:00:00.000Z"],
    ["= today", "1990-05-31", "2026-06-01T12:00:00Z", false, "2027-05-30T22:00:00.000Z"],
    ["= today", "1988-02-29", "2026-02-28T12:00:00Z", true, "2026-02-28T23:00:00.000Z"],
    ["= today", "1988-02-29", "2028-02-28T12:00:00Z", false, "2028-02-28T23:00:00.000Z"],
    ["BETWEEN today AND +7d", "1990-01-03", "2026-12-28T12:00:00Z", true, "2027-01-03T23:00:00.000Z"],
    ["BETWEEN today AND +7d", "1990-01-05", "2026-12-28T12:00:00Z", false, "2026-12-28T23:00:00.000Z"],
    ["= 2000-05-30", "1990-05-30", "2026-01-01T12:00:00Z", true, null],
    ["BETWEEN 2000-12-20 AND 2000-01-05", "1990-12-31", "2026-06-01T12:00:00Z", true, null],
    ["BETWEEN 2000-12-20 AND 2000-01-05", "1990-06-01", "2026-06-01T12:00:00Z", false, null],
  ])("%s for someone born on %s, asked at %s", (test, day, now, matches, changesAt) => {
    const answer = ask(`anniversary('metafields.facts.birth_date') ${test}`, now, born(day));
    expect({ matches: answer.matches, changesAt: at(answer.changesAt) }).toEqual({ matches, changesAt });
  });

  it("waits eight years for a 29 February across 2100", () => {
    const text = "anniversary('metafields.a.a') = today AND anniversary('metafields.a.b') != today";
    const attributes = { "metafields.a.a": { day: "1988-02-29" }, "metafields.a.b": { day: "1988-02-28" } };
    expect(at(ask(text, "2096-03-01T12:00:00Z", { attributes }).changesAt)).toBe("2104-02-28T23:00:00.000Z");
  });
});

describe("sequences", () => {
  const viewThenBuy = (bought: string | null): Given => ({
    events: {
      "storefront.product_viewed": [["2026-06-01T10:00:00Z", { id: "1" }]],
      ...(bought !== null && { orders_placed: [[bought, { amount: 5n }]] }),
    },
  });
  const within = "storefront.product_viewed MATCHES () THEN WITHIN 2h orders_placed MATCHES ()";
  const without = "storefront.product_viewed MATCHES () THEN WITHIN 2h orders_placed NOT MATCHES ()";
  const never = "storefront.product_viewed MATCHES (date > -7d) THEN orders_placed NOT MATCHES ()";
  it.each([
    [within, "2026-06-01T12:00:00.000Z", "2026-06-02T00:00:00Z", true, null],
    [within, "2026-06-01T12:00:00.001Z", "2026-06-02T00:00:00Z", false, null],
    [within, "2026-06-01T10:00:00.000Z", "2026-06-02T00:00:00Z", false, null],
    [within, "2026-06-01T10:00:00.001Z", "2026-06-02T00:00:00Z", true, null],
    [without, null, "2026-06-01T11:00:00Z", false, "2026-06-01T12:00:00.000Z"],
    [without, "2026-06-01T12:00:00.000Z", "2026-06-02T00:00:00Z", false, null],
    [without, "2026-06-01T12:00:00.001Z", "2026-06-02T00:00:00Z", true, null],
    [without, "2026-06-01T10:00:00.000Z", "2026-06-02T00:00:00Z", true, null],
    [never, null, "2026-06-01T10:00:00Z", true, "2026-06-07T22:00:00.000Z"],
    [never, "2026-06-01T15:00:00.000Z", "2026-06-01T16:00:00Z", false, null],
  ])("%s, bought at %s, asked at %s", (text, bought, now, matches, changesAt) => {
    const answer = ask(text, now, viewThenBuy(bought));
    expect({ matches: answer.matches, changesAt: at(answer.changesAt) }).toEqual({ matches, changesAt });
  });
});

describe("values that change", () => {
  const consent: Given = {
    attributes: {
      email_subscription_status: [
        { since: new Date("2026-01-01T00:00:00Z"), value: "SUBSCRIBED" },
        { since: new Date("2026-02-01T00:00:00Z"), value: "UNSUBSCRIBED" },
      ],
    },
  };
  it.each([
    ["2025-12-31T23:59:59.999Z", false, "2026-01-01T00:00:00.000Z"],
    ["2026-01-01T00:00:00.000Z", true, "2026-02-01T00:00:00.000Z"],
    ["2026-02-01T00:00:00.000Z", false, null],
  ])("consent is what it was at %s", (now, matches, changesAt) => {
    const answer = ask("email_subscription_status = 'SUBSCRIBED'", now, consent);
    expect({ matches: answer.matches, changesAt: at(answer.changesAt) }).toEqual({ matches, changesAt });
  });

  it("follows another segment's stays, the foreseen end included", () => {
    const memberships = {
      vip: [{ enteredAt: new Date("2026-01-01T00:00:00Z"), leftAt: new Date("2026-03-01T00:00:00Z") }],
    };
    const answer = ask("segments CONTAINS 'vip'", "2026-02-01T00:00:00Z", { history: { memberships } });
    expect({ matches: answer.matches, changesAt: at(answer.changesAt) }).toEqual({
      matches: true,
      changesAt: "2026-03-01T00:00:00.000Z",
    });
  });

  it("counts orders from before the back-fill from their last one on", () => {
    const opening = {
      orders: 4,
      spentMinor: 10_000n,
      firstOrderAt: null,
      lastOrderAt: new Date("2025-06-01T00:00:00Z"),
    };
    const given: Given = {
      events: { orders_placed: [["2026-01-01T00:00:00Z", { amount: 500n }]] },
      history: { opening },
    };
    const text = "number_of_orders = 5 AND amount_spent = 105 AND last_order_date = 2026-01-01";
    expect(ask(text, "2026-02-01T00:00:00Z", given).matches).toBe(true);
    expect(ask("last_order_date = 2025-06-01", "2025-07-01T00:00:00Z", given).matches).toBe(true);
  });

  it.each([
    ["before they exist", "2025-12-31T00:00:00Z", false],
    ["while they exist", "2026-01-15T00:00:00Z", true],
    ["after they were deleted", "2026-02-01T00:00:00Z", false],
  ])("NOT holds for nobody %s", (_when, now, matches) => {
    const history = { existsFrom: new Date("2026-01-01T00:00:00Z"), deletedAt: new Date("2026-02-01T00:00:00Z") };
    expect(ask("orders_placed NOT MATCHES ()", now, { history }).matches).toBe(matches);
  });
});

describe("the sample", () => {
  it("keeps its buckets for ever", () => {
    expect(["1", "2", "3", "7698145706200", "18014398509481985"].map(sampleBucket)).toEqual([
      5071, 1135, 4253, 7746, 5711,
    ]);
  });

  it("takes its share of consecutive ids", () => {
    const inTenth = Array.from({ length: 100_000 }, (_, index) =>
      sampleBucket(String(7_000_000_000_000 + index)),
    ).filter((bucket) => bucket < 1_000);
    expect(Math.abs(inTenth.length - 10_000)).toBeLessThan(300);
  });
});

it("explains each clause with what it found", () => {
  const { evidence } = ask(
    "amount_spent > 20 AND orders_placed MATCHES (date > -30d, average(amount) > 5, count >= 3)",
    "2026-06-01T12:00:00Z",
    {
      events: {
        orders_placed: [
          ["2026-05-20T10:00:00Z", { amount: 1_000n }],
          ["2026-05-21T10:00:00Z", { amount: 1_250n }],
        ],
      },
    },
  );
  expect(evidence).toEqual([
    {
      clause: "amount_spent > 20",
      holds: true,
      found: [{ name: "amount_spent", value: 22.5 }],
      events: [],
      changesAt: null,
    },
    {
      clause: "orders_placed MATCHES (date > -30d, average(amount) > 5, count >= 3)",
      holds: false,
      found: [
        { name: "average(amount)", value: 11.25 },
        { name: "count", value: 2 },
      ],
      events: [
        { kind: "orders_placed", at: new Date("2026-05-21T10:00:00Z") },
        { kind: "orders_placed", at: new Date("2026-05-20T10:00:00Z") },
      ],
      changesAt: null,
    },
  ]);
});

it("explains a NOT as it stands in the rule, and a group under one part by part", () => {
  const lines = (text: string) =>
    ask(text, "2026-06-01T12:00:00Z", {
      events: { orders_placed: [["2026-05-20T10:00:00Z", { amount: 1_000n }]] },
    }).evidence.map(({ clause, holds, found }) => [clause, holds, found.length]);
  expect(lines("orders_placed NOT MATCHES (date > -3d)")).toEqual([
    ["orders_placed NOT MATCHES (date > -3d)", true, 1],
  ]);
  expect(lines("NOT (number_of_orders > 5 OR amount_spent > 1)")).toEqual([
    ["NOT (number_of_orders > 5 OR amount_spent > 1)", false, 0],
    ["number_of_orders > 5", false, 1],
    ["amount_spent > 1", true, 1],
  ]);
});

it("names what a rule reads, so that only its rules are decided again when something happens", () => {
  const reading = parseText(
    "amount_spent > 5 OR segments CONTAINS 'vip' AND custom.a MATCHES () THEN email.opened MATCHES ()",
    dictionary,
  );
  if (reading.outcome === "refused") throw new Error("refused");
  const { reads } = compileRule(reading.rule, { timeZone: "UTC", currency: "EUR" }, dictionary);
  expect({
    ...reads,
    events: [...reads.events.keys()],
    attributes: [...reads.attributes],
    segments: [...reads.segments],
  }).toEqual({
    events: ["orders_placed", "refunds_made", "custom.a", "email.opened"],
    attributes: ["amount_spent", "segments"],
    segments: ["vip"],
    places: false,
    activity: false,
    calendar: false,
    money: true,
  });
});

describe("an aggregate of another type than the value it is compared with", () => {
  it.each([
    ["custom.signed_up MATCHES (max(score) = 'vip')", false],
    ["custom.signed_up MATCHES (max(score) != 'vip')", true],
    ["custom.signed_up MATCHES (max(score) CONTAINS 'vip')", false],
    ["custom.signed_up MATCHES (max(score) NOT CONTAINS 'vip')", true],
    ["custom.signed_up MATCHES (max(score) = 0)", true],
  ])("%s is %s of a score of 0", (text, expected) => {
    const given: Given = { events: { "custom.signed_up": [["2026-03-01T00:00:00Z", { score: 0 }]] } };
    expect(ask(text, "2026-03-02T00:00:00Z", given).matches).toBe(expected);
  });
});
