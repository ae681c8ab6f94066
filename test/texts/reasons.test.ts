import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { reasonSentence, reasonWords } from "../../app/sync/reason-words.ts";
import { speaking } from "../../app/texts/speech.server.ts";

const german = (stored: string): string => speaking("de", () => reasonWords(stored));

/** Whatever the sync throws for a merchant to read, or refuses with, as it is stored, with a number for each value. */
function reasons(): string[] {
  const said = /(?:new (?:PauseConnection|PauseAudience|RetryLater)\(|\breason: |REVOKED = )\s*("[A-Z][^"]+"|`[^`]+`)/g;
  return readdirSync("app/sync", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) => [...readFileSync(join("app/sync", path), "utf8").matchAll(said)])
    .map(([, literal = ""]) => literal.slice(1, -1).replace(/\$\{[^}]+\}/g, "7"));
}

it("has every reason of a pause or a refusal in German, and leaves a platform's own words", () => {
  const found = reasons();
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((stored) => german(stored) === stored)).toEqual([]);
  expect(german("The address is on our blocklist")).toBe("The address is on our blocklist");
});

it("puts what stands in a reason into German too, and ends with one full stop", () => {
  expect(german("The receiver was not reached: No answer came in time.")).toBe(
    "Der Empfänger wurde nicht erreicht: Es kam nicht rechtzeitig eine Antwort.",
  );
  expect(
    german(
      "The merge field MSPENT is of type text at Mailchimp; Recommended product 2: price needs one of type number",
    ),
  ).toBe(
    "Das Merge-Feld MSPENT hat bei Mailchimp den Typ text; Empfohlenes Produkt 2: Preis braucht eines vom Typ number",
  );
  expect(german("The receiver answered with a web page")).toBe("Der Empfänger hat mit einer Webseite geantwortet");
  expect(["Gone.", "Gone", null].map(reasonSentence)).toEqual(["Gone.", "Gone.", "No reason was given."]);
});
