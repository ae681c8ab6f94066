import { linesTotal } from "../shop-facts.ts";
import type { CheckoutFacts, LineFacts, ShopSettings } from "../shop-facts.ts";
import { shopTime } from "../shop-time.ts";
import { customerObject, postalAddress } from "./customer.ts";
import { amount, taxInside } from "./money.ts";

/**
 * checkouts/create and checkouts/update. Since API 2026-04 there is no `id`: `token` joins it to an order's
 * `checkout_token`, `cart_token` to the cart.
 */
export function checkoutPayload(shop: ShopSettings, checkout: CheckoutFacts) {
  const { customer, address } = checkout;
  const total = linesTotal(checkout.lines);
  return {
    token: checkout.token,
    cart_token: checkout.cartToken,
    email: checkout.email,
    gateway: null,
    buyer_accepts_marketing: checkout.buyerAcceptsMarketing,
    buyer_accepts_sms_marketing: false,
    created_at: shopTime(checkout.createdAt, shop.zone),
    updated_at: shopTime(checkout.updatedAt, shop.zone),
    completed_at: checkout.completedAt && shopTime(checkout.completedAt, shop.zone),
    closed_at: null,
    landing_site: "/",
    referring_site: null,
    note: null,
    note_attributes: [],
    phone: null,
    customer_locale: "de",
    currency: shop.currency,
    presentment_currency: shop.currency,
    taxes_included: shop.taxRate > 0,
    line_items: checkout.lines.map(checkoutLine),
    name: `#${checkout.token}`,
    abandoned_checkout_url: `https://${shop.domain}/checkouts/cn/${checkout.token}/recover`,
    discount_codes: [],
    source_name: "web",
    shipping_lines: [],
    tax_lines: [],
    subtotal_price: amount(total),
    total_line_items_price: amount(total),
    total_discounts: "0.00",
    total_price: amount(total),
    total_tax: amount(taxInside(total, shop.taxRate)),
    total_weight: 0,
    ...(customer && { customer: customerObject(shop, customer) }),
    ...(customer && address && { shipping_address: postalAddress(customer.firstName, customer.lastName, address) }),
  };
}

function checkoutLine(line: LineFacts) {
  return {
    key: String(line.variantId),
    fulfillment_service: "manual",
    gift_card: false,
    grams: 0,
    presentment_title: line.title,
    presentment_variant_title: line.variantTitle ?? "",
    product_id: line.productId,
    quantity: line.quantity,
    requires_shipping: true,
    sku: line.sku,
    taxable: true,
    title: line.title,
    variant_id: line.variantId,
    variant_title: line.variantTitle ?? "",
    vendor: line.vendor,
    line_price: amount(line.quantity * line.unitPrice),
    price: amount(line.unitPrice),
    variant_price: amount(line.unitPrice),
  };
}
