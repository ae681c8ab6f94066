import type { ContentData } from "../../app/content/content-data.ts";

export const SHOP: ContentData["shop"] = {
  name: "Demo store",
  url: "https://demo.myshopify.com",
  currency: "GBP",
  timeZone: "Europe/London",
  locale: "en-GB",
};

const mug = {
  id: "1",
  title: "Mug <large>",
  url: "/products/mug",
  image: "https://cdn.example/mug.png",
  price: "12.5",
};
const pot = { id: "2", title: "Pot", url: "/products/pot", image: null, price: null };

export const ANNA: ContentData = {
  customer: {
    first_name: "Anna",
    last_name: "O'Brien <b>",
    full_name: "Anna O'Brien <b>",
    email: "anna@example.com",
    phone: null,
    orders_count: 3,
    total_spent: "223.50",
    average_order: "82.83",
    first_order_date: "2026-01-10T09:00:00.000Z",
    last_order_date: "2026-06-30T23:30:00.000Z",
    traits: { tier: "<gold>", points: 120, interests: ["tea", "coffee"], renews_on: "2027-01-31" },
  },
  segments: [
    { name: "Interested in Product X", key: "interested_in_product_x" },
    { name: "Loyal", key: "loyal" },
  ],
  products: [
    { ...mug, reason: "Because you bought Cup" },
    { ...pot, reason: "Popular this week" },
  ],
  personal: true,
  shop: SHOP,
};

export const NOBODY: ContentData = { customer: null, segments: [], products: [], personal: false, shop: SHOP };

export const NOW = new Date("2026-11-24T12:00:00.000Z");

/** Nine hundred times nine hundred times nine hundred, and nothing that the library counts. */
export const ENDLESS = `{% assign many = '${"x,".repeat(900)}' | split: ',' %}`.concat(
  "{% for one in many %}".repeat(3),
  "{% if one %}{% endif %}",
  "{% endfor %}".repeat(3),
);
