import type { ShopChange } from "../shopify/shop-store.server.ts";

/**
 * What a delivery says, as rows keyed by Shopify's ids. Every fact carries its version; of two versions of one fact the greater
 * (updatedAt, triggeredAt, delivery) is kept, whatever order they arrive in.
 */
export interface Version {
  updatedAt: Date;
  triggeredAt: Date;
  delivery: string;
}

export interface CustomerFact {
  id: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  country: string | null;
  /** The default one first, and perhaps no other. */
  addresses: AddressFact[];
  emailVerified: boolean | null;
  createdAt: Date | null;
  version: Version;
}

export interface AddressFact {
  line1: string | null;
  line2: string | null;
  city: string | null;
  zip: string | null;
  /** ISO 3166-2, "US-CA". */
  region: string | null;
  /** ISO 3166-1, "US". */
  country: string | null;
}

/** All addresses of a customer, the default one first: what orders and checkouts embed has no other. */
export interface CustomerAddressesFact {
  customerId: string;
  addresses: AddressFact[];
  version: Version;
}

/** What one delivery says of one tag; of several the latest counts. */
export interface TagFact {
  customerId: string;
  /** The tag without regard to case. */
  tagKey: string;
  tag: string;
  present: boolean;
  version: Version;
}

/** A language a customer was addressed in; of several words the latest counts. */
export interface LocaleFact {
  customerId: string;
  /** "en", "pt-BR" */
  locale: string;
  version: Version;
}

/** A metafield as it was read. */
export interface MetafieldFact {
  customerId: string;
  /** "namespace.key" */
  name: string;
  /** As rules read values; null: the customer does not have it. */
  value: unknown;
  folded: unknown;
  /** When it took this value, as far as Shopify tells. */
  changedAt: Date;
  version: Version;
}

export interface MergeFact {
  deletedId: string;
  keptId: string;
  version: Version;
}

export interface PurchasingSummaryFact {
  customerId: string;
  ordersCount: number;
  spentMinor: bigint;
  currency: string;
  lastOrderId: string | null;
  version: Version;
}

export interface ConsentFact {
  customerId: string;
  channel: "email" | "sms" | "whatsapp";
  state: string;
  optInLevel: string | null;
  consentedAt: Date | null;
  /** Where it was given, in Shopify's word; e-mail consent says nothing of it. */
  collectedFrom: string | null;
  version: Version;
}

export interface ProductFact {
  id: string;
  title: string | null;
  handle: string | null;
  vendor: string | null;
  productType: string | null;
  status: string | null;
  tags: string[];
  /** In Shopify's taxonomy, "Apparel & Accessories > Clothing". */
  category: string | null;
  imageUrl: string | null;
  /** Lowest variant price in the shop's currency, as a decimal. */
  price: string | null;
  createdAt: Date | null;
  /** Null while it is in no sales channel. */
  publishedAt: Date | null;
  version: Version;
}

/** The variants of a product, as many as the delivery carried. */
export interface ProductVariantsFact {
  productId: string;
  variants: VariantFact[];
  version: Version;
}

export interface VariantFact {
  id: string;
  price: string | null;
  sku: string | null;
  inventoryItemId: string | null;
  inventoryQuantity: number | null;
  /** "deny" or "continue": may it be sold when there is none left? */
  inventoryPolicy: string | null;
}

export interface CollectionFact {
  id: string;
  title: string | null;
  handle: string | null;
  publishedAt: Date | null;
  version: Version;
}

export interface InventoryLevelFact {
  itemId: string;
  locationId: string;
  available: number | null;
  version: Version;
}

export interface OrderLineFact {
  id: string;
  productId: string | null;
  variantId: string | null;
  title: string | null;
  vendor: string | null;
  quantity: number;
  priceMinor: bigint;
}

export interface OrderFact {
  id: string;
  customerId: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  currency: string;
  /** `total_price_set.shop_money` of this version, edits included and refunds not taken off. */
  grossMinor: bigint;
  orderedAt: Date;
  cancelledAt: Date | null;
  test: boolean;
  sourceName: string | null;
  appId: string | null;
  /** Where it was sold. It never changes, and what is read from the Admin API leaves it out (that would take read_locations). */
  locationId: string | null;
  discountCodes: string[];
  tags: string[];
  cartToken: string | null;
  checkoutToken: string | null;
  lines: OrderLineFact[];
  version: Version;
}

/** A successful refund transaction: it only ever comes into being, so it has no version. */
export interface RefundTransactionFact {
  id: string;
  refundId: string;
  orderId: string;
  amountMinor: bigint;
  currency: string;
  refundedAt: Date;
}

export interface RefundLineFact {
  id: string;
  refundId: string;
  orderId: string;
  lineId: string | null;
  quantity: number;
}

export interface CheckoutFact {
  token: string;
  cartToken: string | null;
  customerId: string | null;
  email: string | null;
  currency: string | null;
  totalMinor: bigint | null;
  items: number;
  startedAt: Date;
  completedAt: Date | null;
  version: Version;
}

export interface CartFact {
  token: string;
  items: number;
  lines: { productId: string | null; variantId: string | null; title: string | null; quantity: number }[];
  startedAt: Date;
  version: Version;
}

export interface Deletion {
  id: string;
  at: Date;
}

/** Found by its own token, or by that of the cart it came from. */
export interface CheckoutDeletion {
  by: "token" | "cart_token";
  token: string;
  at: Date;
}

export interface PrivacyRequestFact {
  kind: "data_request" | "customer_redact" | "shop_redact";
  /** Some requests name a person by an address alone. */
  customerId: string | null;
  email: string | null;
  phone: string | null;
  /** Orders the request names; not all of the person's. */
  orderIds: string[];
}

export interface Facts {
  customers: CustomerFact[];
  deletedCustomers: Deletion[];
  merges: MergeFact[];
  consents: ConsentFact[];
  tags: TagFact[];
  customerAddresses: CustomerAddressesFact[];
  locales: LocaleFact[];
  metafields: MetafieldFact[];
  purchasingSummaries: PurchasingSummaryFact[];
  products: ProductFact[];
  productVariants: ProductVariantsFact[];
  deletedProducts: Deletion[];
  collections: CollectionFact[];
  deletedCollections: Deletion[];
  inventoryLevels: InventoryLevelFact[];
  orders: OrderFact[];
  deletedOrders: Deletion[];
  refundTransactions: RefundTransactionFact[];
  refundLines: RefundLineFact[];
  checkouts: CheckoutFact[];
  deletedCheckouts: CheckoutDeletion[];
  carts: CartFact[];
  privacyRequests: PrivacyRequestFact[];
  /** When the app was removed from the shop. */
  uninstalls: Date[];
  grantedScopes: { scopes: string[]; at: Date }[];
  shopChanges: ShopChange[];
  /** Ids of bulk operations that are at their end. */
  finishedBulkOperations: string[];
}

export function noFacts(): Facts {
  return {
    customers: [],
    deletedCustomers: [],
    merges: [],
    consents: [],
    tags: [],
    customerAddresses: [],
    locales: [],
    metafields: [],
    purchasingSummaries: [],
    products: [],
    productVariants: [],
    deletedProducts: [],
    collections: [],
    deletedCollections: [],
    inventoryLevels: [],
    orders: [],
    deletedOrders: [],
    refundTransactions: [],
    refundLines: [],
    checkouts: [],
    deletedCheckouts: [],
    carts: [],
    privacyRequests: [],
    uninstalls: [],
    grantedScopes: [],
    shopChanges: [],
    finishedBulkOperations: [],
  };
}
