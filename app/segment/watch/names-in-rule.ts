import { type Dictionary, findProperty, ownTrait } from "../language/dictionary.ts";
import { visitClauses } from "../language/needs.ts";
import type { PropertyTest, Rule, Test } from "../language/tree.ts";
import { valuesOf } from "../evaluation/value-test.ts";

export type NamedKind = "product" | "collection" | "product_tag" | "category" | "customer_tag" | "segment" | "trait";

/** Something of the shop that a rule calls by its name or id. */
export interface Named {
  kind: NamedKind;
  name: string;
}

/** What of the shop a rule names, each once, also where it is negated. */
export function namesInRule({ when }: Rule, dictionary: Dictionary): Named[] {
  const found = new Map<string, Named>();
  const add = (kind: NamedKind, test: Test): void => {
    for (const value of valuesOf(test)) {
      if (value.kind !== "text" && value.kind !== "number") continue;
      found.set(`${kind} ${value.value}`, { kind, name: value.value });
    }
  };
  const addProperties = (event: string, where: readonly PropertyTest[]): void => {
    for (const { property, test } of where) {
      const kind = kindOf(event, property, dictionary);
      if (kind) add(kind, test);
    }
  };
  const addAttribute = (name: string): void => {
    const trait = ownTrait(name);
    if (trait !== null) found.set(name, { kind: "trait", name: trait });
  };
  visitClauses(when, (clause) => {
    if (clause.kind === "attribute" || clause.kind === "anniversary") addAttribute(clause.name);
    if (clause.kind === "event") addProperties(clause.event, clause.where);
    else if (clause.kind === "sequence") clause.steps.forEach(({ event, where }) => addProperties(event, where));
    else if (clause.kind === "attribute") {
      if (clause.name === "customer_tags") add("customer_tag", clause.test);
      if (clause.name === "segments") add("segment", clause.test);
    }
  });
  return [...found.values()];
}

function kindOf(event: string, property: string, dictionary: Dictionary): NamedKind | null {
  if (event === "storefront.collection_viewed") return property === "id" ? "collection" : null;
  const kind = dictionary.event(event);
  // Orders have tags too, but products alone have a category.
  if (!kind || kind.open || !findProperty(kind, "category")) return null;
  if (property === "id") return "product";
  if (property === "tag") return "product_tag";
  return property === "category" ? "category" : null;
}
