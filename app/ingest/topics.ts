import type { Facts, Version } from "./facts.ts";
import { cartChanged } from "./topics/carts.ts";
import { checkoutChanged } from "./topics/checkouts.ts";
import { customerRedacted, dataRequested, shopRedacted } from "./topics/compliance.ts";
import { emailConsentChanged } from "./topics/consent.ts";
import { customerChanged, customerDeleted } from "./topics/customers.ts";
import { orderChanged } from "./topics/orders.ts";
import { productChanged, productDeleted } from "./topics/products.ts";
import { refundCreated } from "./topics/refunds.ts";
import { appUninstalled } from "./topics/shop.ts";

/** Every topic `shopify.app.toml` subscribes to, and what reads it. The names are those of the X-Shopify-Topic header. */
export const topics: Readonly<Record<string, (payload: unknown, version: Version) => Partial<Facts>>> = {
  "app/uninstalled": appUninstalled,
  "carts/create": cartChanged,
  "carts/update": cartChanged,
  "checkouts/create": checkoutChanged,
  "checkouts/update": checkoutChanged,
  "customers/create": customerChanged,
  "customers/data_request": dataRequested,
  "customers/delete": customerDeleted,
  "customers/redact": customerRedacted,
  "customers/update": customerChanged,
  "customers_email_marketing_consent/update": emailConsentChanged,
  "orders/cancelled": orderChanged,
  "orders/create": orderChanged,
  "orders/updated": orderChanged,
  "products/create": productChanged,
  "products/delete": productDeleted,
  "products/update": productChanged,
  "refunds/create": refundCreated,
  "shop/redact": shopRedacted,
};
