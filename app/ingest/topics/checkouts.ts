import { z } from "zod";
import { toMinor } from "../../platform/money.ts";
import type { Facts, Version } from "../facts.ts";
import {
  currency,
  instant,
  optionalInstant,
  optionalLocale,
  optionalText,
  optionalToken,
  quantity,
  token,
} from "../payload.ts";
import { customerPayload, toCustomerFact, toLocaleFacts } from "./customers.ts";

const checkout = z.object({
  token,
  cart_token: optionalToken,
  email: optionalText,
  created_at: instant,
  updated_at: instant,
  completed_at: optionalInstant,
  currency: currency.nullish(),
  presentment_currency: currency.nullish(),
  total_price: z.string().nullish(),
  line_items: z.array(z.object({ quantity })).nullish(),
  customer: customerPayload.nullish(),
  customer_locale: optionalLocale,
});

/**
 * Minor units of the shop's currency. A checkout has its prices in the currency the customer pays in, and no rate
 * (help.shopify.com/en/api/guides/multi-currency-migration-guide): in another one than the shop's the total is not known.
 */
function shopTotal(given: z.infer<typeof checkout>): bigint | null {
  const { currency: shop, presentment_currency: paid, total_price: total } = given;
  return shop && total && (paid ?? shop) === shop ? toMinor(total, shop) : null;
}

const checkoutDeletion = z.object({ token: optionalToken, cart_token: optionalToken });

/** checkouts/create, checkouts/update. A checkout has no id since API 2026-04: its token is its key. */
export function checkoutChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = checkout.parse(payload);
  return {
    checkouts: [
      {
        token: given.token,
        cartToken: given.cart_token,
        customerId: given.customer?.id ?? null,
        email: given.email,
        currency: given.currency ?? null,
        totalMinor: shopTotal(given),
        items: (given.line_items ?? []).reduce((sum, line) => sum + line.quantity, 0),
        startedAt: given.created_at,
        completedAt: given.completed_at,
        version: { ...version, updatedAt: given.updated_at },
      },
    ],
    customers: given.customer ? [toCustomerFact(given.customer, version)] : [],
    locales: toLocaleFacts(given.customer?.id ?? null, given.customer_locale, {
      ...version,
      updatedAt: given.updated_at,
    }),
  };
}

/** checkouts/delete. Since the id is gone the body may name nothing but the cart the checkout came from. */
export function checkoutDeleted(payload: unknown, version: Version): Partial<Facts> {
  const { token, cart_token } = checkoutDeletion.parse(payload);
  const at = version.triggeredAt;
  if (token !== null) return { deletedCheckouts: [{ by: "token", token, at }] };
  return cart_token === null ? {} : { deletedCheckouts: [{ by: "cart_token", token: cart_token, at }] };
}
