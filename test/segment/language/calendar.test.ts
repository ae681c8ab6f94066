import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarOf, dayReaching, formatDay, parseDay, shiftDay } from "../../../app/segment/language/calendar.ts";
import { moved, startOf } from "../oracle.ts";

describe("a day begins", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z"],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00.000Z"],
    ["America/New_York", "2026-11-02", "2026-11-02T05:00:00.000Z"],
    // Clocks go from 24:00 to 01:00.
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000Z"],
    ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00.000Z"],
    ["America/Havana", "2026-03-08", "2026-03-08T05:00:00.000Z"],
    // Half an hour of summer.
    ["Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30:00.000Z"],
    // Samoa had no 30 December 2011.
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"],
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"],
    ["Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00.000Z"],
    ["UTC", "2026-01-01", "2026-01-01T00:00:00.000Z"],
  ])("in %s, %s at %s", (timeZone, day, instant) => {
    const calendar = calendarOf(timeZone);
    expect(new Date(calendar.startOf(parseDay(day))).toISOString()).toBe(instant);
  });

  it("where walking through it by quarters of an hour finds it, and ends where the next one begins", () => {
    const zones = [
      "Europe/Berlin",
      "America/New_York",
      "Africa/Cairo",
      "America/Havana",
      "Australia/Lord_Howe",
      "Asia/Beirut",
      "Pacific/Apia",
      "Pacific/Chatham",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 15_300, max: 21_500 }),
        fc.integer({ min: 0, max: 86_399_999 }),
        (zone, day, rest) => {
          const calendar = calendarOf(zone);
          const start = calendar.startOf(day);
          expect(start).toBe(startOf(formatDay(day), zone));
          const found = calendar.dayOf(start + rest);
          expect(calendar.startOf(found)).toBeLessThanOrEqual(start + rest);
          expect(calendar.startOf(found + 1)).toBeGreaterThan(start + rest);
        },
      ),
      { numRuns: process.env["MUSTER_LONG"] ? 20_000 : 600 },
    );
  });
});

describe("a moved day", () => {
  it.each([
    ["2026-03-31", -1, "m", "2026-02-28"],
    ["2024-03-31", -1, "m", "2024-02-29"],
    ["2024-02-29", -1, "y", "2023-02-28"],
    ["2024-02-29", 4, "y", "2028-02-29"],
    ["2026-01-15", -13, "m", "2024-12-15"],
    ["2026-12-31", 2, "m", "2027-02-28"],
    ["2026-03-29", -2, "w", "2026-03-15"],
    ["1969-12-31", 1, "d", "1970-01-01"],
  ] as const)("%s by %s%s is %s", (day, amount, unit, expected) => {
    expect(formatDay(shiftDay(parseDay(day), amount, unit))).toBe(expected);
  });

  it("is where counting page by page ends, and is reached first by the day that dayReaching names", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 40_000 }),
        fc.integer({ min: -30, max: 30 }),
        fc.constantFrom("d", "w", "m", "y"),
        (day, amount, unit) => {
          expect(formatDay(shiftDay(day, amount, unit))).toBe(moved(formatDay(day), amount, unit));
          const first = dayReaching(day, amount, unit);
          expect(shiftDay(first, amount, unit)).toBeGreaterThanOrEqual(day);
          expect(shiftDay(first - 1, amount, unit)).toBeLessThan(day);
        },
      ),
    );
  });
});
