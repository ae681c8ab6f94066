/**
 * SQL: whether what the platforms said stands against the e-mail consent that the profile's own state grants, as `decideConsent`
 * decides it (`test/sync/consent-sql.test.ts` holds the two against each other in every combination). `$1` is the shop.
 * @param address SQL of the address in lower case
 * @param customer SQL of the customer's id
 */
export function platformsRefuse(address: string, customer: string): string {
  return `EXISTS (
    SELECT FROM platform_consents c
    LEFT JOIN LATERAL (
      SELECT coalesce(n.consented_at, n.source_updated_at) AS at,
        CASE WHEN n.opt_in_level ~* '^(single|confirmed)_opt_in$' THEN coalesce(n.consented_at, n.source_updated_at) END AS proven_at
      FROM consents n
      WHERE n.shop_id = $1 AND n.customer_id = ${customer} AND n.channel = 'email' AND n.state = 'subscribed'
    ) own ON true
    WHERE c.shop_id = $1 AND c.channel = 'email' AND c.address = ${address}
    HAVING bool_or(c.lasting) OR (
      bool_or(c.unsubscribed_at IS NOT NULL AND (coalesce(c.subscribed_at <= c.unsubscribed_at, true)
        OR coalesce(own.at <= c.unsubscribed_at, true)))
      AND NOT coalesce((SELECT consent_sync FROM shops WHERE id = $1)
        AND greatest(max(own.proven_at), max(c.proven_at)) > max(c.unsubscribed_at), false)))`;
}
