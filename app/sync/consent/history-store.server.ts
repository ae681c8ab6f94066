import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { Channel, Source } from "./decide-consent.ts";

/** One thing that was said of a person's consent. */
export interface ConsentSaid {
  channel: Channel;
  source: Source;
  /** The account at the platform, where it is known. */
  account: string | null;
  /** Shopify's state in lower case, or what a platform says: subscribed or unsubscribed. */
  state: string;
  optInLevel: string | null;
  /** What led to an unsubscribe, where a platform tells. */
  reason: string | null;
  /** We told the source, and it did not tell us. */
  told: boolean;
  at: Date;
}

const REACH = `SELECT reach.* FROM profiles p
  CROSS JOIN LATERAL (VALUES ('email', lower(btrim(p.email))), ('sms', regexp_replace(p.phone, '\\D', '', 'g')),
    ('whatsapp', regexp_replace(p.phone, '\\D', '', 'g'))) AS reach (channel, address)`;

/** Keeps what the shop says of these customers' consent as evidence, each statement once; no word of who never said anything. */
export async function keepShopConsents(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.query(
    `INSERT INTO consent_evidence (shop_id, channel, address, source, state, opt_in_level, told, at, heard_at)
     SELECT DISTINCT $1::int, n.channel, reach.address, 'shop', n.state, n.opt_in_level, false,
       coalesce(n.consented_at, n.source_updated_at), now()
     FROM consents n JOIN LATERAL (${REACH} WHERE p.shop_id = $1 AND p.customer_id = n.customer_id) reach ON reach.channel = n.channel
     WHERE n.shop_id = $1 AND n.customer_id = ANY ($2::bigint[]) AND n.state <> 'not_subscribed' AND coalesce(reach.address, '') <> ''
     ON CONFLICT DO NOTHING`,
    [shop, customerIds],
  );
}

/** What was said of a customer's consent in every channel, under the addresses they have now, the newest first. */
export async function consentHistory(
  sql: Sql,
  shop: ShopId,
  customerId: string,
  limit: number,
): Promise<ConsentSaid[]> {
  const { rows } = await sql.query<ConsentSaid>(
    `SELECT e.channel, e.source, (SELECT max(d.account_name) FROM destinations d WHERE d.shop_id = $1 AND d.consent_source = e.source) AS account,
       e.state, e.opt_in_level AS "optInLevel", e.reason, e.told, e.at
     FROM (${REACH} WHERE p.shop_id = $1 AND p.customer_id = $2) reach
     JOIN consent_evidence e ON e.shop_id = $1 AND e.channel = reach.channel AND e.address = reach.address
     UNION
     SELECT n.channel, 'shop', NULL, n.state, n.opt_in_level, NULL, false, coalesce(n.consented_at, n.source_updated_at)
     FROM consents n WHERE n.shop_id = $1 AND n.customer_id = $2
     ORDER BY at DESC, channel, source LIMIT $3`,
    [shop, customerId, limit],
  );
  return rows;
}
