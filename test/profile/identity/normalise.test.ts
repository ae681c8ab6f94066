import fc from "fast-check";
import { getExampleNumber } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { foldName, foldStreet } from "../../../app/profile/identity/fold-address.ts";
import { mailboxKey, normaliseEmail } from "../../../app/profile/identity/normalise-email.ts";
import { normalisePhone } from "../../../app/profile/identity/normalise-phone.ts";

const RUNS = process.env["MUSTER_LONG"] === "1" ? 20_000 : 500;

describe("an e-mail address", () => {
  it.each([
    [" Anna.Schmidt@Example.COM ", "anna.schmidt@example.com"],
    ["müller@Bücher.example", "müller@xn--bcher-kva.example"],
    ["müller@xn--bcher-kva.example", "müller@xn--bcher-kva.example"],
    ["mu\u0308ller@bu\u0308cher.example", "müller@xn--bcher-kva.example"],
    ["a@example.com.", "a@example.com"],
    ["first+tag@gmail.com", "first+tag@gmail.com"],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
    ["anna", null],
    ["@example.com", null],
    ["anna@", null],
    ["anna@localhost", null],
    ["anna smith@example.com", null],
    ["anna@smith@example.com", null],
    ["anna@exa mple.com", null],
    ["anna@127.0.0.1", null],
    ["", null],
  ])("%j is kept as %j", (given, kept) => {
    expect(normaliseEmail(given)).toBe(kept);
  });

  it.each([
    ["A.nna.Schmidt+shop@gmail.com", "annaschmidt@googlemail.com", true],
    ["anna+shop@outlook.com", "anna@outlook.com", true],
    ["an.na@outlook.com", "anna@outlook.com", false],
    ["anna+shop@example.com", "anna@example.com", false],
    ["an.na@example.com", "anna@example.com", false],
    ["anna@outlook.com", "anna@hotmail.com", false],
    ["anna+a@proton.me", "anna+b@proton.me", true],
    ["+tag@gmail.com", "anna@gmail.com", false],
  ])("%s and %s are one mailbox: %s", (left, right, same) => {
    expect(mailboxKey(left) === mailboxKey(right)).toBe(same);
  });

  it("is left alone once it is normal, and a key is a mailbox of its own", () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "grapheme" })), (given) => {
        const once = normaliseEmail(given);
        const key = mailboxKey(given);
        expect(key === null).toBe(once === null);
        if (once === null || key === null) return;
        expect(normaliseEmail(once)).toBe(once);
        expect(normaliseEmail(` ${once.toUpperCase()} `)).toBe(once);
        expect(mailboxKey(key)).toBe(key);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("a telephone number", () => {
  it.each([
    ["07700 900123", "GB", "+447700900123"],
    ["07700 900123", "gb", "+447700900123"],
    ["0044 7700 900123", "DE", "+447700900123"],
    ["00447700900123", null, "+447700900123"],
    ["+44 (0) 7700 900123", "US", "+447700900123"],
    ["0151 12345678", "DE", "+4915112345678"],
    ["(212) 555-2368", "US", "+12125552368"],
    ["1-212-555-2368", "US", "+12125552368"],
    ["011 44 7700 900123", "US", "+447700900123"],
    ["06 12 34 56 78", "FR", "+33612345678"],
    ["0412 345 678", "AU", "+61412345678"],
    ["+447700900123 ext. 5", "GB", "+447700900123"],
    ["07700 900123", null, null],
    ["07700 900123", "ZZ", null],
    ["12345", "GB", null],
    ["call me", "GB", null],
    ["", "GB", null],
    ["0000000000", "GB", null],
  ])("%j of %j is %j", (given, country, e164) => {
    expect(normalisePhone(given, country)).toBe(e164);
  });

  it("is the same however it is written at home, abroad or in full, in every country", () => {
    for (const country of Object.keys(examples) as (keyof typeof examples)[]) {
      const number = getExampleNumber(country, examples);
      if (!number) continue;
      const spellings = [
        number.formatNational(),
        number.formatInternational(),
        number.number,
        `00${number.number.slice(1)}`,
      ];
      const read = spellings.map((text, way) => normalisePhone(text, way === 3 ? "GB" : country));
      expect([country, ...read]).toEqual([country, ...spellings.map(() => number.number)]);
    }
  });
});

describe("names and streets, for comparison only", () => {
  it.each([
    ["12 High Street", "12 high st", true],
    ["Flat 3, 12 Church Road", "apt 3 12 church rd.", true],
    ["Hauptstraße 5", "Hauptstrasse 5", true],
    ["12 High Street", "21 High Street", false],
  ])("the streets %j and %j are alike: %s", (left, right, alike) => {
    expect(foldStreet(left) === foldStreet(right)).toBe(alike);
  });

  it.each([
    ["Dr. José", "jose", true],
    ["Mrs", "Mrs.", true],
    ["Anna-Maria", "Anna Maria", true],
    ["Miss", "Anna", false],
  ])("the names %j and %j are alike: %s", (left, right, alike) => {
    expect(foldName(left) === foldName(right)).toBe(alike);
  });
});
