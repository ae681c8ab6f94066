import type { Field } from "./destination.ts";
import { UNUSUAL_CURRENCIES } from "../platform/money.ts";
import { retold } from "../texts/retold.ts";
import type { Text } from "../texts/text.ts";
import type { MappedTrait } from "./destination-store.server.ts";

/** A trait of a profile that can go along to a platform. */
export interface Trait {
  /** The name under which it is kept in a mapping. */
  name: string;
  /** As platforms are told, which is in English. */
  label: string;
  /** As the catalogue has the label. */
  text: Text;
  type: "number" | "text" | "date";
  /** Its value as JSON, over a row `p` of profiles. Money is in units of the shop's currency. */
  sql: string;
}

const inUnits = (minor: string, decimals: number): string =>
  `to_jsonb(round((${minor})::numeric / ${10 ** decimals}, ${decimals}))`;
const UNUSUAL = [...UNUSUAL_CURRENCIES];
const money = (minor: string): string =>
  `CASE ${UNUSUAL.map(([decimals, codes]) => `WHEN p.currency = ANY ('{${codes.join()}}') THEN ${inUnits(minor, decimals)}`).join(" ")}
    ELSE ${inUnits(minor, 2)} END`;
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
  const trait = (name: string, text: Text, type: Trait["type"], sql: string): Trait => ({
    ...plain(`recommended_${place}_${name}`, text, type, sql),
    label: text.replace("{place}", String(place)),
  });
  return [
    trait("id", "Recommended product {place}: number in Shopify", "text", `to_jsonb(${of("id")})`),
    trait("title", "Recommended product {place}: title", "text", `to_jsonb(left(${of("title")}, 60))`),
    trait("url", "Recommended product {place}: address", "text", WHOLE(`(${HOME} || ${of("url")})`)),
    trait("image", "Recommended product {place}: picture", "text", WHOLE(of("image"))),
    trait("price", "Recommended product {place}: price", "number", `to_jsonb(${of("price")}::numeric)`),
  ];
}

function plain(name: string, text: Text, type: Trait["type"], sql: string): Trait {
  return { name, label: text, text, type, sql };
}

/** The label in the reader's language. */
export function traitWords({ label, text }: Trait): string {
  return retold(label, [text]);
}

/** Whether a mapping sends anything along that a new list of recommendations changes. */
export const RECOMMENDATION_TRAIT = "recommended_%";

/** Every trait there is, in the order in which they are offered. */
export const TRAITS: readonly Trait[] = [
  plain("orders_count", "Number of orders", "number", "to_jsonb(p.orders_count)"),
  plain("spent", "Amount spent", "number", money("p.gross_minor - p.refunded_minor")),
  plain(
    "average_order",
    "Average order",
    "number",
    `CASE WHEN p.orders_count > 0 THEN ${money("p.gross_minor / p.orders_count")} END`,
  ),
  plain("currency", "Currency", "text", "to_jsonb(p.currency)"),
  plain("first_order_on", "Day of the first order", "date", day("p.first_order_at")),
  plain("last_order_on", "Day of the last order", "date", day("p.last_order_at")),
  plain("last_seen_on", "Day last seen", "date", day("p.last_seen_at")),
  ...Array.from({ length: RECOMMENDED }, (_, at) => recommended(at + 1)).flat(),
];

/** The fields that a mapping needs; traits that are no longer offered are left out. */
export function fieldsOf(mapped: readonly MappedTrait[]): Field[] {
  return mapped.flatMap(({ trait, field }) => {
    const known = TRAITS.find(({ name }) => name === trait);
    return known ? [{ name: field, label: known.label, type: known.type }] : [];
  });
}
