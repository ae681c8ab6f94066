import { namedUuid, triggeredAt } from "./delivery.ts";
import type { Delivery, Topic } from "./delivery.ts";
import { customerOf, orderOf, productOf, refundOf } from "./invoice-facts.ts";
import { readInvoices } from "./invoice-file.ts";
import type { Invoice, InvoiceFile } from "./invoice-file.ts";
import { createReturnsDesk } from "./invoice-returns.ts";
import { customerPayload, emailConsentPayload } from "./payloads/customer.ts";
import { orderPayload } from "./payloads/order.ts";
import { productPayload } from "./payloads/product.ts";
import { refundPayload } from "./payloads/refund.ts";
import { linesTotal, refundTotal } from "./shop-facts.ts";
import type { CustomerFacts, ShopSettings } from "./shop-facts.ts";

export type ReplaySummary = {
  invoices: number;
  orders: number;
  /** Customers with at least one order. */
  customers: number;
  products: number;
  refunds: number;
  /** Pence, orders without a customer included. */
  gross: number;
  refunded: number;
  refundedUnits: number;
  unmatchedUnits: number;
  skippedInvoices: number;
  /** Time of the last order or matched return; null when there is neither. */
  asOf: Date | null;
};

/**
 * Turns a file of invoices into the webhooks a Shopify store would have sent, in time order: what has a plain number
 * and only positive quantities is an order, what starts with C gives goods back, the rest is skipped and counted.
 * @throws Error when the file cannot be read as invoices
 */
export async function replayInvoices(
  path: string,
  domain: string,
  limit?: number,
): Promise<{ deliveries: Delivery[]; summary: ReplaySummary }> {
  const file = await readInvoices(path, limit);
  return translate(file, { domain, currency: "GBP", zone: "UTC", taxRate: 0 });
}

function translate(file: InvoiceFile, shop: ShopSettings): { deliveries: Delivery[]; summary: ReplaySummary } {
  const customers = new Map<number, CustomerFacts>();
  const productsSeen = new Set<string>();
  const returns = createReturnsDesk();
  const journal = createJournal();
  const summary = emptySummary(file);

  const introduceProducts = (invoice: Invoice) => {
    for (const row of invoice.rows) {
      if (productsSeen.has(row.stockCode)) continue;
      productsSeen.add(row.stockCode);
      const product = productOf(file, row.stockCode, row.unitPrice, invoice.at);
      journal.add("products/create", invoice, `product ${product.id}`, () => productPayload(shop, product));
    }
  };

  const introduceCustomer = (id: number, invoice: Invoice): CustomerFacts => {
    const known = customers.get(id);
    if (known) return { ...known, updatedAt: invoice.at };
    const customer = customerOf(id, invoice.at);
    customers.set(id, customer);
    journal.add("customers/create", invoice, "sale", () => customerPayload(shop, customer));
    const state = id % 2 === 0 ? "subscribed" : "not_subscribed";
    journal.add("customers_email_marketing_consent/update", invoice, "sale", () =>
      emailConsentPayload(shop, customer, { state, updatedAt: invoice.at }),
    );
    return customer;
  };

  const sell = (invoice: Invoice) => {
    introduceProducts(invoice);
    const customerId = invoice.rows.find((row) => row.customerId !== null)?.customerId ?? null;
    const customer = customerId === null ? null : introduceCustomer(customerId, invoice);
    const order = orderOf(file, invoice, customer);
    journal.add("orders/create", invoice, "sale", () => orderPayload(shop, order));
    if (customer) returns.sold(customer.id, order);
    summary.orders += 1;
    summary.gross += linesTotal(order.lines);
    summary.asOf = invoice.at;
  };

  const takeBack = (invoice: Invoice) => {
    const { refunds, unmatchedUnits } = returns.takeBack(invoice);
    summary.unmatchedUnits += unmatchedUnits;
    for (const [index, { order, items }] of refunds.entries()) {
      const refund = refundOf(invoice, index, order, items);
      journal.add("refunds/create", invoice, `return ${index}`, () => refundPayload(shop, refund));
      summary.refunds += 1;
      summary.refunded += refundTotal(refund);
      summary.refundedUnits += items.reduce((sum, item) => sum + item.quantity, 0);
      summary.asOf = invoice.at;
    }
  };

  for (const invoice of byTime(file.invoices)) {
    if (isSale(invoice)) sell(invoice);
    else if (invoice.number.startsWith("C")) takeBack(invoice);
    else summary.skippedInvoices += 1;
  }
  summary.customers = customers.size;
  summary.products = productsSeen.size;
  return { deliveries: journal.deliveries, summary };
}

function emptySummary(file: InvoiceFile): ReplaySummary {
  return {
    invoices: file.invoices.length,
    orders: 0,
    customers: 0,
    products: 0,
    refunds: 0,
    gross: 0,
    refunded: 0,
    refundedUnits: 0,
    unmatchedUnits: 0,
    skippedInvoices: 0,
    asOf: null,
  };
}

function isSale(invoice: Invoice): boolean {
  return /^\P{L}+$/u.test(invoice.number) && invoice.rows.every((row) => row.quantity > 0);
}

/** Ties stay in the order of first appearance: the sort is stable. */
function byTime(invoices: Invoice[]): Invoice[] {
  return invoices.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function createJournal() {
  const deliveries: Delivery[] = [];
  let micros = 0;
  return {
    deliveries,
    /** `event` names what happened within the invoice; topics that share it share the event id. */
    add(topic: Topic, invoice: Invoice, event: string, payload: () => unknown) {
      const previous = deliveries.at(-1);
      micros = previous && previous.at.getTime() === invoice.at.getTime() ? Math.min(micros + 1, 999) : 0;
      deliveries.push({
        topic,
        webhookId: namedUuid(`webhook/invoice ${invoice.index}/${event}/${topic}`),
        eventId: namedUuid(`event/invoice ${invoice.index}/${event}`),
        triggeredAt: triggeredAt(invoice.at, micros),
        at: invoice.at,
        body: () => JSON.stringify(payload()),
      });
    },
  };
}
