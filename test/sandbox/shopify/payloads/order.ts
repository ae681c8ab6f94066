import { linesTotal, refundTotal } from "../shop-facts.ts";
import type { LineFacts, OrderFacts, ShopSettings } from "../shop-facts.ts";
import { shopTime } from "../shop-time.ts";
import { customerObject, postalAddress } from "./customer.ts";
import { amount, moneySet, taxInside } from "./money.ts";
import { refundPayload } from "./refund.ts";

/**
 * orders/create, orders/updated and orders/cancelled. Since API 2026-04 there is no `checkout_id`; the tokens join an
 * order to its checkout and cart. `current_total_price` is net of refunds, `total_price` is not.
 */
export function orderPayload(shop: ShopSettings, order: OrderFacts) {
  const { customer, address } = order;
  const discount = order.lines.reduce((sum, line) => sum + line.discount, 0);
  const subtotal = linesTotal(order.lines);
  const total = subtotal + order.shipping;
  const refunded = order.refunds.reduce((sum, refund) => sum + refundTotal(refund), 0);
  const created = shopTime(order.createdAt, shop.zone);
  return {
    id: order.id,
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    app_id: 580111,
    buyer_accepts_marketing: order.buyerAcceptsMarketing,
    cancel_reason: order.cancelledAt && "customer",
    cancelled_at: order.cancelledAt && shopTime(order.cancelledAt, shop.zone),
    cart_token: order.cartToken,
    checkout_token: order.checkoutToken,
    closed_at: null,
    confirmed: true,
    contact_email: order.email,
    created_at: created,
    currency: shop.currency,
    current_subtotal_price: amount(subtotal - itemsRefunded(order)),
    current_total_price: amount(total - refunded),
    current_total_price_set: moneySet(total - refunded, shop.currency),
    discount_codes: order.discountCode
      ? [{ code: order.discountCode, amount: amount(discount), type: "percentage" }]
      : [],
    email: order.email,
    estimated_taxes: false,
    financial_status: refunded === 0 ? "paid" : refunded < total ? "partially_refunded" : "refunded",
    fulfillment_status: order.fulfilledAt && "fulfilled",
    landing_site: order.source === "web" ? "/" : null,
    name: `#${order.number}`,
    note: null,
    note_attributes: [],
    number: order.number - 1000,
    order_number: order.number,
    payment_gateway_names: [order.test ? "bogus" : "shopify_payments"],
    phone: order.phone,
    presentment_currency: shop.currency,
    processed_at: created,
    referring_site: null,
    source_name: order.source,
    subtotal_price: amount(subtotal),
    subtotal_price_set: moneySet(subtotal, shop.currency),
    tags: "",
    tax_exempt: false,
    taxes_included: shop.taxRate > 0,
    test: order.test,
    token: order.checkoutToken ?? String(order.id),
    total_discounts: amount(discount),
    total_discounts_set: moneySet(discount, shop.currency),
    total_line_items_price: amount(subtotal + discount),
    total_outstanding: "0.00",
    total_price: amount(total),
    total_price_set: moneySet(total, shop.currency),
    total_shipping_price_set: moneySet(order.shipping, shop.currency),
    total_tax: amount(taxInside(total, shop.taxRate)),
    total_tax_set: moneySet(taxInside(total, shop.taxRate), shop.currency),
    updated_at: shopTime(order.updatedAt, shop.zone),
    ...(customer && { customer: customerObject(shop, customer) }),
    ...(customer && address && { shipping_address: postalAddress(customer.firstName, customer.lastName, address) }),
    line_items: order.lines.map((line) => orderLine(shop, order, line)),
    refunds: order.refunds.map((refund) => refundPayload(shop, refund)),
  };
}

function itemsRefunded(order: OrderFacts): number {
  return order.refunds.reduce((sum, refund) => sum + refundTotal(refund) - refund.shipping, 0);
}

function orderLine(shop: ShopSettings, order: OrderFacts, line: LineFacts) {
  const returned = order.refunds
    .flatMap((refund) => refund.items)
    .reduce((sum, item) => sum + (item.lineId === line.id ? item.quantity : 0), 0);
  return {
    id: line.id,
    current_quantity: line.quantity - returned,
    price: amount(line.unitPrice),
    price_set: moneySet(line.unitPrice, shop.currency),
    product_id: line.productId,
    quantity: line.quantity,
    sku: line.sku,
    title: line.title,
    vendor: line.vendor,
    total_discount: amount(line.discount),
    variant_id: line.variantId,
    variant_title: line.variantTitle,
  };
}
