import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { german } from "../../app/texts/german.ts";
import { speaking } from "../../app/texts/speech.server.ts";
import { retold } from "../../app/texts/retold.ts";
import { pieces, speech, t, type Text, tn, told } from "../../app/texts/text.ts";

const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

it("has the same places for values in both languages", () => {
  const broken = Object.entries(german).filter(([en, de]) => placesIn(en).join() !== placesIn(de).join());
  expect(broken).toEqual([]);
});

it("has no text that no page uses", () => {
  const source = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith(join("texts", "german")))
    .map((path) => readFileSync(join("app", path), "utf8"))
    .join("\n");
  const isUsed = (text: string): boolean =>
    source.includes(JSON.stringify(text)) || source.includes(`'${text}'`) || source.includes(`\`${text}\``);
  expect(Object.keys(german).filter((text) => !isUsed(text))).toEqual([]);
});

it("speaks to each reader in that one's language, also when two are answered at once, and English to nobody", async () => {
  const page = async (): Promise<string> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return `${t("Overview")} ${speech().language}`;
  };
  const pages = await Promise.all([speaking("de-AT", page), speaking("en-GB", page), speaking("fr", page), page()]);
  expect(pages).toEqual(["Übersicht de", "Overview en", "Overview en", "Overview en"]);
});

it("puts values in their places, chooses by count, and leaves what it does not know", () => {
  expect(t("{count} customers" as Text, { count: 3 })).toBe("3 customers");
  expect(tn(1, "one" as Text, "{count} of them" as Text)).toBe("one");
  expect(tn(1_234, "one" as Text, "{count} of them" as Text, { count: "1.234" })).toBe("1.234 of them");
  expect(told("{left} alone")).toBe("{left} alone");
  expect(t("Open|a door" as Text)).toBe("Open");
  expect(pieces("a {name} b" as Text)).toEqual(["a ", "name", " b"]);
});

it("tells again what is stored with its values, and what stands in them, and leaves what it was not made of", () => {
  const texts = [
    "Shopify counts {told}; held are {held}",
    "{count} order, {amount}",
    "{count} orders, {amount}",
  ] as const;
  const retell = (stored: string): string => speaking("de", () => retold(stored, texts));
  expect(retell("Shopify counts 2 orders, 10.00 EUR; held are 1 order, 4 EUR")).toBe(
    "Shopify zählt 2 Bestellungen, 10.00 EUR; vorhanden sind 1 Bestellung, 4 EUR",
  );
  expect(retell("Shopify counts nothing (yet)")).toBe("Shopify counts nothing (yet)");
});
