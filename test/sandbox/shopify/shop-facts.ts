import type { ShopZone } from "./shop-time.ts";

/** What the store knows. Records are never changed in place, so a body built later still shows the state of its time. */
export type ShopSettings = {
  domain: string;
  currency: string;
  zone: ShopZone;
  /** Share of the net price that is added as tax and already inside every price; 0 for none. */
  taxRate: number;
};

export type AddressFacts = Readonly<{
  street: string;
  zip: string;
  city: string;
  countryCode: string;
  country: string;
}>;

export type CustomerFacts = Readonly<{
  id: number;
  email: string | null;
  phone: string | null;
  firstName: string;
  lastName: string;
  address: AddressFacts | null;
  createdAt: Date;
  updatedAt: Date;
}>;

export type ConsentFacts = Readonly<{ state: "subscribed" | "not_subscribed" | "unsubscribed"; updatedAt: Date }>;

export type VariantFacts = Readonly<{ id: number; title: string; sku: string; price: number }>;

export type ProductFacts = Readonly<{
  id: number;
  title: string;
  type: string;
  vendor: string;
  tags: readonly string[];
  /** Name of the one option its variants differ in; null for a product without choices. */
  option: string | null;
  variants: readonly VariantFacts[];
  status: "active" | "archived";
  createdAt: Date;
  updatedAt: Date;
}>;

/** All amounts are integer minor units of the shop's currency. */
export type LineFacts = Readonly<{
  id: number;
  productId: number;
  variantId: number;
  title: string;
  variantTitle: string | null;
  sku: string;
  vendor: string | null;
  quantity: number;
  unitPrice: number;
  discount: number;
}>;

export type RefundFacts = Readonly<{
  id: number;
  transactionId: number;
  orderId: number;
  at: Date;
  note: string | null;
  items: readonly Readonly<{ id: number; lineId: number; quantity: number; subtotal: number }>[];
  /** Shipping given back on top of the items. */
  shipping: number;
  restock: boolean;
  test: boolean;
}>;

export type OrderFacts = Readonly<{
  id: number;
  number: number;
  customer: CustomerFacts | null;
  email: string | null;
  phone: string | null;
  address: AddressFacts | null;
  lines: readonly LineFacts[];
  shipping: number;
  discountCode: string | null;
  createdAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  fulfilledAt: Date | null;
  refunds: readonly RefundFacts[];
  test: boolean;
  source: "web" | "pos";
  cartToken: string | null;
  checkoutToken: string | null;
  buyerAcceptsMarketing: boolean;
}>;

export type CheckoutFacts = Readonly<{
  token: string;
  cartToken: string;
  email: string | null;
  customer: CustomerFacts | null;
  address: AddressFacts | null;
  lines: readonly LineFacts[];
  createdAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
  buyerAcceptsMarketing: boolean;
}>;

export type CartFacts = Readonly<{
  token: string;
  lines: readonly LineFacts[];
  createdAt: Date;
  updatedAt: Date;
}>;

export function linesTotal(lines: readonly LineFacts[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, 0);
}

export function refundTotal(refund: RefundFacts): number {
  return refund.items.reduce((sum, item) => sum + item.subtotal, refund.shipping);
}
