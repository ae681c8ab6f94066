import { describe, expect, it } from "vitest";
import { readsBackTo } from "../../../app/segment/evaluation/reads-back.ts";
import { stitchIntervals } from "../../../app/segment/evaluation/stitch-intervals.ts";
import { calendarOf } from "../../../app/segment/language/calendar.ts";
import { createDictionary } from "../../../app/segment/language/dictionary.ts";
import { parseText } from "../../../app/segment/language/parse-text.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const DAY_MS = 86_400_000;

describe("how far back a rule counts what visitors did", () => {
  it.each([
    ["number_of_orders > 3", Infinity],
    ["storefront.product_viewed MATCHES (date > -240h)", 10],
    ["storefront.product_viewed MATCHES (date >= -10d)", 10.5],
    ["storefront.product_viewed MATCHES (date >= 2026-11-20)", 5.5],
    ["storefront.product_viewed MATCHES (date > -240h) OR storefront.page_viewed MATCHES (date > -480h)", 20],
    ["storefront.product_viewed NOT MATCHES (date > -240h)", 10],
    ["storefront.product_viewed MATCHES (date BETWEEN -480h AND -240h)", 20],
    ["storefront.product_viewed MATCHES (date < -240h)", -Infinity],
    ["storefront.product_viewed MATCHES (count >= 3)", -Infinity],
    ["products_purchased MATCHES (date > -240h) THEN WITHIN 2h storefront.page_viewed NOT MATCHES ()", 10],
    ["storefront.page_viewed MATCHES () THEN WITHIN 2h orders_placed MATCHES (date > -240h)", -Infinity],
    ["number_of_orders > 3 EXPIRE AFTER 30d WITHOUT ACTIVITY", 30],
    ["storefront.product_viewed MATCHES (date > -240h) STAY AT LEAST 7d", -Infinity],
    ["number_of_orders > 3 NO REENTRY FOR 90d", Infinity],
  ])("%s", (text, expected) => {
    const dictionary = createDictionary();
    const reading = parseText(text, dictionary);
    if (reading.outcome === "refused") throw new Error(JSON.stringify(reading.problems));
    const isMeant = (event: string): boolean => dictionary.event(event)?.needs === "storefront events";
    const back = readsBackTo(reading.rule, isMeant, calendarOf("UTC"), NOW);
    const days = Number.isFinite(back) ? Math.round(((NOW - back) / DAY_MS) * 1_000) / 1_000 : back;
    expect(days).toBe(expected);
  });
});

describe("stays of which a part is not known any more", () => {
  const stays = (text: string) =>
    text === ""
      ? []
      : text.split(" ").map((stay) => {
          const [from = "", to = ""] = stay.split("-");
          return { enteredAt: new Date(Number(from)), leftAt: to === "" ? null : new Date(Number(to)) };
        });
  const shown = (intervals: ReturnType<typeof stays>) =>
    intervals.map(({ enteredAt, leftAt }) => `${Number(enteredAt)}-${leftAt ? Number(leftAt) : ""}`).join(" ");

  it.each([
    ["are as before where nothing follows from it now", "10-20 30-40", "", "10-20 30-40"],
    ["are what the facts give from there on", "10-20 60-70", "65-80", "10-20 65-80"],
    ["go on where they lasted", "10-20 40-", "45-", "10-20 40-"],
    ["go on, and end when the facts say so", "10-20 40-90", "50-80", "10-20 40-80"],
    ["end where the facts end them before", "40-90", "30-45", "40-45"],
    ["end as far back as is known where no fact bears them out", "40-", "", "40-50"],
    ["that ended there stay ended", "40-50", "", "40-50"],
    ["begin when the facts say so, however early", "10-20", "30-80", "10-20 30-80"],
    ["begin no earlier than somebody was known to be out", "10-40", "30-80", "10-40 50-80"],
  ])("%s", (_, decided, given, expected) => {
    expect(shown(stitchIntervals(stays(decided), stays(given), new Date(50)))).toBe(expected);
  });
});
