import { z } from "zod";
import { toMinor } from "../../platform/money.ts";
import type { Facts, OrderFact, Version } from "../facts.ts";
import {
  id,
  instant,
  label,
  labelList,
  moneySet,
  optionalId,
  optionalInstant,
  optionalLocale,
  optionalText,
  optionalToken,
  quantity,
} from "../payload.ts";
import { customerPayload, toCustomerFact, toLocaleFacts } from "./customers.ts";
import { refundPayload, toRefundFacts } from "./refunds.ts";

const lineItem = z.object({
  id,
  product_id: optionalId,
  variant_id: optionalId,
  title: optionalText,
  vendor: optionalText,
  quantity,
  price: z.string(),
  price_set: moneySet.nullish(),
});

const order = z.object({
  id,
  name: optionalText,
  email: optionalText,
  contact_email: optionalText,
  phone: optionalText,
  created_at: instant,
  processed_at: optionalInstant,
  updated_at: instant,
  cancelled_at: optionalInstant,
  test: z.boolean().nullish(),
  source_name: optionalText,
  app_id: optionalId,
  location_id: optionalId,
  discount_codes: z.array(z.object({ code: label })).nullish(),
  tags: labelList,
  cart_token: optionalToken,
  checkout_token: optionalToken,
  total_price_set: moneySet,
  customer: customerPayload.nullish(),
  customer_locale: optionalLocale,
  line_items: z.array(lineItem).default([]),
  refunds: z.array(refundPayload).nullish(),
});
type OrderPayload = z.infer<typeof order>;

const orderDeletion = z.object({ id });
const orderEdit = z.object({ order_edit: z.object({ order_id: id }) });

/** orders/create, orders/updated and what happens to an order in between: each carries the whole order. */
export function orderChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = order.parse(payload);
  const currency = given.total_price_set.shop_money.currency;
  const refunds = (given.refunds ?? []).map((refund) => toRefundFacts(refund, currency, version));
  return {
    orders: [toOrderFact(given, currency, { ...version, updatedAt: given.updated_at })],
    customers: given.customer ? [toCustomerFact(given.customer, version)] : [],
    // Told when it was ordered, however often the order changes.
    locales: toLocaleFacts(given.customer?.id ?? null, given.customer_locale, {
      ...version,
      updatedAt: given.processed_at ?? given.created_at,
    }),
    refundTransactions: refunds.flatMap((facts) => facts.refundTransactions),
    refundLines: refunds.flatMap((facts) => facts.refundLines),
  };
}

/** orders/delete: the body has no time, so the delivery's trigger stands for it. */
export function orderDeleted(payload: unknown, version: Version): Partial<Facts> {
  return { deletedOrders: [{ id: orderDeletion.parse(payload).id, at: version.triggeredAt }] };
}

/** orders/edited says which lines changed and not to what: the orders/updated that goes with it has the order as it is now. */
export function orderEdited(payload: unknown): Partial<Facts> {
  orderEdit.parse(payload);
  return {};
}

function toOrderFact(given: OrderPayload, currency: string, version: Version): OrderFact {
  return {
    id: given.id,
    customerId: given.customer?.id ?? null,
    name: given.name,
    email: given.email ?? given.contact_email,
    phone: given.phone,
    currency,
    grossMinor: given.total_price_set.shop_money.minor,
    orderedAt: given.processed_at ?? given.created_at,
    cancelledAt: given.cancelled_at,
    test: given.test ?? false,
    sourceName: given.source_name,
    appId: given.app_id,
    locationId: given.location_id,
    discountCodes: (given.discount_codes ?? []).map(({ code }) => code),
    tags: given.tags,
    cartToken: given.cart_token,
    checkoutToken: given.checkout_token,
    lines: given.line_items.map((line) => ({
      id: line.id,
      productId: line.product_id,
      variantId: line.variant_id,
      title: line.title,
      vendor: line.vendor,
      quantity: line.quantity,
      priceMinor: line.price_set?.shop_money.minor ?? readPrice(line.price, currency),
    })),
    version,
  };
}

function readPrice(price: string, currency: string): bigint {
  const minor = toMinor(price, currency);
  if (minor === null) throw new TypeError("line_items.price: expected a decimal amount");
  return minor;
}
