import fc from "fast-check";
import { expect, it } from "vitest";
import { toDecimal, toMinor } from "../../app/platform/money.ts";

it.each([
  // Of these Intl has other decimals on some machines.
  ["1990.55", "HUF", 199_055n],
  ["1990.55", "IDR", 199_055n],
  ["12.3456", "IQD", 12_346n],
  ["12.5", "JPY", 13n],
  ["12.5", "EUR", 1_250n],
  ["-0.005", "EUR", -1n],
  ["12.5", "KWD", 12_500n],
  ["12.5", "XYZ", 1_250n],
])("%s %s are %s minor units", (amount, currency, minor) => {
  expect(toMinor(amount, currency)).toBe(minor);
});

// More than fifteen digits before the point are a mistake.
it.each(["1e3", "", "1,5", "NaN", "0x10", "1000000000000000"])("'%s' is no amount", (amount) => {
  expect(toMinor(amount, "EUR")).toBeNull();
});

it("what was written can be read again, in every currency", () => {
  const currency = fc.constantFrom("JPY", "EUR", "HUF", "KWD", "CLF");
  fc.assert(
    fc.property(fc.bigInt(1n - 10n ** 15n, 10n ** 15n - 1n), currency, (minor, code) => {
      expect(toMinor(toDecimal(minor, code), code)).toBe(minor);
    }),
  );
});
