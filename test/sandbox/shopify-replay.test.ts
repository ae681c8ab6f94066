import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayOracle } from "../support/replay-oracle.ts";
import { sharedDir } from "../support/services.ts";
import type { Delivery } from "./shopify/delivery.ts";
import { minorUnits } from "./shopify/invoice-file.ts";
import { replayInvoices } from "./shopify/invoices.ts";
import { duplicated, shuffled } from "./shopify/rearrange.ts";

const SHOP = "replay.myshopify.com";
const folder = mkdtempSync(join(tmpdir(), "invoices-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an invoice file as webhooks", () => {
  it("sends new products, the new customer, the consent and then the order, all at the invoice's time", async () => {
    const { deliveries } = await replay(
      "100,A,Apple,2,2011-01-01 10:00:00,1.50,7.0,UK",
      "100,B,,1,2011-01-01 09:59:00,2.00,7.0,UK",
    );
    expect(deliveries.map(({ topic, triggeredAt }) => `${triggeredAt} ${topic}`)).toEqual([
      "2011-01-01T09:59:00.000000Z products/create",
      "2011-01-01T09:59:00.000001Z products/create",
      "2011-01-01T09:59:00.000002Z customers/create",
      "2011-01-01T09:59:00.000003Z customers_email_marketing_consent/update",
      "2011-01-01T09:59:00.000004Z orders/create",
    ]);
    expect(bodies(deliveries, "orders/create")).toMatchObject([
      {
        name: "#100",
        created_at: "2011-01-01T09:59:00+00:00",
        total_price: "5.00",
        financial_status: "paid",
        customer: { id: 7, email: "customer-7@example.com" },
        line_items: [
          { sku: "A", quantity: 2, price: "1.50" },
          { sku: "B", title: "B", price: "2.00" },
        ],
      },
    ]);
    expect(bodies(deliveries, "customers_email_marketing_consent/update")).toMatchObject([
      {
        customer_id: 7,
        email_marketing_consent: { state: "not_subscribed", consent_updated_at: "2011-01-01T09:59:00+00:00" },
      },
    ]);
  });

  it("takes returns from the newest order first, in row order, and makes one refund for each order", async () => {
    const { deliveries, summary } = await replay(
      "1,A,Apple,2,2011-01-01 10:00:00,1.00,8,UK",
      "2,A,Apple,1,2011-01-02 10:00:00,1.10,8,UK",
      "2,A,Apple,1,2011-01-02 10:00:00,1.20,8,UK",
      "C3,A,Apple,-3,2011-01-03 10:00:00,9.99,8,UK",
      "C3,A,Apple,-2,2011-01-03 10:00:00,9.99,8,UK",
      "C3,A,Apple,-4,2011-01-03 10:00:00,9.99,,UK",
    );
    const refunds = bodies(deliveries, "refunds/create").map((refund) => ({
      order: refund["order_id"],
      amounts: (refund["transactions"] as { amount: string }[]).map(({ amount }) => amount),
      quantities: (refund["refund_line_items"] as { quantity: number }[]).map(({ quantity }) => quantity),
    }));
    expect(refunds).toEqual([
      { order: 5_000_000_000_001, amounts: ["2.30"], quantities: [1, 1] },
      { order: 5_000_000_000_000, amounts: ["2.00"], quantities: [2] },
    ]);
    expect(summary).toMatchObject({ refunded: 430, refundedUnits: 4, unmatchedUnits: 5, orders: 2, gross: 430 });
  });

  it("never returns what was bought later, by somebody else or in a skipped invoice", async () => {
    const { summary } = await replay(
      "C1,A,Apple,-1,2011-01-01 10:00:00,1.00,8,UK",
      "2,A,Apple,5,2011-01-02 10:00:00,1.00,8,UK",
      "3,A,Apple,5,2011-01-02 10:00:00,1.00,9,UK",
      "4,A,Apple,5,2011-01-02 10:00:00,1.00,10,UK",
      "4,B,Pear,-1,2011-01-02 10:00:00,1.00,10,UK",
      "C5,A,Apple,-2,2011-01-03 10:00:00,1.00,10,UK",
    );
    expect(summary).toMatchObject({
      refundedUnits: 0,
      unmatchedUnits: 3,
      skippedInvoices: 1,
      asOf: new Date("2011-01-02T10:00:00Z"),
    });
  });

  it("skips other letters and non-positive quantities, and keeps orders without a customer", async () => {
    const { deliveries, summary } = await replay(
      "A1,B,Adjust bad debt,1,2011-01-01 10:00:00,100.00,,UK",
      "2,A,Apple,0,2011-01-02 10:00:00,1.00,8,UK",
      "3,A,Apple,1,2011-01-03 10:00:00,1.00,,UK",
    );
    expect(summary).toMatchObject({ invoices: 3, skippedInvoices: 2, orders: 1, customers: 0, gross: 100 });
    expect(bodies(deliveries, "orders/create").map((order) => "customer" in order)).toEqual([false]);
  });

  it("goes by time, ties by first appearance, and gives ids by first appearance", async () => {
    const { deliveries } = await replay(
      "9,A,Apple,1,2011-01-05 10:00:00,1.00,8,UK",
      "8,B,Pear,1,2011-01-01 10:00:00,1.00,8,UK",
      "7,A,Apple,1,2011-01-01 10:00:00,1.00,8,UK",
    );
    expect(bodies(deliveries, "orders/create").map(({ name, id }) => [name, id])).toEqual([
      ["#8", 5_000_000_000_001],
      ["#7", 5_000_000_000_002],
      ["#9", 5_000_000_000_000],
    ]);
  });

  it("limits by first appearance and still finds a late row of an early invoice", async () => {
    const rows = ["1,A,Apple,1,2011-01-01 10:00:00,1.00,8,UK", "2,A,Apple,1,2011-01-02 10:00:00,1.00,8,UK"];
    const { summary } = await replayInvoices(file([...rows, "1,B,Pear,1,2011-01-01 10:00:00,5.00,8,UK"]), SHOP, 1);
    expect(summary).toMatchObject({ invoices: 1, gross: 600 });
  });

  it.each([
    ["2.555", 256],
    ["2.554", 255],
    ["0.005", 1],
    ["3", 300],
    ["0.1", 10],
    ["-0.005", 0],
    ["-0.006", -1],
    ["1e3", undefined],
  ])("rounds %s half up", (text, pence) => expect(minorUnits(text)).toBe(pence));

  it("says which row and column it cannot read", async () => {
    const bad = replay("1,A,Apple,1,2011-01-01 10:00:00,1.00,8,UK", "2,A,Apple,many,2011-01-01 10:00:00,1.00,8,UK");
    await expect(bad).rejects.toThrow('row 3: Quantity cannot be read: "many"');
    await expect(replayInvoices(plainFile("a,b\n1,2\n"), SHOP)).rejects.toThrow("the file has no column InvoiceNo");
  });

  it("is the same on every run, compressed or not", async () => {
    const rows = ["1,A,Apple,1,2011-01-01 10:00:00,1.00,8,UK", "C2,A,Apple,-1,2011-01-02 10:00:00,1.00,8,UK"];
    const path = file(rows);
    const compressed = join(folder, "rows.csv.gz");
    writeFileSync(compressed, gzipSync(`${HEADER}\n${rows.join("\n")}\n`));
    const [one, two] = [await replayInvoices(path, SHOP), await replayInvoices(compressed, SHOP)];
    expect(one.deliveries.map(written)).toEqual(two.deliveries.map(written));
    expect(new Set(one.deliveries.map(({ webhookId }) => webhookId)).size).toBe(one.deliveries.length);
  });
});

describe("rearranging", () => {
  it("sends everything twice, half with the same webhook id and half with a new one and the same event id", async () => {
    const { deliveries } = await replay(
      ...["1", "2", "3"].map((no) => `${no},A,Apple,1,2011-01-0${no} 10:00:00,1.00,8,UK`),
    );
    const doubled = duplicated(deliveries);
    expect(doubled.length).toBe(deliveries.length * 2);
    for (const [index, first] of deliveries.entries()) {
      const second = doubled[index * 2 + 1];
      expect(second?.eventId).toBe(first.eventId);
      expect(second?.body()).toBe(first.body());
      expect(second?.webhookId === first.webhookId).toBe(index % 2 === 0);
    }
  });

  it("shuffles by seed and loses nothing", async () => {
    const { deliveries } = await replay(
      ...["1", "2", "3", "4"].map((no) => `${no},A${no},Apple,1,2011-01-0${no} 10:00:00,1.00,${no},UK`),
    );
    const ids = (list: readonly Delivery[]) => list.map(({ webhookId }) => webhookId);
    expect(ids(shuffled(deliveries, "7"))).toEqual(ids(shuffled(deliveries, "7")));
    expect(ids(shuffled(deliveries, "7"))).not.toEqual(ids(shuffled(deliveries, "8")));
    expect(ids(shuffled(deliveries, "7"))).not.toEqual(ids(deliveries));
    expect(ids(shuffled(deliveries, "7")).toSorted()).toEqual(ids(deliveries).toSorted());
  });
});

const shared = sharedDir("the replay of the online retail invoices");

describe.skipIf(shared === undefined)("the online retail invoices", () => {
  const path = join(shared ?? "", "data/online_retail/online_retail.csv.gz");
  let thousand: Awaited<ReturnType<typeof replayInvoices>>;
  beforeAll(async () => {
    thousand = await replayInvoices(path, SHOP, 1_000);
  });

  it("gives the known figures for the first 1,000 invoices", () => {
    expect(thousand.summary).toMatchObject({
      orders: 832,
      customers: 552,
      gross: 422_558_40,
      refunded: 982_98,
      refundedUnits: 312,
      unmatchedUnits: 11_393,
      skippedInvoices: 58,
      asOf: new Date("2010-12-09T14:28:00Z"),
    });
  });

  it.each([
    ["as they come", (all: Delivery[]) => all],
    ["twice and shuffled", (all: Delivery[]) => shuffled(duplicated(all), "11")],
  ])("carries in its bodies, %s, what the known state hash is made of", (_, arrange) => {
    const asOf = Date.parse("2010-12-09T14:28:00Z");
    const { stateHash, segments } = receive(arrange(thousand.deliveries), asOf);
    expect(segments).toEqual({ Loyal: 28, "Big spenders": 129 });
    expect(stateHash).toBe("1c3f4a03bc30f7c8bdc97332c5a67dcee46dccfed7664db2da03d468a82035ed");
  });

  it("agrees with the oracle, which reads the file in its own way, over the first 20,000", async () => {
    const { summary } = await replayInvoices(path, SHOP, 20_000);
    const oracle = replayOracle(path, 20_000);
    expect(summary).toMatchObject({ orders: 15_838, customers: 3_783, gross: 7_874_262_49, refunded: 295_287_51 });
    const { orders, customers, gross, refunded, refundedUnits, unmatchedUnits, skippedInvoices } = summary;
    expect(oracle).toMatchObject({
      orders,
      customers,
      gross,
      refunded,
      refundedUnits,
      unmatchedUnits,
      skippedInvoices,
    });
    expect(oracle.asOf).toBe(summary.asOf?.toISOString());
    const sizes = Object.entries(oracle.segments).map(([name, members]) => [name, members.length]);
    expect(Object.fromEntries(sizes)).toEqual({ Loyal: 1_563, Lapsed: 1_491, "Big spenders": 1_008 });
    expect(replayOracle(path, 1_000).stateHash).toBe(
      "1c3f4a03bc30f7c8bdc97332c5a67dcee46dccfed7664db2da03d468a82035ed",
    );
  }, 120_000);
});

const HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

function plainFile(content: string): string {
  const path = join(folder, `${createHash("sha256").update(content).digest("hex")}.csv`);
  writeFileSync(path, content);
  return path;
}

function file(rows: string[]): string {
  return plainFile(`${HEADER}\n${rows.join("\n")}\n`);
}

function replay(...rows: string[]) {
  return replayInvoices(file(rows), SHOP);
}

function bodies(deliveries: readonly Delivery[], topic: string): Record<string, unknown>[] {
  return deliveries
    .filter((each) => each.topic === topic)
    .map((each) => JSON.parse(each.body()) as Record<string, unknown>);
}

function written(delivery: Delivery) {
  return { ...delivery, body: delivery.body() };
}

/** What a receiver that knows only the bodies makes of them, each order and refund once. */
function receive(deliveries: readonly Delivery[], asOf: number) {
  type Order = { id: number; customer?: { id: number }; processed_at: string; total_price: string };
  type Refund = { order_id: number; transactions: { id: number; amount: string }[] };
  const pence = (text: string) => Math.round(Number(text) * 100);
  const orders = new Map<number, Order>();
  const transactions = new Map<number, { order: number; pence: number }>();
  for (const { topic, body } of deliveries) {
    if (topic === "orders/create") {
      const order = JSON.parse(body()) as Order;
      orders.set(order.id, order);
    } else if (topic === "refunds/create") {
      const refund = JSON.parse(body()) as Refund;
      for (const { id, amount } of refund.transactions) {
        transactions.set(id, { order: refund.order_id, pence: pence(amount) });
      }
    }
  }
  const customers = new Map<number, { times: number[]; gross: number; refunded: number }>();
  for (const order of orders.values()) {
    if (!order.customer) continue;
    const own = customers.get(order.customer.id) ?? { times: [], gross: 0, refunded: 0 };
    own.times.push(Date.parse(order.processed_at));
    own.gross += pence(order.total_price);
    for (const each of transactions.values()) if (each.order === order.id) own.refunded += each.pence;
    customers.set(order.customer.id, own);
  }
  const segments: Record<string, number> = {};
  const lines = [...customers].map(([id, { times, gross, refunded }]) => {
    const after = (hours: number) => times.filter((time) => time > asOf - hours * 3_600_000).length;
    const names = [
      ...(after(720) > 0 && gross - refunded > 500_00 ? ["Big spenders"] : []),
      ...(after(2160) === 0 ? ["Lapsed"] : []),
      ...(after(8760) >= 3 ? ["Loyal"] : []),
    ];
    for (const name of names) segments[name] = (segments[name] ?? 0) + 1;
    const [first, last] = [Math.min(...times), Math.max(...times)].map((time) => new Date(time).toISOString());
    return `${id}|${times.length}|${gross}|${refunded}|${first}|${last}|${names.join(",")}\n`;
  });
  return { segments, stateHash: createHash("sha256").update(lines.toSorted().join("")).digest("hex") };
}
