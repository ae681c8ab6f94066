import { Connection, type Fields } from "../../admin/connection.ts";
import { linesTotal } from "../shop-facts.ts";
import type { LineFacts, OrderFacts, ShopSettings } from "../shop-facts.ts";
import { graphqlTime, moneyBag } from "./money.ts";
import { refundNode } from "./refund.ts";

/** The type Order: the same order as `orderPayload` in the words of the Admin API. */
export function orderNode(shop: ShopSettings, order: OrderFacts): Fields {
  const gid = `gid://shopify/Order/${order.id}`;
  return {
    id: gid,
    legacyResourceId: String(order.id),
    name: `#${order.number}`,
    email: order.email,
    phone: order.phone,
    createdAt: graphqlTime(order.createdAt),
    processedAt: graphqlTime(order.createdAt),
    updatedAt: graphqlTime(order.updatedAt),
    cancelledAt: order.cancelledAt && graphqlTime(order.cancelledAt),
    test: order.test,
    sourceName: order.source,
    discountCodes: order.discountCode ? [order.discountCode] : [],
    tags: [],
    app: { id: "gid://shopify/App/580111" },
    cartToken: order.cartToken,
    checkoutToken: order.checkoutToken,
    totalPriceSet: moneyBag(linesTotal(order.lines) + order.shipping, shop.currency),
    customer: order.customer && { id: `gid://shopify/Customer/${order.customer.id}` },
    refunds: order.refunds.map((refund) => refundNode(shop, order, refund)),
    lineItems: new Connection(order.lines.map((line) => lineNode(shop, line))),
  };
}

function lineNode(shop: ShopSettings, line: LineFacts): Fields {
  return {
    id: `gid://shopify/LineItem/${line.id}`,
    title: line.title,
    vendor: line.vendor,
    quantity: line.quantity,
    product: { id: `gid://shopify/Product/${line.productId}` },
    variant: { id: `gid://shopify/ProductVariant/${line.variantId}` },
    originalUnitPriceSet: moneyBag(line.unitPrice, shop.currency),
  };
}
