import { describe, expect, it } from "vitest";
import type { Delivery, Topic } from "./shopify/delivery.ts";
import { unreliable } from "./shopify/rearrange.ts";
import { createTraffic } from "./shopify/traffic.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const demo = { domain: "muster-demo.myshopify.com", shoppers: 600 };

type Body = Record<string, unknown>;
type OrderBody = {
  id: number;
  processed_at: string;
  total_price: string;
  test: boolean;
  cancelled_at: string | null;
  email: string | null;
  cart_token: string | null;
  checkout_token: string | null;
  customer?: { id: number; email: string | null };
};

describe("generated traffic", () => {
  const end = new Date("2026-11-23T12:00:00Z");
  const history = generate("muster", end, 420);
  const bodies = (topic: Topic) => history.filter((each) => each.topic === topic).map((each) => parse<Body>(each));
  const orders = history.filter(({ topic }) => topic === "orders/create").map((each) => parse<OrderBody>(each));

  it("is the same for the same seed, byte for byte, and another for another seed", () => {
    const [one, two, other] = [generate("a", end, 60), generate("a", end, 60), generate("b", end, 60)];
    expect(one.map(written)).toEqual(two.map(written));
    expect(one.map(written)).not.toEqual(other.map(written));
  });

  it("comes in time order, within the time asked for, with ids of its own", () => {
    const times = history.map(({ triggeredAt }) => triggeredAt);
    expect(times).toEqual(times.toSorted());
    expect(times.at(-1)?.localeCompare("2026-11-23T12:00:00.001000Z")).toBe(-1);
    expect(new Set(history.map(({ webhookId }) => webhookId)).size).toBe(history.length);
    expect(new Set(history.map(({ eventId, topic }) => eventId + topic)).size).toBe(history.length);
    expect(history.every(({ at, triggeredAt }) => at.toISOString() === triggeredAt.replace(/\d{3}Z$/, "Z"))).toBe(true);
  });

  it.each(["2026-11-23T12:00:00Z", "2026-03-30T05:10:00Z", "2027-01-01T22:45:00Z"])(
    "fills the three starter segments at %s, and makes 6,000 to 9,000 deliveries",
    (now) => {
      const deliveries = generate("muster", new Date(now), 420);
      expect(deliveries.length).toBeGreaterThan(6_000);
      expect(deliveries.length).toBeLessThan(9_000);
      for (const [name, members] of Object.entries(starterSegments(deliveries, Date.parse(now)))) {
        expect(members, name).toBeGreaterThanOrEqual(10);
        expect(members, name).toBeLessThanOrEqual(200);
      }
    },
  );

  it("leaves carts and checkouts behind", () => {
    const ordered = new Set(orders.map(({ cart_token: token }) => token));
    const checkedOut = new Set(bodies("checkouts/create").map(({ cart_token: token }) => token));
    const carts = bodies("carts/create").map(({ token }) => token as string);
    expect(carts.filter((token) => !checkedOut.has(token)).length).toBeGreaterThan(100);
    expect([...checkedOut].filter((token) => !ordered.has(token as string)).length).toBeGreaterThan(100);
  });

  it("has guests, people without an e-mail address, test orders and counter sales", () => {
    expect(orders.filter(({ customer, email }) => !customer && email !== null).length).toBeGreaterThan(20);
    expect(orders.filter(({ customer, email }) => !customer && email === null).length).toBeGreaterThan(20);
    expect(orders.filter(({ customer }) => customer && customer.email === null).length).toBeGreaterThan(10);
    expect(orders.filter(({ test }) => test).length).toBeGreaterThan(3);
  });

  it("has refunds, cancellations, new mailboxes, consent that comes and goes, and deletions of people without an order", () => {
    const states = bodies("customers_email_marketing_consent/update").map(
      ({ email_marketing_consent: consent }) => (consent as { state: string }).state,
    );
    expect(new Set(states)).toEqual(new Set(["subscribed", "not_subscribed", "unsubscribed"]));
    expect(bodies("refunds/create").length).toBeGreaterThan(30);
    expect(bodies("orders/cancelled").length).toBeGreaterThan(5);
    expect(bodies("customers/update").length).toBeGreaterThan(5);
    const deleted = bodies("customers/delete").map(({ id }) => id as number);
    expect(deleted.length).toBeGreaterThan(2);
    expect(orders.filter(({ customer }) => customer && deleted.includes(customer.id))).toEqual([]);
  });

  it("introduces every customer and every product before it is ordered", () => {
    const known = new Set<number>();
    const strangers = history.filter((delivery) => {
      if (delivery.topic === "customers/create") known.add(parse<{ id: number }>(delivery).id);
      const customer = delivery.topic === "orders/create" ? parse<OrderBody>(delivery).customer : undefined;
      return customer !== undefined && !known.has(customer.id);
    });
    expect(strangers).toEqual([]);
    const products = new Set(bodies("products/create").map(({ id }) => id));
    const sold = orders.flatMap((order) => (order as unknown as { line_items: { product_id: number }[] }).line_items);
    expect(products.size).toBe(120);
    expect(sold.filter(({ product_id: id }) => !products.has(id))).toEqual([]);
  });

  it("goes on after the end as if it had been asked for in one piece", () => {
    const start = new Date(end.getTime() - 60 * DAY);
    const later = new Date(end.getTime() + 20 * DAY);
    const pieces = createTraffic({ seed: "a", ...demo, start, end });
    const whole = createTraffic({ seed: "a", ...demo, start, end });
    const written = (deliveries: Iterable<Delivery>) => [...deliveries].map(({ webhookId, at }) => [webhookId, at]);
    expect([...written(pieces.until(end)), ...written(pieces.until(later))]).toEqual(written(whole.until(later)));
  });

  it("squeezes live traffic into real minutes, and repeats it from the stretches that were kept", () => {
    const start = new Date(end.getTime() - 200 * DAY);
    const live = createTraffic({ seed: "a", ...demo, start, end });
    const past = [...live.until(end)];
    const now = new Date("2026-11-24T08:00:00Z");
    const stretches = [live.goLive(now, 30)];
    const firstHour = [...live.until(new Date(now.getTime() + HOUR))];
    stretches.push(live.goLive(new Date(now.getTime() + 2 * HOUR), 60));
    const thirdHour = [...live.until(new Date(now.getTime() + 3 * HOUR))];
    expect(firstHour.length).toBeGreaterThan(30 * 60 * 0.7);
    expect(firstHour.length).toBeLessThan(30 * 60 * 1.5);
    expect(thirdHour.length).toBeGreaterThan(60 * 60 * 0.7);
    expect(thirdHour.length).toBeLessThan(60 * 60 * 1.5);
    expect(firstHour.every(({ at }) => at >= now && at.getTime() <= now.getTime() + HOUR)).toBe(true);
    expect(thirdHour.every(({ at }) => at.getTime() >= now.getTime() + 2 * HOUR)).toBe(true);

    const again = createTraffic({ seed: "a", ...demo, start, end, stretches });
    const repeated = [...again.until(new Date(now.getTime() + 3 * HOUR))];
    expect(repeated.map(written)).toEqual([...past, ...firstHour, ...thirdHour].map(written));
  });

  it("repeats and delays a seeded share of deliveries, and loses none", () => {
    const some = history.slice(0, 2_000);
    const disturbed = unreliable(some, { seed: "x", twice: 0.02, late: 0.03 });
    expect(disturbed.map(({ webhookId }) => webhookId)).toEqual(
      unreliable(some, { seed: "x", twice: 0.02, late: 0.03 }).map(({ webhookId }) => webhookId),
    );
    const copies = disturbed.filter(({ repeats }) => repeats !== undefined);
    expect(copies.length).toBeGreaterThan(20);
    expect(copies.length).toBeLessThan(60);
    const firsts = disturbed.filter(({ repeats }) => repeats === undefined);
    expect(new Set(firsts)).toEqual(new Set(some));
    expect(firsts).not.toEqual(some);
  });
});

function generate(seed: string, end: Date, days: number): Delivery[] {
  const start = new Date(end.getTime() - days * DAY);
  return [...createTraffic({ seed, ...demo, start, end }).until(end)];
}

function parse<T>(delivery: Delivery): T {
  return JSON.parse(delivery.body()) as T;
}

function written(delivery: Delivery) {
  return { ...delivery, body: delivery.body() };
}

/** Worked out from the bodies alone: the latest version of each order, each refund once, test and cancelled orders left out. */
function starterSegments(deliveries: Delivery[], now: number) {
  const orders = new Map<number, OrderBody>();
  const refunds = new Map<number, { order_id: number; transactions: { amount: string }[] }>();
  for (const delivery of deliveries) {
    if (delivery.topic.startsWith("orders/")) {
      const order = parse<OrderBody>(delivery);
      orders.set(order.id, order);
    } else if (delivery.topic === "refunds/create") {
      const refund = parse<{ id: number; order_id: number; transactions: { amount: string }[] }>(delivery);
      refunds.set(refund.id, refund);
    }
  }
  const customers = new Map<number, { times: number[]; spent: number }>();
  const counted = [...orders.values()].filter(({ test, cancelled_at: cancelled }) => !test && cancelled === null);
  for (const { id, customer, processed_at: at, total_price: total } of counted) {
    if (!customer) continue;
    const own = customers.get(customer.id) ?? { times: [], spent: 0 };
    const back = [...refunds.values()]
      .filter(({ order_id: order }) => order === id)
      .flatMap((refund) => refund.transactions);
    own.times.push(Date.parse(at));
    own.spent += Number(total) - back.reduce((sum, { amount }) => sum + Number(amount), 0);
    customers.set(customer.id, own);
  }
  const size = (rule: (times: (hours: number) => number, spent: number) => boolean) =>
    [...customers.values()].filter(({ times, spent }) =>
      rule((hours) => times.filter((time) => time > now - hours * HOUR && time <= now).length, spent),
    ).length;
  return {
    Loyal: size((within) => within(8760) >= 3),
    Lapsed: size((within) => within(2160) === 0),
    "Big spenders": size((within, spent) => within(720) > 0 && spent > 500),
  };
}
