import { refundTotal } from "../shop-facts.ts";
import type { RefundFacts, ShopSettings } from "../shop-facts.ts";
import { shopTime } from "../shop-time.ts";
import { amount, moneySet, taxInside } from "./money.ts";

/** refunds/create, and each of an order's `refunds`: one successful transaction over the whole amount. */
export function refundPayload(shop: ShopSettings, refund: RefundFacts) {
  const at = shopTime(refund.at, shop.zone);
  return {
    id: refund.id,
    order_id: refund.orderId,
    created_at: at,
    note: refund.note,
    user_id: null,
    processed_at: at,
    duties: [],
    return: null,
    refund_shipping_lines: [],
    restock: refund.restock,
    admin_graphql_api_id: `gid://shopify/Refund/${refund.id}`,
    order_adjustments: [],
    refund_line_items: refund.items.map((item) => ({
      id: item.id,
      quantity: item.quantity,
      line_item_id: item.lineId,
      location_id: null,
      restock_type: refund.restock ? "return" : "no_restock",
      subtotal: item.subtotal / 100,
      total_tax: taxInside(item.subtotal, shop.taxRate) / 100,
      subtotal_set: moneySet(item.subtotal, shop.currency),
      total_tax_set: moneySet(taxInside(item.subtotal, shop.taxRate), shop.currency),
    })),
    transactions: [
      {
        id: refund.transactionId,
        order_id: refund.orderId,
        kind: "refund",
        gateway: refund.test ? "bogus" : "shopify_payments",
        status: "success",
        message: null,
        created_at: at,
        test: refund.test,
        parent_id: null,
        processed_at: at,
        error_code: null,
        source_name: "web",
        amount: amount(refundTotal(refund)),
        currency: shop.currency,
        admin_graphql_api_id: `gid://shopify/OrderTransaction/${refund.transactionId}`,
      },
    ],
  };
}
