/** Pairs that wait for a decision: both have a profile of their own, and nobody has just merged them. */
export const WAITING = `p.state = 'open'
  AND EXISTS (SELECT FROM profiles one WHERE one.shop_id = p.shop_id AND one.customer_id = p.low_id)
  AND EXISTS (SELECT FROM profiles one WHERE one.shop_id = p.shop_id AND one.customer_id = p.high_id)
  AND NOT EXISTS (SELECT FROM profile_links l WHERE l.shop_id = p.shop_id AND l.low_id = p.low_id AND l.high_id = p.high_id)`;

/** Of the shop in $1 who is suspected to be one person with another (id), and since when (found_at). */
export const SUSPECTED = `SELECT low_id AS id, found_at FROM duplicate_pairs p WHERE shop_id = $1 AND ${WAITING}
  UNION ALL SELECT high_id, found_at FROM duplicate_pairs p WHERE shop_id = $1 AND ${WAITING}`;
