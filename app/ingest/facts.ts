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
  createdAt: Date | null;
  version: Version;
}

export interface ConsentFact {
  customerId: string;
  channel: "email";
  state: string;
  optInLevel: string | null;
  consentedAt: Date | null;
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
  imageUrl: string | null;
  /** Lowest variant price in the shop's currency, as a decimal. */
  price: string | null;
  createdAt: Date | null;
  version: Version;
}

export interface OrderLineFact {
  id: string;
  productId: string | null;
  variantId: string | null;
  title: string | null;
  quantity: number;
  priceMinor: bigint;
}

export interface OrderFact {
  id: string;
  customerId: string | null;
  name: string | null;
  email: string | null;
  currency: string;
  /** `total_price_set.shop_money` of this version, edits included and refunds not taken off. */
  grossMinor: bigint;
  orderedAt: Date;
  cancelledAt: Date | null;
  test: boolean;
  sourceName: string | null;
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
  consents: ConsentFact[];
  products: ProductFact[];
  deletedProducts: Deletion[];
  orders: OrderFact[];
  refundTransactions: RefundTransactionFact[];
  refundLines: RefundLineFact[];
  checkouts: CheckoutFact[];
  carts: CartFact[];
  privacyRequests: PrivacyRequestFact[];
  /** When the app was removed from the shop. */
  uninstalls: Date[];
}

export function noFacts(): Facts {
  return {
    customers: [],
    deletedCustomers: [],
    consents: [],
    products: [],
    deletedProducts: [],
    orders: [],
    refundTransactions: [],
    refundLines: [],
    checkouts: [],
    carts: [],
    privacyRequests: [],
    uninstalls: [],
  };
}
