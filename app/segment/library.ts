import type { Text } from "../texts/text.ts";

export interface ReadySegment {
  key: string;
  name: Text;
  /** What it is for, in one sentence. */
  purpose: Text;
  /** In the rule language; parts in braces are for the merchant to fill in. */
  text: string;
  /** The parts to fill in, by their names in braces. */
  fill?: Readonly<Record<string, Text>>;
}

/** Ready segments, in the order in which they are offered. */
export const library: readonly ReadySegment[] = [
  {
    key: "recent_browsers",
    name: "Recent browsers",
    purpose:
      "Shoppers who look around in earnest: three different products in 48 hours and no purchase since the last of them.",
    text: "storefront.product_viewed MATCHES (date > -48h, distinct(id) >= 3) AND storefront.product_viewed MATCHES (date > -48h) THEN orders_placed NOT MATCHES ()",
  },
  {
    key: "cart_abandoners",
    name: "Cart abandoners",
    purpose:
      "A checkout was begun in the last three days and left alone for an hour: remind them while they still want it.",
    text: "abandoned_checkout_date > -72h",
  },
  {
    key: "interested_in_product",
    name: "Interested in a product",
    purpose: "Looked at one product in the last 24 hours: tell them more about it.",
    text: "storefront.product_viewed MATCHES (id = {product}, date > -24h)",
    fill: { product: "the product's id" },
  },
  {
    key: "viewed_category",
    name: "Viewed a category",
    purpose: "Looked at products of one category in the last week: show them what else there is.",
    text: "storefront.product_viewed MATCHES (category = '{category}', date > -7d)",
    fill: { category: "the category in Shopify's taxonomy" },
  },
  {
    key: "vip_nurture",
    name: "VIP nurture",
    purpose: "Bought something of high value in the last 90 days: look after them in person.",
    text: "products_purchased MATCHES (price >= 250, date > -90d)",
  },
  {
    key: "engaged",
    name: "Engaged",
    purpose:
      "Opened or clicked an e-mail in the last seven days, in person and not by a mail program: the ones to write to first.",
    text: "email.opened MATCHES (date > -7d, machine != 'yes') OR email.clicked MATCHES (date > -7d, machine != 'yes')",
  },
  {
    key: "new_customers",
    name: "New customers",
    purpose: "Bought for the first time in the last 30 days: welcome them.",
    text: "number_of_orders = 1 AND first_order_date > -30d",
  },
  {
    key: "loyal_customers",
    name: "Loyal customers",
    purpose: "Three orders or more within a year: thank them.",
    text: "orders_placed MATCHES (date > -365d, count >= 3)",
  },
  {
    key: "churned",
    name: "Churned",
    purpose: "Used to buy and has not for half a year: a last, generous try or none at all.",
    text: "number_of_orders >= 1 AND last_order_date < -180d",
  },
  {
    key: "high_value",
    name: "High-value buyers",
    purpose: "Spent 500 or more in all: worth early access and better service.",
    text: "amount_spent >= 500",
  },
  {
    key: "low_value",
    name: "Low-value buyers",
    purpose: "Bought, but for less than 50 in all: bundles and thresholds raise the next basket.",
    text: "number_of_orders >= 1 AND amount_spent < 50",
  },
  {
    key: "active_members",
    name: "Active members",
    purpose: "Customers who leave by themselves after 90 days without doing anything.",
    text: "number_of_orders >= 1 EXPIRE AFTER 90d WITHOUT ACTIVITY",
  },
  {
    key: "win_back",
    name: "Win-back",
    purpose: "Bought twice or more and is late with the next order: bring them back before they are gone.",
    text: "number_of_orders >= 2 AND last_order_date BETWEEN -180d AND -90d",
  },
  {
    key: "unengaged_but_buying",
    name: "Unengaged but buying",
    purpose: "Buys without reading e-mails: reach them in another way, and spare your sender reputation.",
    text: "orders_placed MATCHES (date > -90d) AND email.opened NOT MATCHES (date > -90d) AND email.clicked NOT MATCHES (date > -90d)",
  },
];
