import { orderPayload } from "./payloads/order.ts";
import { refundPayload } from "./payloads/refund.ts";
import type { Random } from "./random.ts";
import type { OrderFacts, RefundFacts } from "./shop-facts.ts";
import { DAY, HOUR } from "./store.ts";
import type { Store } from "./store.ts";

const SHARE_CANCELLED = 0.025;
const SHARE_RETURNED = 0.07;

/** What becomes of an order: it is cancelled within hours, or it is sent, and some of it may come back. */
export function planAftermath(store: Store, random: Random, order: OrderFacts): void {
  if (random.chance(SHARE_CANCELLED)) {
    store.later(random.int(1, 6) * HOUR, () => cancel(store, order));
    return;
  }
  store.later(random.int(20, 70) * HOUR, () => {
    const fulfilled = { ...order, fulfilledAt: store.now(), updatedAt: store.now() };
    store.post("orders/updated", `order ${order.id}/sent`, () => orderPayload(store.settings, fulfilled));
    if (!random.chance(SHARE_RETURNED)) return;
    store.later(random.int(3 * 24, 20 * 24) * HOUR + DAY / 7, () => takeBack(store, random, fulfilled));
  });
}

function cancel(store: Store, order: OrderFacts): void {
  const event = `order ${order.id}/cancelled`;
  const at = store.now();
  const refund = refundOf(store, order, order.lines, order.shipping, "Cancelled before dispatch");
  const cancelled: OrderFacts = { ...order, cancelledAt: at, updatedAt: at, refunds: [refund] };
  store.post("orders/cancelled", event, () => orderPayload(store.settings, cancelled));
  store.post("refunds/create", event, () => refundPayload(store.settings, refund));
}

function takeBack(store: Store, random: Random, order: OrderFacts): void {
  const event = `order ${order.id}/returned`;
  const everything = order.lines.length === 1 || random.chance(0.3);
  const lines = everything ? order.lines : [random.pick(order.lines)];
  const refund = refundOf(store, order, lines, 0, random.pick(["Did not fit", "Arrived broken", "Changed mind"]));
  const updated: OrderFacts = { ...order, updatedAt: store.now(), refunds: [refund] };
  store.post("refunds/create", event, () => refundPayload(store.settings, refund));
  store.post("orders/updated", event, () => orderPayload(store.settings, updated));
}

function refundOf(
  store: Store,
  order: OrderFacts,
  lines: OrderFacts["lines"],
  shipping: number,
  note: string,
): RefundFacts {
  return {
    id: store.nextId("refund"),
    transactionId: store.nextId("transaction"),
    orderId: order.id,
    at: store.now(),
    note,
    items: lines.map((line) => ({
      id: store.nextId("refundItem"),
      lineId: line.id,
      quantity: line.quantity,
      subtotal: line.quantity * line.unitPrice - line.discount,
    })),
    shipping,
    restock: true,
    test: order.test,
  };
}
