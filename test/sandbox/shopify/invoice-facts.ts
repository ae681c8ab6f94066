import type { Invoice, InvoiceFile } from "./invoice-file.ts";
import type { ReturnedItem } from "./invoice-returns.ts";
import type { CustomerFacts, LineFacts, OrderFacts, ProductFacts, RefundFacts } from "./shop-facts.ts";

/**
 * Ids follow first appearance in the file, whatever is delivered and in which order; only customers keep their own.
 * Thirteen to fifteen digits, like Shopify's, and below 2^53.
 */
const PRODUCT_IDS = 7_000_000_000_000;
const VARIANT_IDS = 4_000_000_000_000;
const ORDER_IDS = 5_000_000_000_000;
const LINE_IDS = 14_000_000_000_000;
const REFUND_IDS = 900_000_000_000;
const TRANSACTION_IDS = 6_000_000_000_000;

export function customerOf(id: number, at: Date): CustomerFacts {
  return {
    id,
    email: `customer-${id}@example.com`,
    phone: null,
    firstName: "Customer",
    lastName: String(id),
    address: null,
    createdAt: at,
    updatedAt: at,
  };
}

export function productOf(file: InvoiceFile, stockCode: string, price: number, at: Date): ProductFacts {
  const { index, title } = registered(file, stockCode);
  return {
    id: PRODUCT_IDS + index,
    title,
    type: "",
    vendor: "Online Retail",
    tags: [],
    option: null,
    variants: [{ id: VARIANT_IDS + index, title: "Default Title", sku: stockCode, price }],
    status: "active",
    createdAt: at,
    updatedAt: at,
  };
}

export function orderOf(file: InvoiceFile, invoice: Invoice, customer: CustomerFacts | null): OrderFacts {
  return {
    id: ORDER_IDS + invoice.index,
    number: Number(invoice.number),
    customer,
    email: customer && customer.email,
    phone: null,
    address: null,
    lines: invoice.rows.map((row) => lineOf(file, row)),
    shipping: 0,
    discountCode: null,
    createdAt: invoice.at,
    updatedAt: invoice.at,
    cancelledAt: null,
    fulfilledAt: null,
    refunds: [],
    test: false,
    source: "web",
    cartToken: null,
    checkoutToken: null,
    buyerAcceptsMarketing: false,
  };
}

/** `index` counts the orders that this C invoice touches, from 0. */
export function refundOf(invoice: Invoice, index: number, order: OrderFacts, items: ReturnedItem[]): RefundFacts {
  const position = invoice.index * 1000 + index;
  return {
    id: REFUND_IDS + position,
    transactionId: TRANSACTION_IDS + position,
    orderId: order.id,
    at: invoice.at,
    note: invoice.number,
    items: items.map(({ line, quantity }, item) => ({
      id: (REFUND_IDS + position) * 1000 + item,
      lineId: line.id,
      quantity,
      subtotal: quantity * line.unitPrice,
    })),
    shipping: 0,
    restock: true,
    test: false,
  };
}

function lineOf(file: InvoiceFile, row: Invoice["rows"][number]): LineFacts {
  const { index, title } = registered(file, row.stockCode);
  return {
    id: LINE_IDS + row.position,
    productId: PRODUCT_IDS + index,
    variantId: VARIANT_IDS + index,
    title,
    variantTitle: null,
    sku: row.stockCode,
    vendor: "Online Retail",
    quantity: row.quantity,
    unitPrice: row.unitPrice,
    discount: 0,
  };
}

function registered(file: InvoiceFile, stockCode: string): { index: number; title: string } {
  const product = file.products.get(stockCode);
  if (!product) throw new Error(`stock code ${stockCode} was never registered`);
  return product;
}
