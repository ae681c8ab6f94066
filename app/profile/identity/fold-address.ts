import { foldText } from "../duplicates/fold.ts";

/** Street words and their short forms (US Postal Service, Publication 28, appendix C1, and what the British and Germans write). */
const SHORT: Readonly<Record<string, string>> = {
  avenue: "ave",
  av: "ave",
  boulevard: "blvd",
  close: "cl",
  court: "ct",
  crescent: "cres",
  drive: "dr",
  gardens: "gdns",
  highway: "hwy",
  lane: "ln",
  place: "pl",
  road: "rd",
  square: "sq",
  strasse: "str",
  street: "st",
  terrace: "ter",
  apartment: "apt",
  flat: "apt",
  suite: "ste",
  unit: "apt",
  north: "n",
  south: "s",
  east: "e",
  west: "w",
};
const TITLES = new Set([
  "mr",
  "mrs",
  "ms",
  "miss",
  "mx",
  "dr",
  "prof",
  "sir",
  "herr",
  "frau",
  "mme",
  "mlle",
  "sr",
  "sra",
]);

/** A street line for comparison only: folded, usual words in their short form. */
export function foldStreet(line: string): string {
  const words = foldText(line).replace(/\./g, " ").split(/\s+/).filter(Boolean);
  return words.map((word) => SHORT[word] ?? word.replace(/strasse$/, "str")).join(" ");
}

/** A given or family name for comparison only: folded, without a title before it. A name that is nothing but a title stays. */
export function foldName(name: string): string {
  const words = foldText(name).replace(/\./g, " ").split(/\s+/).filter(Boolean);
  const plain = words.filter((word, place) => place > 0 || !TITLES.has(word));
  return (plain.length > 0 ? plain : words).join(" ");
}
