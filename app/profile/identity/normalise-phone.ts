import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js";

/**
 * A telephone number as E.164 ("+447700900123"), by the lengths of Google's numbering plans: which ranges are given out changes
 * too often to refuse a customer's number for it.
 * @param country ISO 3166-1 alpha-2, of who gave the number or of the shop: numbers written as at home are read with it
 * @returns null for what is no number of any country, or is written as at home while no home is known. An extension is dropped.
 */
export function normalisePhone(text: string, country: string | null): string | null {
  const home = country?.toUpperCase();
  const options = home !== undefined && isSupportedCountry(home) ? { defaultCountry: home as CountryCode } : {};
  const read = (written: string) => parsePhoneNumberFromString(written, { ...options, extract: false });
  // "00" is how most of the world writes what stands for "+"; with a country the library knows that country's own prefix.
  const international = text.trim().replace(/^00(?=[1-9])/, "+");
  const number = [read(text.trim()), read(international)].find((found) => found?.isPossible());
  return number && !ONE_DIGIT.test(number.nationalNumber) ? number.number : null;
}

/** What is typed to get past a field. */
const ONE_DIGIT = /^(\d)\1*$/;
