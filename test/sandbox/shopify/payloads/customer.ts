import type { AddressFacts, ConsentFacts, CustomerFacts, ShopSettings } from "../shop-facts.ts";
import { shopTime } from "../shop-time.ts";

/**
 * customers/create and customers/update. Since API 2025-01 there are no tags, no consent, no orders_count and no
 * total_spent in here.
 */
export function customerPayload(shop: ShopSettings, customer: CustomerFacts) {
  return {
    ...customerObject(shop, customer),
    addresses: customer.address ? [addressOf(customer, customer.address)] : [],
  };
}

/** The customer inside an order or a checkout: the same without the list of addresses. */
export function customerObject(shop: ShopSettings, customer: CustomerFacts) {
  return {
    id: customer.id,
    created_at: shopTime(customer.createdAt, shop.zone),
    updated_at: shopTime(customer.updatedAt, shop.zone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: "disabled",
    note: null,
    verified_email: customer.email !== null,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    ...(customer.address && { default_address: addressOf(customer, customer.address) }),
  };
}

/** customers/delete */
export function customerDeletedPayload(customer: CustomerFacts) {
  return {
    id: customer.id,
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
  };
}

/** customers_email_marketing_consent/update, the only webhook that carries e-mail consent since API 2025-01. */
export function emailConsentPayload(shop: ShopSettings, customer: CustomerFacts, consent: ConsentFacts) {
  return {
    customer_id: customer.id,
    email_address: customer.email,
    email_marketing_consent: {
      state: consent.state,
      opt_in_level: consent.state === "not_subscribed" ? null : "single_opt_in",
      consent_updated_at: shopTime(consent.updatedAt, shop.zone),
    },
  };
}

function addressOf(customer: CustomerFacts, address: AddressFacts) {
  return {
    id: customer.id + 2_000_000_000_000,
    customer_id: customer.id,
    ...postalAddress(customer.firstName, customer.lastName, address),
    country_name: address.country,
    default: true,
  };
}

/** What customer, order and checkout addresses have in common. */
export function postalAddress(firstName: string, lastName: string, address: AddressFacts) {
  return {
    first_name: firstName,
    last_name: lastName,
    company: null,
    address1: address.street,
    address2: null,
    city: address.city,
    province: null,
    country: address.country,
    zip: address.zip,
    phone: null,
    name: `${firstName} ${lastName}`,
    province_code: null,
    country_code: address.countryCode,
  };
}
