import { expect, it } from "vitest";
import { foldMetafield, metafieldKind, readMetafield } from "../../app/ingest/metafields.ts";

it.each<[type: string, text: string, value: unknown]>([
  ["single_line_text_field", "a\u0000b", "ab"],
  ["id", "crm-1", "crm-1"],
  ["number_integer", "-12", -12],
  ["number_integer", "many", null],
  ["number_decimal", "10.50", 10.5],
  ["number_decimal", "", null],
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["boolean", "yes", null],
  ["date", "2024-02-29", { day: "2024-02-29" }],
  ["date", "2023-02-29", null],
  ["date", "2023-13-45", null],
  ["date_time", "2026-01-31T16:00:00", { at: Date.UTC(2026, 0, 31, 16) }],
  ["date_time", "2026-01-31T16:00:00+01:00", { at: Date.UTC(2026, 0, 31, 15) }],
  ["date_time", "yesterday", null],
  ["list.single_line_text_field", '["Tea",1,"tea"]', ["Tea", "tea"]],
  ["list.single_line_text_field", "Tea", null],
  ["money", '{"amount":"5.00","currency_code":"EUR"}', null],
  ["constructor", "x", null],
])("of the type %s, %j reads as %j", (type, text, value) => {
  expect(readMetafield(type, text)).toEqual(value);
});

it("texts and lists have a form without regard to case, and rules compare no other types than Shopify's segments do", () => {
  expect(foldMetafield(["Straße", "TEA"])).toEqual(["strasse", "tea"]);
  expect(foldMetafield("Gold")).toBe("gold");
  expect(foldMetafield({ day: "2024-02-29" })).toEqual({ day: "2024-02-29" });
  expect(metafieldKind("json")).toBeNull();
  expect(metafieldKind("date_time")).toBe("date");
});
