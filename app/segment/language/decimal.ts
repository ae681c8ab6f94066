/** A decimal number: units / 10^scale. Exact, so 0.1 + 0.2 is 0.3 and no amount is too large. */
export interface Decimal {
  units: bigint;
  scale: number;
}

const powers: bigint[] = [1n];

/** 10^exponent. */
function powerOfTen(exponent: number): bigint {
  for (let next = powers.length; next <= exponent; next += 1) powers.push((powers[next - 1] ?? 1n) * 10n);
  return powers[exponent] ?? 1n;
}

/** Reads "-12.50"; null when the text is no plain decimal of at most 30 digits before and 20 after the point. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,20}))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const units = BigInt(whole + fraction);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

/** The one way to write a number: no leading zeros, no trailing ones after the point, no "-0". */
export function canonicalDecimal(text: string): string | null {
  const decimal = parseDecimal(text);
  if (!decimal) return null;
  const digits = (decimal.units < 0n ? -decimal.units : decimal.units).toString().padStart(decimal.scale + 1, "0");
  const whole = digits.slice(0, digits.length - decimal.scale);
  const fraction = digits.slice(digits.length - decimal.scale).replace(/0+$/, "");
  return `${decimal.units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Negative, zero or positive as left is less than, equal to or greater than right. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = unitsAt(left, scale) - unitsAt(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale };
}

/** The decimal a JavaScript number is written as; null for NaN and the infinities. */
export function decimalOfNumber(value: number): Decimal | null {
  if (Number.isSafeInteger(value)) return { units: BigInt(value), scale: 0 };
  if (!Number.isFinite(value)) return null;
  const [mantissa = "", exponent = "0"] = value.toString().split("e");
  const decimal = parseDecimal(mantissa);
  if (!decimal) return null;
  const scale = decimal.scale - Number(exponent);
  return scale >= 0 ? { units: decimal.units, scale } : { units: decimal.units * powerOfTen(-scale), scale: 0 };
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return scale === wanted ? units : units * powerOfTen(wanted - scale);
}
