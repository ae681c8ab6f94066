import { z } from "zod";
import type {
  ConsentFact,
  CustomerFact,
  LocaleFact,
  MetafieldFact,
  OrderFact,
  OrderLineFact,
  ProductFact,
  TagFact,
} from "../facts.ts";
import { foldMetafield, readMetafield } from "../metafields.ts";
import { instant, optionalLocale } from "../payload.ts";
import type { Facts, Version } from "../facts.ts";
import { emailConsentChanged, smsConsentChanged, whatsAppConsentChanged } from "../topics/consent.ts";
import { customerChanged, toLocaleFacts } from "../topics/customers.ts";
import { orderChanged } from "../topics/orders.ts";
import { productChanged } from "../topics/products.ts";
import { refundPayload, toRefundFacts } from "../topics/refunds.ts";
import { tagsAdded, tagsRemoved } from "../topics/tags.ts";

/*
 * Nodes of the Admin API as facts. Each node is rewritten into the body that the matching webhook has and read by the
 * webhook's own module, so that both ways end in the same facts by construction.
 */

/** When something was read: it is as new as this, or newer, and of two versions that tie the later read is kept. */
export interface Reading {
  at: Date;
  /** Names the read in the merge version, as a delivery's id names a delivery. */
  name: string;
}

const gid = z
  .string()
  .regex(/^gid:\/\/shopify\/\w+\/\d{1,18}(\?|$)/, "expected a global id")
  .transform(numericId);
const money = z
  .object({ amount: z.coerce.string(), currencyCode: z.string() })
  .transform(({ amount, currencyCode }) => ({ amount, currency_code: currencyCode }));
const reference = z.object({ id: gid }).nullish();

export const orderNode = z.object({
  id: gid,
  name: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  createdAt: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullish(),
  test: z.boolean(),
  sourceName: z.string().nullish(),
  discountCodes: z.array(z.string()),
  tags: z.array(z.string()),
  app: reference,
  cartToken: z.string().nullish(),
  checkoutToken: z.string().nullish(),
  totalPriceSet: z.object({ shopMoney: money }),
  customer: reference,
  refunds: z.array(z.object({ id: gid })).nullish(),
});
export type OrderNode = z.infer<typeof orderNode>;

export const lineNode = z.object({
  id: gid,
  title: z.string(),
  vendor: z.string().nullish(),
  quantity: z.number(),
  product: reference,
  variant: reference,
  originalUnitPriceSet: z.object({ shopMoney: money }),
});
export type LineNode = z.infer<typeof lineNode>;

const phoneConsent = z
  .object({
    state: z.string(),
    optInLevel: z.string().nullish(),
    updatedAt: z.string().nullish(),
    collectedFrom: z.string().nullish(),
  })
  .nullish();

export const customerNode = z.object({
  id: gid,
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  createdAt: z.string(),
  updatedAt: z.string(),
  defaultEmailAddress: z
    .object({
      emailAddress: z.string(),
      marketingState: z.string(),
      marketingOptInLevel: z.string().nullish(),
      marketingUpdatedAt: z.string().nullish(),
    })
    .nullish(),
  verifiedEmail: z.boolean().nullish(),
  locale: optionalLocale,
  tags: z.array(z.string()),
  defaultPhoneNumber: z
    .object({
      phoneNumber: z.string(),
      smsMarketingConsent: phoneConsent,
      whatsAppMarketingConsent: phoneConsent,
    })
    .nullish(),
  defaultAddress: z
    .object({
      address1: z.string().nullish(),
      address2: z.string().nullish(),
      city: z.string().nullish(),
      zip: z.string().nullish(),
      provinceCode: z.string().nullish(),
      countryCodeV2: z.string().nullish(),
    })
    .nullish(),
});
export type CustomerNode = z.infer<typeof customerNode>;

/** With the customer it belongs to beside it. */
export const metafieldNode = z
  .object({ namespace: z.string(), key: z.string(), type: z.string(), value: z.string(), updatedAt: z.string() })
  .transform(({ namespace, key, ...metafield }) => ({ name: `${namespace}.${key}`, ...metafield }));

export const productNode = z.object({
  id: gid,
  title: z.string(),
  handle: z.string(),
  vendor: z.string(),
  productType: z.string(),
  status: z.string(),
  tags: z.array(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  publishedAt: z.string().nullish(),
  category: z.object({ fullName: z.string() }).nullish(),
  featuredMedia: z
    .object({ preview: z.object({ image: z.object({ url: z.string() }).nullish() }).nullish() })
    .nullish(),
  priceRangeV2: z.object({ minVariantPrice: money }),
});

export const transactionNode = z.object({
  id: gid,
  kind: z.string(),
  status: z.string(),
  processedAt: z.string().nullish(),
  createdAt: z.string(),
  amountSet: z.object({ presentmentMoney: money }),
});
export const refundLineNode = z.object({
  /** Null for lines that Shopify made up for old refunds; such a line cannot be told from another and is left out. */
  id: gid.nullish(),
  quantity: z.number(),
  lineItem: reference,
  subtotalSet: z.object({ shopMoney: money, presentmentMoney: money }),
});
export const refundNode = z.object({
  id: gid,
  createdAt: z.string().nullish(),
  processedAt: z.string(),
  order: z.object({ id: gid, totalPriceSet: z.object({ shopMoney: z.object({ currencyCode: z.string() }) }) }),
});

/** The order with these lines; nothing of its refunds, which are read by themselves. */
export function orderFact(node: OrderNode, lines: readonly LineNode[], reading: Reading): OrderFact {
  const { orders = [] } = orderChanged(
    {
      id: node.id,
      name: node.name,
      email: node.email,
      phone: node.phone,
      created_at: node.createdAt,
      processed_at: node.processedAt,
      updated_at: node.updatedAt,
      cancelled_at: node.cancelledAt,
      test: node.test,
      source_name: node.sourceName,
      app_id: node.app?.id,
      discount_codes: node.discountCodes.map((code) => ({ code })),
      tags: node.tags.join(","),
      cart_token: node.cartToken,
      checkout_token: node.checkoutToken,
      total_price_set: { shop_money: node.totalPriceSet.shopMoney },
      customer: node.customer,
      line_items: lines.map(linePayload),
    },
    versionOf(reading),
  );
  return only(orders);
}

/** Lines without their order, as they stand in a bulk operation's file. */
export function lineFacts(lines: readonly LineNode[]): OrderLineFact[] {
  const nothing = { shop_money: { amount: "0", currency_code: "XXX" } };
  const { orders = [] } = orderChanged(
    { id: "0", created_at: NO_TIME, updated_at: NO_TIME, total_price_set: nothing, line_items: lines.map(linePayload) },
    versionOf({ at: new Date(0), name: "" }),
  );
  return only(orders).lines;
}

export function customerFact(node: CustomerNode, reading: Reading): CustomerFact {
  const { customers = [] } = customerChanged(
    {
      id: node.id,
      email: node.defaultEmailAddress?.emailAddress,
      phone: node.defaultPhoneNumber?.phoneNumber,
      first_name: node.firstName,
      last_name: node.lastName,
      created_at: node.createdAt,
      updated_at: node.updatedAt,
      verified_email: node.verifiedEmail,
      default_address: node.defaultAddress && {
        address1: node.defaultAddress.address1,
        address2: node.defaultAddress.address2,
        city: node.defaultAddress.city,
        zip: node.defaultAddress.zip,
        province_code: node.defaultAddress.provinceCode,
        country_code: node.defaultAddress.countryCodeV2,
      },
    },
    versionOf(reading),
  );
  return only(customers);
}

/**
 * The customer's consent to e-mail, SMS and WhatsApp, none without an address. A state whose time Shopify does not know is as old as the
 * customer, so that every consent or refusal with a time of its own is kept against it.
 */
export function consentFacts(node: CustomerNode, reading: Reading): ConsentFact[] {
  const email = node.defaultEmailAddress;
  const sms = node.defaultPhoneNumber?.smsMarketingConsent;
  const whatsApp = node.defaultPhoneNumber?.whatsAppMarketingConsent;
  const read = (at: string | null | undefined): Version =>
    versionOf(at ? reading : { ...reading, at: new Date(node.createdAt) });
  const byEmail = email && {
    customer_id: node.id,
    email_address: email.emailAddress,
    email_marketing_consent: {
      state: consentState(email.marketingState),
      opt_in_level: email.marketingOptInLevel?.toLowerCase(),
      consent_updated_at: email.marketingUpdatedAt,
    },
  };
  const bySms = sms && {
    id: node.id,
    sms_marketing_consent: {
      state: consentState(sms.state),
      opt_in_level: sms.optInLevel?.toLowerCase(),
      consent_updated_at: sms.updatedAt,
      consent_collected_from: sms.collectedFrom?.toLowerCase(),
    },
  };
  const byWhatsApp = whatsApp && {
    customer_id: node.id,
    whats_app_marketing_consent: {
      state: consentState(whatsApp.state),
      opt_in_level: whatsApp.optInLevel?.toLowerCase(),
      updated_at: whatsApp.updatedAt,
      collected_from: whatsApp.collectedFrom?.toLowerCase(),
    },
  };
  return [
    ...((byEmail && emailConsentChanged(byEmail, read(email.marketingUpdatedAt)).consents) ?? []),
    ...((bySms && smsConsentChanged(bySms, read(sms.updatedAt)).consents) ?? []),
    ...((byWhatsApp && whatsAppConsentChanged(byWhatsApp, read(whatsApp.updatedAt)).consents) ?? []),
  ];
}

/** The Admin API's word for a consent as the webhooks have it: what these call not_subscribed is NEVER_SUBSCRIBED there, or both. */
export function consentState(word: string): string {
  return word.toLowerCase().replace(/^never_/, "not_");
}

/** The tags a customer has; of those that were taken away a node says nothing (removedTagFacts). */
export function tagFacts(node: CustomerNode, reading: Reading): TagFact[] {
  if (node.tags.length === 0) return [];
  const { tags = [] } = tagsAdded(
    { customerId: `gid://shopify/Customer/${node.id}`, tags: node.tags, occurredAt: reading.at.toISOString() },
    versionOf(reading),
  );
  return tags;
}

/** The language Shopify has of the customer, as of when it was read. */
export function localeFacts(node: CustomerNode, reading: Reading): LocaleFact[] {
  return toLocaleFacts(node.id, node.locale, versionOf(reading));
}

/** A metafield a customer has, or, by its name alone, that they do not have it. */
export function metafieldFact(
  customerId: string,
  node: z.infer<typeof metafieldNode> | { name: string },
  reading: Reading,
): MetafieldFact {
  const value = "value" in node ? readMetafield(node.type, node.value) : null;
  const changedAt = "value" in node ? instant.parse(node.updatedAt) : reading.at;
  return { customerId, name: node.name, value, folded: foldMetafield(value), changedAt, version: versionOf(reading) };
}

/** Tags that are held of a customer and are not among those the node has. */
export function removedTagFacts(customerId: string, tags: readonly string[], reading: Reading): TagFact[] {
  const body = { customerId: `gid://shopify/Customer/${customerId}`, tags, occurredAt: reading.at.toISOString() };
  return tagsRemoved(body, versionOf(reading)).tags ?? [];
}

export function productFact(node: z.infer<typeof productNode>, reading: Reading): ProductFact {
  const { products = [] } = productChanged(
    {
      id: node.id,
      title: node.title,
      handle: node.handle,
      vendor: node.vendor,
      product_type: node.productType,
      status: node.status.toLowerCase(),
      tags: node.tags.join(", "),
      category: node.category && { full_name: node.category.fullName },
      created_at: node.createdAt,
      updated_at: node.updatedAt,
      published_at: node.publishedAt,
      image: node.featuredMedia?.preview?.image && { src: node.featuredMedia.preview.image.url },
      variants: [{ price: node.priceRangeV2.minVariantPrice.amount }],
    },
    versionOf(reading),
  );
  return only(products);
}

export function refundFacts(
  node: z.infer<typeof refundNode>,
  transactions: readonly z.infer<typeof transactionNode>[],
  lines: readonly z.infer<typeof refundLineNode>[],
  reading: Reading,
): Pick<Facts, "refundTransactions" | "refundLines"> {
  const payload = refundPayload.parse({
    id: node.id,
    order_id: node.order.id,
    created_at: node.createdAt,
    processed_at: node.processedAt,
    transactions: transactions.map((transaction) => ({
      id: transaction.id,
      kind: transaction.kind.toLowerCase(),
      status: transaction.status.toLowerCase(),
      // A webhook states what the customer was paid, in the customer's currency.
      amount: transaction.amountSet.presentmentMoney.amount,
      currency: transaction.amountSet.presentmentMoney.currency_code,
      processed_at: transaction.processedAt,
      created_at: transaction.createdAt,
    })),
    refund_line_items: lines.flatMap(({ id, quantity, lineItem, subtotalSet }) => {
      const subtotal_set = { shop_money: subtotalSet.shopMoney, presentment_money: subtotalSet.presentmentMoney };
      return id ? { id, line_item_id: lineItem?.id, quantity, subtotal_set } : [];
    }),
  });
  return toRefundFacts(payload, node.order.totalPriceSet.shopMoney.currencyCode, versionOf(reading));
}

/** `gid://shopify/Order/6300000000001` → `6300000000001` */
export function numericId(globalId: string): string {
  return /\/(\d+)(\?|$)/.exec(globalId)?.[1] ?? "";
}

const NO_TIME = "1970-01-01T00:00:00Z";

function linePayload(line: LineNode) {
  const { shopMoney } = line.originalUnitPriceSet;
  return {
    id: line.id,
    title: line.title,
    vendor: line.vendor,
    quantity: line.quantity,
    product_id: line.product?.id,
    variant_id: line.variant?.id,
    price: shopMoney.amount,
    price_set: { shop_money: shopMoney },
  };
}

function versionOf({ at, name }: Reading): Version {
  return { updatedAt: at, triggeredAt: at, delivery: name };
}

function only<T>(facts: readonly T[]): T {
  const [fact] = facts;
  if (!fact) throw new TypeError("expected one fact");
  return fact;
}
