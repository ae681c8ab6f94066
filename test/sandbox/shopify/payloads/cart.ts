import type { CartFacts, LineFacts, ShopSettings } from "../shop-facts.ts";
import { amount, moneySet } from "./money.ts";

/** carts/create and carts/update: the Online Store's carts, which never say whose they are. */
export function cartPayload(shop: ShopSettings, cart: CartFacts) {
  return {
    id: cart.token,
    token: cart.token,
    line_items: cart.lines.map((line) => cartLine(shop, line)),
    note: null,
    updated_at: cart.updatedAt.toISOString(),
    created_at: cart.createdAt.toISOString(),
  };
}

function cartLine(shop: ShopSettings, line: LineFacts) {
  const price = amount(line.unitPrice);
  const priceSet = moneySet(line.unitPrice, shop.currency);
  const total = line.quantity * line.unitPrice;
  return {
    id: line.variantId,
    properties: null,
    quantity: line.quantity,
    variant_id: line.variantId,
    key: `${line.variantId}:${line.sku.toLowerCase()}`,
    discounted_price: price,
    discounts: [],
    gift_card: false,
    grams: 0,
    line_price: amount(total),
    original_line_price: amount(total),
    original_price: price,
    price,
    product_id: line.productId,
    sku: line.sku,
    taxable: true,
    title: line.variantTitle ? `${line.title} - ${line.variantTitle}` : line.title,
    total_discount: "0.00",
    vendor: line.vendor,
    line_price_set: moneySet(total, shop.currency),
    price_set: priceSet,
  };
}
