import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nameWords, valueWords } from "../../app/components/rule/words.ts";
import { createDictionary, propertyNames } from "../../app/segment/language/dictionary.ts";
import { speaking } from "../../app/texts/speech.server.ts";

const dictionary = createDictionary();

it("has a German word for every name and value of the rule language, and leaves the shop's own as they are", () => {
  const attributes = dictionary.attributeNames().flatMap((name) => dictionary.attribute(name) ?? []);
  const events = dictionary.eventNames().flatMap((name) => dictionary.event(name) ?? []);
  const names = [...attributes.map(({ name }) => name), ...events.flatMap((one) => [one.name, ...propertyNames(one)])];
  const values = attributes.flatMap((one) => one.values ?? []);
  const wordsOf = () => [...new Set([...names.map(nameWords), ...values.map(valueWords)])];
  const english = new Set(wordsOf());
  expect(speaking("de", wordsOf).filter((words) => english.has(words))).toEqual(["Tag"]);
  expect(speaking("de", () => nameWords("traits.number_of_orders"))).toBe("Number of orders");
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
