/** The last six: who looked at one product within the hour. */
export const VIEWED = [94, 95, 96, 97, 98, 99].map((place) => ({ key: `s${place}`, product: String(700 + place) }));

/** A hundred rules as a shop has them: by what was bought, viewed and opened, by tags, consent and place, and by other segments. */
export function hundredSegments(): { key: string; text: string }[] {
  const texts = [
    ...each([10, 20, 30, 45, 60, 75, 90, 120, 180, 365], (days) => `orders_placed MATCHES (date > -${days}d)`),
    ...each([1, 2, 3, 4, 5], (count) => `orders_placed MATCHES (date > -8760h, count >= ${count})`),
    ...each([50, 100, 200, 300, 400, 500, 1_000, 2_000, 3_000, 5_000], (spent) => `amount_spent >= ${spent}`),
    ...each([30, 60, 90, 180, 365], (days) => `number_of_orders >= 1 AND last_order_date < -${days}d`),
    ...each([1, 2, 3, 5, 8, 13, 21, 34, 55, 66], (id) => `products_purchased MATCHES (id = ${id}, date > -90d)`),
    ...each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (id) => `storefront.product_viewed MATCHES (id = ${id}, date > -24h)`),
    ...each([2, 3, 4], (count) => `storefront.product_viewed MATCHES (date > -48h, distinct(id) >= ${count})`),
    ...each(
      [1, 7],
      (days) => `storefront.product_viewed MATCHES (date > -${days}d) THEN WITHIN 2h orders_placed NOT MATCHES ()`,
    ),
    ...each(
      [7, 14, 30, 60, 90],
      (days) => `email.opened MATCHES (date > -${days}d) OR email.clicked MATCHES (date > -${days}d)`,
    ),
    ...each(
      [7, 30, 90],
      (days) => `orders_placed MATCHES (date > -365d) AND email.opened NOT MATCHES (date > -${days}d)`,
    ),
    ...each([0, 1, 2, 3, 4], (tag) => `customer_tags CONTAINS 'tag${tag}'`),
    ...each(["GB", "DE", "FR", "US", "NL"], (code) => `customer_countries CONTAINS '${code}'`),
    ...each(["SUBSCRIBED", "NOT_SUBSCRIBED", "UNSUBSCRIBED"], (state) => `email_subscription_status = '${state}'`),
    ...each([5, 10, 20, 50], (share) => `sample(${share}%)`),
    ...each([0, 1, 2, 3, 4], (key) => `segments CONTAINS 's${key}' AND email_subscription_status = 'SUBSCRIBED'`),
    ...each([1, 2, 3], (count) => `products_purchased MATCHES (price >= 250, date > -90d, count >= ${count})`),
    ...each([30, 90], (days) => `refunds_made MATCHES (date > -${days}d)`),
    ...each(
      [1, 3],
      (hours) => `checkouts_started MATCHES (date > -${hours}h) THEN WITHIN 1h orders_placed NOT MATCHES ()`,
    ),
    "customer_added_date > -30d",
    "number_of_orders = 0",
    ...each(VIEWED, ({ product }) => `storefront.product_viewed MATCHES (id = ${product}, date > -1h)`),
  ];
  if (texts.length !== 100) throw new Error(`${texts.length} segments`);
  return texts.map((text, index) => ({ key: `s${index}`, text }));
}

function each<T>(values: readonly T[], write: (value: T) => string): string[] {
  return values.map(write);
}
