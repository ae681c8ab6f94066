const WRITTEN: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" };

/** A name in the letters a to z and digits, its words joined by `joint`, as Shopify makes handles: "Größe 5" is "grosse-5". */
export function plainLetters(name: string, joint: "-" | "_"): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđı]/g, (letter) => WRITTEN[letter] ?? "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .replaceAll(" ", joint);
}
