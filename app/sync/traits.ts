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
];

/** The fields that a mapping needs; traits that are no longer offered are left out. */
export function fieldsOf(mapped: readonly MappedTrait[]): Field[] {
  return mapped.flatMap(({ trait, field }) => {
    const known = TRAITS.find(({ name }) => name === trait);
    return known ? [{ name: field, label: known.label, type: known.type }] : [];
  });
}
