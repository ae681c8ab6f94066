import { expect, it } from "vitest";
import { createFormat, localeOf, readLocale } from "../../app/platform/format.ts";

const NO_BREAK_SPACE = "\u00a0";

it("writes figures and dates as the reader does, with English words where the pages are English, in the shop's time zone", () => {
  const at = new Date("2026-03-28T23:30:05.000Z");
  const german = createFormat({ locale: "de-DE", timeZone: "Europe/Berlin" });
  expect(german.number(1234567)).toBe("1.234.567");
  expect([12.5, 1234.123456, 7].map(german.exact)).toEqual(["12,5", "1.234,123456", "7"]);
  expect(german.money(12345678n, "EUR")).toBe(`123.456,78${NO_BREAK_SPACE}€`);
  expect(german.instant(at)).toBe("29.03.2026, 00:30");
  expect(german.day(at)).toBe("Sonntag, 29. März 2026");
  expect(["de", "fr-CH", "de-1a", ""].map(german.language)).toEqual(["Deutsch", "Französisch (Schweiz)", "de-1a", ""]);
  const french = createFormat({ locale: "fr-FR", timeZone: "Europe/Paris" });
  expect(french.day(at)).toBe("Sunday, 29 March 2026");

  const american = createFormat({ locale: "en-US", timeZone: "America/New_York" });
  expect(american.money(12345678n, "USD")).toBe("$123,456.78");
  expect(american.instant(at)).toBe("Mar 28, 2026, 7:30 PM");
  expect(american.clockTime(at)).toBe("7:30:05 PM");
});

it("writes amounts exactly, whatever their size and the currency's decimals", () => {
  const format = createFormat({ locale: "en-GB", timeZone: "UTC" });
  expect(format.money(900719925474099301n, "GBP")).toBe("£9,007,199,254,740,993.01");
  expect(format.money(-5n, "GBP")).toBe("-£0.05");
  expect(format.money(1234n, "JPY")).toBe("JP¥1,234");
  expect(format.money(1234n, "KWD")).toBe(`KWD${NO_BREAK_SPACE}1.234`);
});

it.each([
  [0.4321, "0.432 ms"],
  [12, "12 ms"],
  [999, "999 ms"],
  [1_234, "1.23 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [243_000, "4 min"],
  [5_400_000, "90 min"],
  [36_000_000, "10 h"],
  [259_200_000, "3 days"],
])("tells %d milliseconds as %s", (milliseconds, text) => {
  expect(createFormat({ locale: "en-GB", timeZone: "UTC" }).duration(milliseconds)).toBe(text);
});

it.each([
  ["2026-03-01T11:59:59.500Z", "now"],
  ["2026-03-01T11:59:15.000Z", "45 seconds ago"],
  ["2026-03-01T11:00:01.000Z", "59 minutes ago"],
  ["2026-02-28T12:00:00.000Z", "yesterday"],
  ["2026-02-28T12:00:01.000Z", "23 hours ago"],
  ["2024-03-01T12:00:00.000Z", "2 years ago"],
  ["2026-03-01T14:30:00.000Z", "in 2 hours"],
])("tells %s, seen at noon on 1 March 2026, as %s", (at, text) => {
  const format = createFormat({ locale: "en-GB", timeZone: "UTC" });
  expect(format.relative(new Date(at), new Date("2026-03-01T12:00:00.000Z"))).toBe(text);
});

it.each([
  ["de-AT,de;q=0.9,en;q=0.8", "de-AT"],
  ["xx-nonsense-!!, fr;q=0.5", "fr"],
  ["*", "en"],
  ["", "en"],
  [null, "en"],
])("reads the locale of Accept-Language %s as %s", (header, locale) => {
  expect(readLocale(header)).toBe(locale);
});

it.each([
  ["de", "en-GB,en;q=0.9", "de"],
  ["en", "en-GB,en;q=0.9", "en-GB"],
  ["pt-BR", "pt-PT", "pt-BR"],
  [null, "de-AT", "de-AT"],
  ["nonsense!", "fr", "fr"],
])("reads, of Shopify's %s and the browser's %s, %s", (named, accepted, locale) => {
  const url = `https://app.example/app${named === null ? "" : `?locale=${encodeURIComponent(named)}`}`;
  expect(localeOf(new Request(url, { headers: { "Accept-Language": accepted } }))).toBe(locale);
});
