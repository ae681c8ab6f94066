import { Connection, type Fields } from "../../admin/connection.ts";
import { refundTotal } from "../shop-facts.ts";
import type { OrderFacts, RefundFacts, ShopSettings } from "../shop-facts.ts";
import { graphqlTime, moneyBag } from "./money.ts";

/** The type Refund: the same refund as `refundPayload`. */
export function refundNode(shop: ShopSettings, order: OrderFacts, refund: RefundFacts): Fields {
  const at = graphqlTime(refund.at);
  return {
    id: `gid://shopify/Refund/${refund.id}`,
    createdAt: at,
    processedAt: at,
    order: { id: `gid://shopify/Order/${order.id}`, totalPriceSet: moneyBag(0, shop.currency) },
    transactions: new Connection([
      {
        id: `gid://shopify/OrderTransaction/${refund.transactionId}`,
        kind: "REFUND",
        status: "SUCCESS",
        createdAt: at,
        processedAt: at,
        amountSet: moneyBag(refundTotal(refund), shop.currency),
      },
    ]),
    refundLineItems: new Connection(
      refund.items.map((item) => ({
        id: `gid://shopify/RefundLineItem/${item.id}`,
        quantity: item.quantity,
        lineItem: { id: `gid://shopify/LineItem/${item.lineId}` },
        subtotalSet: moneyBag(item.subtotal, shop.currency),
      })),
    ),
  };
}
