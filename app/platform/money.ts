const exponents = new Map<string, number>();

/** How many decimals the minor unit of an ISO 4217 currency has (JPY 0, EUR 2, KWD 3); unknown codes count as 2. */
function currencyExponent(currency: string): number {
  const known = exponents.get(currency);
  if (known !== undefined) return known;
  const exponent = readExponent(currency);
  exponents.set(currency, exponent);
  return exponent;
}

/**
 * Turns a decimal amount as Shopify writes it ("12.5", "-3", "1e3" is refused) into minor units, rounding half away from zero.
 * @returns null when the text is not a decimal number.
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

/** The currencies whose minor unit does not have two decimals, by how many it has. */
export function unusualCurrencies(): Map<number, string[]> {
  const unusual = Intl.supportedValuesOf("currency").filter((code) => currencyExponent(code) !== 2);
  return Map.groupBy(unusual, currencyExponent);
}

function readExponent(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}
