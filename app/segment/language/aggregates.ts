import { Refusal, type Span } from "./diagnostics.ts";
import { type EventKind, findProperty, type ValueType } from "./dictionary.ts";
import type { AggregateFunction } from "./tree.ts";
import { t } from "../../texts/text.ts";

const NAMES: ReadonlyMap<string, AggregateFunction> = new Map([
  ...(["count", "distinct", "sum", "average", "min", "max", "first", "last"] as const).map((fn) => [fn, fn] as const),
  ["avg", "average"],
  ["minimum", "min"],
  ["maximum", "max"],
]);

export function aggregateNamed(name: string): AggregateFunction | null {
  return NAMES.get(name.toLowerCase()) ?? null;
}

/** Sums that Shopify writes as one word: `sum_amount`, `sum_quantity`. */
export function isShopifySum(event: string, fn: AggregateFunction, property: string): boolean {
  return (
    fn === "sum" &&
    ((event === "orders_placed" && property === "amount") ||
      (event === "products_purchased" && property === "quantity"))
  );
}

/** The type an aggregate over a property has. Throws a Refusal when there is none. */
export function aggregateType(
  event: EventKind,
  fn: AggregateFunction,
  property: string | undefined,
  span: Span,
): ValueType {
  if (property === undefined || fn === "count") return "integer";
  const type = findProperty(event, property)?.type ?? "any";
  if (type === "text_list" || type === "code_list") {
    throw new Refusal(
      span,
      t("{property} holds several values; {function} needs a property with one.", { property, function: fn }),
    );
  }
  switch (fn) {
    case "distinct":
      return "integer";
    case "sum":
      if (type === "integer" || type === "money") return type;
      if (type === "number" || type === "any") return "number";
      break;
    case "average":
      if (type === "money") return type;
      if (type === "integer" || type === "number" || type === "any") return "number";
      break;
    case "min":
    case "max":
      if (["integer", "money", "number", "date", "any"].includes(type)) return type;
      break;
    case "first":
    case "last":
      return type;
  }
  const said = { function: fn, property };
  throw new Refusal(
    span,
    fn === "min" || fn === "max"
      ? t("{function} needs numbers or dates; {property} holds none.", said)
      : t("{function} needs numbers; {property} holds none.", said),
  );
}
