import { Connection, type Fields } from "../../admin/connection.ts";
import type { PastCustomer } from "../past.ts";
import type { ShopSettings } from "../shop-facts.ts";
import { graphqlTime, moneyOf } from "./money.ts";

const NEVER_ASKED = { state: "NEVER_SUBSCRIBED", optInLevel: null, updatedAt: null, collectedFrom: null };

/** Lets a connection be asked for certain keys, as the Admin API does; a bulk operation asks for all. */
function metafieldsOf({ customer, metafields = [] }: PastCustomer): Connection {
  return new Connection(
    metafields.map(({ updatedAt, ...metafield }, place) => ({
      id: `gid://shopify/Metafield/${customer.id}${place}`,
      ...metafield,
      updatedAt: graphqlTime(updatedAt),
    })),
    ({ keys }, { namespace, key }) => !Array.isArray(keys) || keys.includes(`${String(namespace)}.${String(key)}`),
  );
}

/** The type Customer: the customer of `customerPayload` with the consent of `emailConsentPayload` and the shop's own totals. */
export function customerNode(shop: ShopSettings, past: PastCustomer): Fields {
  const { customer, consent, whatsApp, lastOrder } = past;
  return {
    id: `gid://shopify/Customer/${customer.id}`,
    legacyResourceId: String(customer.id),
    firstName: customer.firstName,
    lastName: customer.lastName,
    createdAt: graphqlTime(customer.createdAt),
    updatedAt: graphqlTime(customer.updatedAt),
    defaultEmailAddress:
      customer.email === null
        ? null
        : {
            emailAddress: customer.email,
            marketingState: (consent?.state ?? "not_subscribed").toUpperCase(),
            marketingOptInLevel: !consent || consent.state === "not_subscribed" ? null : "SINGLE_OPT_IN",
            marketingUpdatedAt: consent && graphqlTime(consent.updatedAt),
          },
    verifiedEmail: customer.email !== null,
    tags: [...(past.tags ?? [])],
    locale: past.locale ?? "en",
    metafields: metafieldsOf(past),
    defaultPhoneNumber:
      customer.phone === null
        ? null
        : {
            phoneNumber: customer.phone,
            smsMarketingConsent: NEVER_ASKED,
            whatsAppMarketingConsent: whatsApp
              ? {
                  state: whatsApp.state.toUpperCase(),
                  optInLevel: "SINGLE_OPT_IN",
                  updatedAt: graphqlTime(whatsApp.updatedAt),
                  collectedFrom: "OTHER",
                }
              : NEVER_ASKED,
          },
    defaultAddress: customer.address && {
      address1: customer.address.street,
      address2: null,
      city: customer.address.city,
      zip: customer.address.zip,
      provinceCode: null,
      countryCodeV2: customer.address.countryCode,
    },
    numberOfOrders: String(past.numberOfOrders),
    amountSpent: moneyOf(past.amountSpent, shop.currency),
    lastOrder: lastOrder && {
      id: `gid://shopify/Order/${lastOrder.id}`,
      processedAt: graphqlTime(lastOrder.createdAt),
    },
  };
}
