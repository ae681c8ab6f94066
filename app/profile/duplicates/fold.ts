/** Letters and digits only, lower case, without accents: what two spellings of one text have in common. */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[æ]/g, "ae")
    .replace(/[øœ]/g, "o")
    .replace(/ł/g, "l")
    .replace(/[’'`´]/g, "")
    .replace(/[^\p{L}\p{N}@.]+/gu, " ")
    .trim();
}

const PLAIN = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
const NO_VALUE = /^(?:|-|n\/?a|null|none|nan|unknown|undefined)$/i;

/** What people and exports write where there is nothing. */
export function isNoValue(text: string): boolean {
  return text.length <= 9 && NO_VALUE.test(text.trim());
}

const CODES: Record<string, string> = {};
for (const [letters, code] of [
  ["bfpv", "1"],
  ["cgjkqsxz", "2"],
  ["dt", "3"],
  ["l", "4"],
  ["mn", "5"],
  ["r", "6"],
] as const) {
  for (const letter of letters) CODES[letter] = code;
}

/**
 * How a name begins to sound: Soundex (Russell 1918, as in the US National Archives' leaflet), its first letter coded like
 * the others where letters are taken for one another (c/k, f/ph), so that Catherine and Katherine share it.
 */
export function soundOf(text: string): string {
  const word = text.replace(/ph/g, "f").replace(/[^a-z]/g, "");
  if (word === "") return text.slice(0, 4);
  let sound = word[0] === "c" || word[0] === "q" ? "k" : word[0]!;
  let before = CODES[word[0]!] ?? "";
  for (let at = 1; at < word.length && sound.length < 4; at += 1) {
    const letter = word[at]!;
    const code = CODES[letter] ?? "";
    if (code !== "" && code !== before) sound += code;
    if (letter !== "h" && letter !== "w") before = code;
  }
  return sound;
}

/** A day as YYYYMMDD. Reads 1986-03-14, 19860314, 14/03/1986 and 3/14/1986 (day first where both can be). */
export function readDay(text: string): string | null {
  const trimmed = text.trim();
  const plain =
    /^(\d{4})(\d{2})(\d{2})$/.exec(trimmed) ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(trimmed);
  if (plain) return day(plain[1]!, plain[2]!, plain[3]!);
  const turned = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(trimmed);
  if (!turned) return null;
  const [, first, second, year] = turned as unknown as [string, string, string, string];
  return Number(second) > 12 ? day(year, first, second) : day(year, second, first);
}

function day(year: string, month: string, date: string): string {
  return year + month.padStart(2, "0") + date.padStart(2, "0");
}
