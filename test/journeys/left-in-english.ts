import type { Frame } from "playwright-core";
import { german } from "../../app/texts/german.ts";

/** Names are the same in any language. */
const NAMES = [
  "Muster",
  "Shopify",
  "Klaviyo",
  "Mailchimp",
  "Liquid",
  "SQL",
  "CSV",
  "JSON",
  "OpenAPI",
  "API",
  "GDPR",
  "UTC",
  // How Polaris calls a tone, in German too.
  "Info",
  "ms",
  "min",
];
/** Texts that are alike in both languages, without what stands in their places. */
const SAME: readonly string[] = Object.entries(german).flatMap(([en, de]) =>
  en.split("|")[0] === de ? de.split(/\{\w+\}/).map((piece) => piece.trim()) : [],
);
/** Where English has the same by chance, as "Profile" for one and German for several, it is German all the same. */
const SAID = new Set(Object.values<string>(german));
const LETTERS = /\p{L}{2,}/u;
/** Addresses are the same in any language too. */
const ADDRESS = /https?:\/\/\S+/g;

/** Every text of the page that somebody reads or hears, but for what people typed and what is code. */
export function textsOf(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const code = "code, pre, script, style, .cm-editor, [translate=no]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = new Set<string>();
    while (walker.nextNode()) {
      const { textContent, parentElement } = walker.currentNode;
      if (parentElement?.closest(code) === null) texts.add((textContent ?? "").trim());
    }
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        if (element.closest(code) === null) texts.add((element.getAttribute(name) ?? "").trim());
      }
    }
    return [...texts].filter((text) => text !== "");
  });
}

/** Those of the German page's texts that the English page has too, though they are neither names nor the shop's own words. */
export function leftInEnglish(english: readonly string[], shown: readonly string[], own: readonly string[]): string[] {
  const there = new Set(english);
  const known = [...new Set([...own, ...NAMES, ...SAME])].filter((word) => word.length > 1);
  known.sort((left, right) => right.length - left.length);
  return shown.filter((text) => {
    if (!there.has(text) || SAID.has(text)) return false;
    let rest = text.replaceAll(ADDRESS, " ");
    for (const word of known) rest = rest.replaceAll(word, " ");
    return LETTERS.test(rest);
  });
}
