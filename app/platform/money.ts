/**
 * The currencies whose minor unit does not have two decimals, by how many it has: ISO 4217 (list one, 2026-01-01). Not asked of `Intl`:
 * it knows how people write an amount (forints without decimals), another version of it knows that otherwise, and stored amounts would
 * be others.
 */
export const UNUSUAL_CURRENCIES: ReadonlyMap<number, readonly string[]> = new Map([
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ")],
  [3, "BHD IQD JOD KWD LYD OMR TND".split(" ")],
  [4, ["CLF", "UYW"]],
]);
const exponents = new Map(
  [...UNUSUAL_CURRENCIES].flatMap(([exponent, codes]) => codes.map((code) => [code, exponent] as const)),
);

/** How many decimals the minor unit of an ISO 4217 currency has (JPY 0, EUR 2, KWD 3); unknown codes count as 2. */
function currencyExponent(currency: string): number {
  return exponents.get(currency) ?? 2;
}

/**
 * Turns a decimal amount as Shopify writes it ("12.5", "-3", "1e3" is refused) into minor units, rounding half away from zero.
 * @returns null when the text is not a decimal number, or has more than fifteen digits before its point.
 */
export function toMinor(amount: string, currency: string): bigint | null {
  const match = /^\s*(-?)(\d{1,15})(?:\.(\d*))?\s*$/.exec(amount);
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const exponent = currencyExponent(currency);
  const kept = fraction.slice(0, exponent).padEnd(exponent, "0");
  const roundUp = (fraction[exponent] ?? "0") >= "5" ? 1n : 0n;
  const minor = BigInt(whole + kept) + roundUp;
  return sign ? -minor : minor;
}

/** Writes minor units as a plain decimal ("422558.40"), for machines; people get `Intl.NumberFormat`. */
export function toDecimal(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const split = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`;
  return minor < 0n ? `-${text}` : text;
}
