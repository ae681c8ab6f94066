import { expect, it } from "vitest";
import { createDictionary } from "../../app/segment/language/dictionary.ts";
import { missingData } from "../../app/segment/language/needs.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { library } from "../../app/segment/library.ts";

const dictionary = createDictionary();

it.each(library)("$name can be used as it stands, once its parts are filled in", ({ text, fill = {}, purpose }) => {
  const filled = Object.keys(fill).reduce((made, name) => made.replace(`{${name}}`, "42"), text);
  const reading = parseText(filled, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  expect(missingData(reading.rule, dictionary)).toEqual([]);
  expect(filled).not.toMatch(/[{}]/);
  expect(purpose).toMatch(/^[A-Z].*\.$/);
});

it("has keys of its own", () => {
  expect(new Set(library.map(({ key }) => key)).size).toBe(library.length);
});
