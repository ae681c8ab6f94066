import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ruleWords, wordsOfText } from "../../app/components/rule/rule-words.ts";
import { nameWords, valueWords } from "../../app/components/rule/words.ts";
import { STOREFRONT_KINDS } from "../../app/ingest/pixel/pixel-event.ts";
import { createDictionary, propertyNames } from "../../app/segment/language/dictionary.ts";
import { speaking } from "../../app/texts/speech.server.ts";
import { arbitraryRule } from "../segment/arbitrary-rule.ts";

const dictionary = createDictionary();

it("has a German word for every name and value of the rule language, and leaves the shop's own as they are", () => {
  const attributes = dictionary.attributeNames().flatMap((name) => dictionary.attribute(name) ?? []);
  const events = dictionary.eventNames().flatMap((name) => dictionary.event(name) ?? []);
  const ofEvents = events.flatMap((one) => [one.name, ...propertyNames(one)]);
  // Timelines have those too that no rule asks for.
  const names = [...attributes.map(({ name }) => name), ...ofEvents, ...STOREFRONT_KINDS];
  const values = attributes.flatMap((one) => one.values ?? []);
  const wordsOf = () => [...new Set([...names.map(nameWords), ...values.map(valueWords)])];
  const english = new Set(wordsOf());
  expect(speaking("de", wordsOf).filter((words) => english.has(words))).toEqual(["Tag"]);
  expect(speaking("de", () => nameWords("traits.number_of_orders"))).toBe("Number of orders");
});

it.each([
  [
    "orders_placed MATCHES () AND orders_placed NOT MATCHES (date > -2160h)",
    "Orders placed: at least once; and Orders placed: never, in the last 90 days",
    "Bestellung aufgegeben: mindestens einmal; und Bestellung aufgegeben: nie, in den letzten 90 Tagen",
  ],
  [
    "orders_placed MATCHES (date > -365d, count >= 3) OR amount_spent > 500",
    "Orders placed: at least 3 times, in the last 365 days; or Amount spent is more than 500",
    "Bestellung aufgegeben: mindestens 3-mal, in den letzten 365 Tagen; oder Ausgegebener Betrag ist mehr als 500",
  ],
  [
    "number_of_orders >= 1 AND (last_order_date < -180d OR customer_tags CONTAINS 'vip') EXPIRE AFTER 1d WITHOUT ACTIVITY",
    "Number of orders is at least 1; and (Last order date is more than 180 days ago; or Customer tags has “vip”). Leaves after 1 day of silence",
    "Anzahl der Bestellungen ist mindestens 1; und (Datum der letzten Bestellung ist vor mehr als 180 Tagen; oder Kunden-Tags enthält „vip“). Tritt nach 1 Tag Stille aus",
  ],
  [
    "storefront.product_viewed MATCHES (date > -1d) THEN WITHIN 2h orders_placed NOT MATCHES (amount > 20)",
    "Product viewed: in the last 1 day, then Orders placed: never, within 2 hours, amount is more than 20",
    "Produkt angesehen: innerhalb von 1 Tag, dann Bestellung aufgegeben: nie, innerhalb von 2 Stunden, Betrag ist mehr als 20",
  ],
  [
    "email_subscription_status = 'NOT_SUBSCRIBED'",
    "E-mail subscription status is not subscribed",
    "Status der E-Mail-Anmeldung ist nicht angemeldet",
  ],
  ["sample(10%)", "a random 10% of all customers", "zufällige 10 % aller Kunden"],
  ["traits.of_their_own = 5", null, null],
])("says %s in words", (rule, english, german) => {
  expect({ english: wordsOfText(rule), german: speaking("de", () => wordsOfText(rule)) }).toEqual({ english, german });
});

it("has words for any rule, or says that it has none", () => {
  fc.assert(
    fc.property(arbitraryRule, (rule) => {
      for (const words of [ruleWords(rule), speaking("de", () => ruleWords(rule))]) {
        expect(words ?? "").not.toMatch(/undefined|NaN|\[object|\{\w+\}/);
      }
    }),
  );
});

it("explains the language in German by the same examples", () => {
  const read = (name: string): string => readFileSync(`app/segment/language/${name}`, "utf8");
  const [english, german] = ["language.md", "language.de.md"].map((name) => ({
    blocks: read(name).match(/```[^]*?```/g),
    code: read(name)
      .replace(/```[^]*?```/g, "")
      .match(/`[^`\n]+`/g)
      ?.toSorted(),
    parts: read(name).match(/^## /gm)?.length,
  }));
  expect(german).toEqual(english);
});
