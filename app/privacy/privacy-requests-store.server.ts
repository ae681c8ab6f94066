import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** Shopify's limit for privacy requests (https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance). */
const DAYS_TO_COMPLETE = 30;

export interface PrivacyRequest {
  kind: "data_request" | "customer_redact" | "shop_redact";
  customerId: string | null;
  inboxId: string;
  receivedAt: Date;
}

/** Books privacy requests with the day they must be done by. */
export async function recordPrivacyRequests(tx: Sql, shop: ShopId, requests: readonly PrivacyRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await tx.query(
    `INSERT INTO privacy_requests (shop_id, kind, customer_id, inbox_id, received_at, due_at)
     SELECT $1, kind, customer_id, inbox_id, received_at, received_at + make_interval(days => $3)
     FROM json_to_recordset($2::json) AS given (kind text, customer_id bigint, inbox_id bigint, received_at timestamptz)
     ON CONFLICT (inbox_id) DO NOTHING`,
    [
      shop,
      JSON.stringify(
        requests.map((request) => ({
          kind: request.kind,
          customer_id: request.customerId,
          inbox_id: request.inboxId,
          received_at: request.receivedAt,
        })),
      ),
      DAYS_TO_COMPLETE,
    ],
  );
}
