import type { Field } from "./destination.ts";
import type { MappedTrait } from "./destination-store.server.ts";

/** A trait of a profile that can go along to a platform. */
export interface Trait {
  /** The name under which it is kept in a mapping. */
  name: string;
  label: string;
  type: "number" | "text" | "date";
  /** Its value as JSON, over a row `p` of profiles. Money is in units of the shop's currency. */
  sql: string;
}

const money = (minor: string): string => `to_jsonb(round((${minor})::numeric / 100, 2))`;
const day = (column: string): string => `to_jsonb(to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD'))`;

/** How many of the recommended products can go along: e-mails show three or four, and merge fields are few. */
const RECOMMENDED = 3;
/** A Mailchimp merge field of type text holds 255 bytes; an address that is cut leads nowhere, so a longer one is left out. */
const WHOLE = (text: string): string => `CASE WHEN octet_length(${text}) <= 255 THEN to_jsonb(${text}) END`;
const HOME = "(SELECT 'https://' || s.domain FROM shops s WHERE s.id = p.shop_id)";

/**
 * The recommended products, flat: their ids for templates that look products up in a catalogue, and what such a template would find
 * there, for shops without one. Null where the list is shorter.
 */
function recommended(place: number): Trait[] {
  const of = (field: string): string => `(p.recommended #>> '{items,${place - 1},${field}}')`;
  const trait = (name: string, label: string, type: Trait["type"], sql: string): Trait => ({
    name: `recommended_${place}_${name}`,
    label: `Recommended product ${place}: ${label}`,
    type,
    sql,
  });
  return [
    trait("id", "number in Shopify", "text", `to_jsonb(${of("id")})`),
    trait("title", "title", "text", `to_jsonb(left(${of("title")}, 60))`),
    trait("url", "address", "text", WHOLE(`(${HOME} || ${of("url")})`)),
    trait("image", "picture", "text", WHOLE(of("image"))),
    trait("price", "price", "number", `to_jsonb(${of("price")}::numeric)`),
  ];
}

/** Whether a mapping sends anything along that a new list of recommendations changes. */
export const RECOMMENDATION_TRAIT = "recommended_%";

/** Every trait there is, in the order in which they are offered. */
export const TRAITS: readonly Trait[] = [
  { name: "orders_count", label: "Number of orders", type: "number", sql: "to_jsonb(p.orders_count)" },
  { name: "spent", label: "Amount spent", type: "number", sql: money("p.gross_minor - p.refunded_minor") },
  {
    name: "average_order",
    label: "Average order",
    type: "number",
    sql: `CASE WHEN p.orders_count > 0 THEN ${money("p.gross_minor / p.orders_count")} END`,
  },
  { name: "currency", label: "Currency", type: "text", sql: "to_jsonb(p.currency)" },
  { name: "first_order_on", label: "Day of the first order", type: "date", sql: day("p.first_order_at") },
  { name: "last_order_on", label: "Day of the last order", type: "date", sql: day("p.last_order_at") },
  { name: "last_seen_on", label: "Day last seen", type: "date", sql: day("p.last_seen_at") },
  ...Array.from({ length: RECOMMENDED }, (_, at) => recommended(at + 1)).flat(),
];

/** The fields that a mapping needs; traits that are no longer offered are left out. */
export function fieldsOf(mapped: readonly MappedTrait[]): Field[] {
  return mapped.flatMap(({ trait, field }) => {
    const known = TRAITS.find(({ name }) => name === trait);
    return known ? [{ name: field, label: known.label, type: known.type }] : [];
  });
}
