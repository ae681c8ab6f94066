import { z } from "zod";
import { toMinor } from "../../platform/money.ts";
import { type Facts, noFacts, type OrderLineFact } from "../facts.ts";
import {
  consentFacts,
  customerFact,
  customerNode,
  lineFacts,
  type LineNode,
  lineNode,
  localeFacts,
  metafieldFact,
  metafieldNode,
  numericId,
  orderFact,
  orderNode,
  productFact,
  productNode,
  type Reading,
  tagFacts,
} from "./node-facts.ts";

/** What Shopify had counted of a customer when it was asked. */
export interface ToldTotals {
  customerId: string;
  orders: number;
  spentMinor: bigint;
  currency: string;
  lastOrder: { id: string; at: Date } | null;
}

/** A stretch of a bulk operation's file, read. Lines of orders stand apart: their orders may lie elsewhere in the file. */
export interface BulkStretch {
  facts: Facts;
  lines: (OrderLineFact & { orderId: string })[];
  /** Ids of refunds that orders name. */
  refunds: string[];
  told: ToldTotals[];
  /** How many objects at the root of the query. */
  objects: number;
  /** Lines that could not be understood, and why the first of them could not: the field, never its value. */
  skipped: { count: number; reason: string | null };
}

const totals = z.object({
  numberOfOrders: z.coerce.number().int().nonnegative(),
  amountSpent: z.object({ amount: z.coerce.string(), currencyCode: z.string() }),
  lastOrder: z.object({ id: z.string(), processedAt: z.coerce.date() }).nullish(),
});
const named = z.object({ id: z.string() });
const parentOfLine = z.object({ ["__parentId"]: z.string() }).transform((line) => line["__parentId"]);

/** Reads lines of the JSONL file of a bulk operation, in whatever order they come. Nothing in a line makes it throw. */
export function readStretch(lines: readonly string[], reading: Reading): BulkStretch {
  const stretch: BulkStretch = {
    facts: noFacts(),
    lines: [],
    refunds: [],
    told: [],
    objects: 0,
    skipped: { count: 0, reason: null },
  };
  for (const line of lines) {
    if (line === "") continue;
    try {
      readLine(JSON.parse(line), stretch, reading);
    } catch (error) {
      stretch.skipped.count += 1;
      stretch.skipped.reason ??= explain(error);
    }
  }
  return stretch;
}

function readLine(node: unknown, into: BulkStretch, reading: Reading): void {
  switch (/^gid:\/\/shopify\/(\w+)\//.exec(named.parse(node).id)?.[1]) {
    case "Product":
      into.facts.products.push(productFact(productNode.parse(node), reading));
      break;
    case "Customer":
      readCustomer(node, into, reading);
      break;
    case "Order": {
      const order = orderNode.parse(node);
      into.facts.orders.push(orderFact(order, [], reading));
      into.refunds.push(...(order.refunds ?? []).map((refund) => refund.id));
      break;
    }
    case "Metafield": {
      const customerId = numericId(parentOfLine.parse(node));
      into.facts.metafields.push(metafieldFact(customerId, metafieldNode.parse(node), reading));
      return;
    }
    case "LineItem":
      return addLine(parentOfLine.parse(node), lineNode.parse(node), into);
    default:
      throw new TypeError("id: expected a product, a customer, a metafield, an order or a line");
  }
  into.objects += 1;
}

function readCustomer(node: unknown, into: BulkStretch, reading: Reading): void {
  const customer = customerNode.parse(node);
  const { numberOfOrders, amountSpent, lastOrder } = totals.parse(node);
  const spentMinor = toMinor(amountSpent.amount, amountSpent.currencyCode);
  if (spentMinor === null) throw new TypeError("amountSpent.amount: expected a decimal amount");
  into.facts.customers.push(customerFact(customer, reading));
  into.facts.consents.push(...consentFacts(customer, reading));
  into.facts.tags.push(...tagFacts(customer, reading));
  into.facts.locales.push(...localeFacts(customer, reading));
  // Who never ordered has nothing to open with.
  if (numberOfOrders === 0) return;
  into.told.push({
    customerId: customer.id,
    orders: numberOfOrders,
    spentMinor,
    currency: amountSpent.currencyCode,
    lastOrder: lastOrder ? { id: numericId(lastOrder.id), at: lastOrder.processedAt } : null,
  });
}

function addLine(parentId: string, line: LineNode, into: BulkStretch): void {
  const orderId = numericId(parentId);
  into.lines.push(...lineFacts([line]).map((fact) => ({ orderId, ...fact })));
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join(".") || "line"}: ${issue?.message ?? "not as expected"}`;
  }
  if (error instanceof SyntaxError) return "A line is not JSON.";
  return error instanceof TypeError ? error.message : "A line could not be read.";
}
