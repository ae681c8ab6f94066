import type { Facts, Version } from "./facts.ts";
import { bulkOperationFinished } from "./topics/bulk-operations.ts";
import { cartChanged } from "./topics/carts.ts";
import { checkoutChanged, checkoutDeleted } from "./topics/checkouts.ts";
import { collectionChanged, collectionDeleted } from "./topics/collections.ts";
import { customerRedacted, dataRequested, shopRedacted } from "./topics/compliance.ts";
import { emailConsentChanged, smsConsentChanged, whatsAppConsentChanged } from "./topics/consent.ts";
import { customerChanged, customerDeleted } from "./topics/customers.ts";
import { inventoryLevelChanged } from "./topics/inventory.ts";
import { customersMerged } from "./topics/merges.ts";
import { orderChanged, orderDeleted, orderEdited } from "./topics/orders.ts";
import { productChanged, productDeleted } from "./topics/products.ts";
import { purchasesSummed } from "./topics/purchasing-summaries.ts";
import { refundCreated } from "./topics/refunds.ts";
import { appUninstalled, scopesChanged, shopChanged } from "./topics/shop.ts";
import { tagsAdded, tagsRemoved } from "./topics/tags.ts";

/** Every topic `shopify.app.toml` subscribes to, and what reads it. The names are those of the X-Shopify-Topic header. */
export const topics: Readonly<Record<string, (payload: unknown, version: Version) => Partial<Facts>>> = {
  "app/scopes_update": scopesChanged,
  "app/uninstalled": appUninstalled,
  "bulk_operations/finish": bulkOperationFinished,
  "carts/create": cartChanged,
  "carts/update": cartChanged,
  "checkouts/create": checkoutChanged,
  "checkouts/delete": checkoutDeleted,
  "checkouts/update": checkoutChanged,
  "collections/create": collectionChanged,
  "collections/delete": collectionDeleted,
  "collections/update": collectionChanged,
  "customer.tags_added": tagsAdded,
  "customer.tags_removed": tagsRemoved,
  "customers/create": customerChanged,
  "customers/data_request": dataRequested,
  "customers/delete": customerDeleted,
  "customers/merge": customersMerged,
  "customers/purchasing_summary": purchasesSummed,
  "customers/redact": customerRedacted,
  "customers/update": customerChanged,
  "customers_email_marketing_consent/update": emailConsentChanged,
  "customers_marketing_consent/update": smsConsentChanged,
  "customers_whats_app_marketing_consent/update": whatsAppConsentChanged,
  "inventory_levels/update": inventoryLevelChanged,
  "orders/cancelled": orderChanged,
  "orders/create": orderChanged,
  "orders/delete": orderDeleted,
  "orders/edited": orderEdited,
  "orders/fulfilled": orderChanged,
  "orders/paid": orderChanged,
  "orders/partially_fulfilled": orderChanged,
  "orders/updated": orderChanged,
  "products/create": productChanged,
  "products/delete": productDeleted,
  "products/update": productChanged,
  "refunds/create": refundCreated,
  "shop/redact": shopRedacted,
  "shop/update": shopChanged,
};
