/**
 * Everything the app says to the Admin API (2026-10). The tests validate each document against Shopify's schema, and no other
 * file holds one.
 */

/** The shop's own record; no scope needed. */
export const SHOP = `#graphql
  query Shop {
    shop {
      id name myshopifyDomain ianaTimezone currencyCode
      shopAddress { countryCodeV2 } primaryDomain { localization { defaultLocale } }
    }
  }`;

/** What the merchant granted, which may be less than was asked for, and `read_all_orders` where Shopify approved it. */
export const GRANTED_SCOPES = `#graphql
  query GrantedScopes {
    currentAppInstallation { accessScopes { handle } }
  }`;

/** Switches the app's web pixel on; `settings` are those of its extension, as JSON. Scopes write_pixels and read_customer_events. */
export const CREATE_WEB_PIXEL = `#graphql
  mutation CreateWebPixel($settings: JSON!) {
    webPixelCreate(webPixel: { settings: $settings }) {
      webPixel { id }
      userErrors { code message }
    }
  }`;

export const UPDATE_WEB_PIXEL = `#graphql
  mutation UpdateWebPixel($id: ID!, $settings: JSON!) {
    webPixelUpdate(id: $id, webPixel: { settings: $settings }) {
      webPixel { id }
      userErrors { code message }
    }
  }`;

/** At most METAFIELDS_AT_ONCE, all of them or none. Scope of the owner's type; none for an app's own installation. */
export const SET_METAFIELDS = `#graphql
  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) { userErrors { code elementIndex message } }
  }`;
export const METAFIELDS_AT_ONCE = 25;

/** What is not there is no error. */
export const DELETE_METAFIELDS = `#graphql
  mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) { userErrors { message } }
  }`;

/** The owner of metafields that belong to the app in this shop and to nothing else of it. */
export const APP_INSTALLATION = `#graphql
  query AppInstallation {
    currentAppInstallation { id }
  }`;

/** Whether a customer is there, and which tags are on them. */
export const CUSTOMER_TAGS = `#graphql
  query CustomerTags($id: ID!) {
    customer(id: $id) { id tags }
  }`;

/** Scope write_customers. */
export const ADD_TAG = `#graphql
  mutation AddTag($id: ID!, $tag: String!) {
    tagsAdd(id: $id, tags: [$tag]) { userErrors { message } }
  }`;

export const REMOVE_TAG = `#graphql
  mutation RemoveTag($id: ID!, $tag: String!) {
    tagsRemove(id: $id, tags: [$tag]) { userErrors { message } }
  }`;

/** Starts the workflows that begin with a trigger of extensions/flow-trigger; `payload` holds its fields, below 50,000 bytes. */
export const FIRE_FLOW_TRIGGER = `#graphql
  mutation FireFlowTrigger($handle: String!, $payload: JSON!) {
    flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { message } }
  }`;

/** A customer's consent to e-mail, with when it was given or withdrawn. Scope write_customers. */
export const UPDATE_EMAIL_CONSENT = `#graphql
  mutation UpdateEmailConsent($input: CustomerEmailMarketingConsentUpdateInput!) {
    update: customerEmailMarketingConsentUpdate(input: $input) {
      userErrors { message }
    }
  }`;

export const UPDATE_SMS_CONSENT = `#graphql
  mutation UpdateSmsConsent($input: CustomerSmsMarketingConsentUpdateInput!) {
    update: customerSmsMarketingConsentUpdate(input: $input) {
      userErrors { message }
    }
  }`;

export const START_BULK_QUERY = `#graphql
  mutation StartBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
      bulkOperation { id createdAt }
      userErrors { code message }
    }
  }`;

export const BULK_OPERATION = `#graphql
  query BulkOperation($id: ID!) {
    bulkOperation(id: $id) { status errorCode createdAt rootObjectCount fileSize url partialDataUrl }
  }`;

const CONSENT_FIELDS = "state optInLevel updatedAt collectedFrom";
const CUSTOMER_FIELDS = `
  id firstName lastName createdAt updatedAt
  defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
  verifiedEmail tags locale
  defaultPhoneNumber { phoneNumber smsMarketingConsent { ${CONSENT_FIELDS} } whatsAppMarketingConsent { ${CONSENT_FIELDS} } }
  defaultAddress { address1 address2 city zip provinceCode countryCodeV2 }`;

const ORDER_FIELDS = `
  id name email phone createdAt processedAt updatedAt cancelledAt test sourceName cartToken checkoutToken
  discountCodes tags
  app { id }
  totalPriceSet { shopMoney { amount currencyCode } }
  customer { id }`;

const LINE_FIELDS = `
  id title vendor quantity
  product { id }
  variant { id }
  originalUnitPriceSet { shopMoney { amount currencyCode } }`;

/** What a bulk operation is asked for, by kind. Connections take no arguments there and may not lie within lists. */
export const BULK_QUERIES = {
  products: `{
    products { edges { node {
      id title handle vendor productType status tags createdAt updatedAt publishedAt
      category { fullName }
      featuredMedia { preview { image { url } } }
      priceRangeV2 { minVariantPrice { amount currencyCode } }
    } } }
  }`,
  customers: `{
    customers { edges { node {
      ${CUSTOMER_FIELDS}
      numberOfOrders
      amountSpent { amount currencyCode }
      lastOrder { id processedAt }
      metafields { edges { node { id namespace key type value updatedAt } } }
    } } }
  }`,
  orders: `{
    orders { edges { node {
      ${ORDER_FIELDS}
      refunds { id }
      lineItems { edges { node { ${LINE_FIELDS} } } }
    } } }
  }`,
} as const;

/** Ids and versions of what changed, 250 at a time; costs 252 points. */
export const ORDERS_UPDATED = `#graphql
  query OrdersUpdated($query: String!, $after: String) {
    orders(first: 250, after: $after, sortKey: UPDATED_AT, query: $query) {
      nodes { id updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** As above, with the consents and the tags, whose change leaves no other trace if its webhook is lost; costs 752 points. */
export const CUSTOMERS_UPDATED = `#graphql
  query CustomersUpdated($query: String!, $after: String) {
    customers(first: 150, after: $after, sortKey: UPDATED_AT, query: $query) {
      nodes {
        id updatedAt tags locale
        defaultEmailAddress { marketingState marketingUpdatedAt }
        defaultPhoneNumber { smsMarketingConsent { state updatedAt } whatsAppMarketingConsent { state updatedAt } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** Whole orders, at most ORDERS_AT_ONCE: 106 points each, and no operation may cost more than 1,000. */
export const ORDERS = `#graphql
  query Orders($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        ${ORDER_FIELDS}
        refunds(first: 50) { id }
        lineItems(first: 10) { nodes { ${LINE_FIELDS} } pageInfo { hasNextPage endCursor } }
      }
    }
  }`;
export const ORDERS_AT_ONCE = 8;

export const MORE_LINES = `#graphql
  query MoreLines($id: ID!, $after: String) {
    order(id: $id) {
      lineItems(first: 100, after: $after) { nodes { ${LINE_FIELDS} } pageInfo { hasNextPage endCursor } }
    }
  }`;

/** At most CUSTOMERS_AT_ONCE: 5 points each. */
export const CUSTOMERS = `#graphql
  query Customers($ids: [ID!]!) {
    nodes(ids: $ids) { ... on Customer { ${CUSTOMER_FIELDS} } }
  }`;
export const CUSTOMERS_AT_ONCE = 150;

/** All that a shop can have for customers; costs 502 points. */
export const METAFIELD_DEFINITIONS = `#graphql
  query MetafieldDefinitions {
    metafieldDefinitions(ownerType: CUSTOMER, first: 250) { nodes { namespace key name type { name } } }
  }`;

/** Of at most METAFIELD_OWNERS_AT_ONCE customers those among METAFIELD_KEYS_AT_ONCE names, "namespace.key": 28 points a customer. */
export const CUSTOMER_METAFIELDS = `#graphql
  query CustomerMetafields($ids: [ID!]!, $keys: [String!]!) {
    nodes(ids: $ids) {
      ... on Customer { id metafields(first: 25, keys: $keys) { nodes { namespace key type value updatedAt } } }
    }
  }`;
export const METAFIELD_OWNERS_AT_ONCE = 35;
export const METAFIELD_KEYS_AT_ONCE = 25;

const REFUND_LINE_FIELDS = `
  id quantity
  lineItem { id }
  subtotalSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }`;
const TRANSACTION_FIELDS = `id kind status processedAt createdAt amountSet { presentmentMoney { amount currencyCode } }`;

/** At most REFUNDS_AT_ONCE: 75 points each. */
export const REFUNDS = `#graphql
  query Refunds($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Refund {
        id createdAt processedAt
        order { id totalPriceSet { shopMoney { currencyCode } } }
        transactions(first: 5) { nodes { ${TRANSACTION_FIELDS} } pageInfo { hasNextPage endCursor } }
        refundLineItems(first: 10) { nodes { ${REFUND_LINE_FIELDS} } pageInfo { hasNextPage endCursor } }
      }
    }
  }`;
export const REFUNDS_AT_ONCE = 12;

export const MORE_OF_REFUND = `#graphql
  query MoreOfRefund($id: ID!, $transactions: String, $lines: String) {
    node(id: $id) {
      ... on Refund {
        transactions(first: 50, after: $transactions) { nodes { ${TRANSACTION_FIELDS} } pageInfo { hasNextPage endCursor } }
        refundLineItems(first: 100, after: $lines) { nodes { ${REFUND_LINE_FIELDS} } pageInfo { hasNextPage endCursor } }
      }
    }
  }`;
