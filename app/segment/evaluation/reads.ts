import { DATE_PROPERTY, type Dictionary } from "../language/dictionary.ts";
import { segmentsRead } from "../language/needs.ts";
import type { AggregateTest, PropertyTest, Rule, Test } from "../language/tree.ts";
import { valuesOf } from "./value-test.ts";

/** What a rule looks at: only a change in one of these can change an answer now. */
export interface Reads {
  /** Kinds of events, each with the properties that are looked at beside its time. */
  events: ReadonlyMap<string, ReadonlySet<string>>;
  attributes: ReadonlySet<string>;
  /** Keys of other segments. */
  segments: ReadonlySet<string>;
  places: boolean;
  /** All that the customer does, for EXPIRE AFTER. */
  activity: boolean;
  /** Days or times on the shop's clocks. */
  calendar: boolean;
  /** Amounts in the shop's currency. */
  money: boolean;
}

/** Derived attributes are traced to the events they follow from. */
export function readsOf({ when, expireAfter }: Rule, dictionary: Dictionary): Reads {
  const events = new Map<string, Set<string>>();
  const attributes = new Set<string>();
  const found = { places: false, calendar: false, money: false };
  const readTest = (test: Test, type: string | undefined): void => {
    if (valuesOf(test).some(({ kind }) => ["day", "time", "day_offset"].includes(kind))) found.calendar = true;
    if (type === "money") found.money = true;
  };
  const readEvent = (name: string, where: readonly PropertyTest[], having: readonly AggregateTest[]): void => {
    const kind = dictionary.event(name);
    const properties = events.get(name) ?? new Set();
    events.set(name, properties);
    for (const { property, test } of [...where, ...having]) {
      if (property !== undefined && property !== DATE_PROPERTY) properties.add(property);
      readTest(test, property === undefined ? "integer" : kind?.properties[property]?.type);
    }
    if (kind?.counts !== undefined && having.some(({ fn }) => fn === "count")) properties.add(kind.counts);
  };
  const readAttribute = (name: string): void => {
    attributes.add(name);
    if (name === "amount_spent") {
      readEvent("orders_placed", [], []);
      readEvent("refunds_made", [], []);
      for (const kind of ["orders_placed", "refunds_made"]) events.get(kind)?.add("amount");
    }
    if (["number_of_orders", "first_order_date", "last_order_date"].includes(name)) readEvent("orders_placed", [], []);
  };
  const visit = (part: Rule["when"]): void => {
    switch (part.kind) {
      case "all":
      case "any":
        return part.of.forEach(visit);
      case "not":
        return visit(part.of);
      case "event":
        return readEvent(part.event, part.where, part.having);
      case "sequence":
        return part.steps.forEach(({ event, where }) => readEvent(event, where, []));
      case "attribute":
        readTest(part.test, dictionary.attribute(part.name)?.type);
        return readAttribute(part.name);
      case "anniversary":
        found.calendar = true;
        return readAttribute(part.name);
      case "distance":
        found.places = true;
        return;
      case "sample":
    }
  };
  visit(when);
  return { events, attributes, segments: segmentsRead(when), activity: expireAfter !== undefined, ...found };
}
