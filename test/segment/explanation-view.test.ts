import { expect, it } from "vitest";
import { explanationView } from "../../app/components/segments/explanation-view.ts";
import { createFormat } from "../../app/platform/format.ts";

it("says what was found in words, days without a zone included", () => {
  const values = [{ day: "1990-05-30" }, new Date("2026-11-24T12:00:00Z"), ["tea", "coffee"], [], null, 12.5, true];
  const evidence = values.map((value) => ({
    clause: "a clause",
    holds: true,
    found: [{ name: "traits.told", value }],
    changesAt: value === true ? new Date("2026-11-24T13:00:00Z") : null,
    events: [],
  }));
  const found: Parameters<typeof explanationView>[0] = {
    outcome: "found",
    shop: { id: 1, domain: "a.myshopify.com", name: null, timeZone: "UTC", currency: "EUR", country: null } as never,
    now: new Date("2026-11-24T12:00:00Z"),
    name: "Told",
    person: { customerId: "1", name: "Anna" },
    explanation: { member: true, memberChangesAt: null, evidence } as never,
    history: [],
  };
  const view = explanationView(found, "1", createFormat({ locale: "en", timeZone: "UTC" }));
  expect(view.clauses.map(({ found: [words] }) => words)).toEqual([
    "Told: 1990-05-30",
    "Told: Nov 24, 2026, 12:00 PM",
    "Told: tea, coffee",
    "Told: none",
    "Told: unknown",
    "Told: 12.5",
    "Told: true",
  ]);
  expect(view.clauses.map(({ next }) => next).slice(-2)).toEqual([
    null,
    "Changes by itself in 1 hour, at Nov 24, 2026, 1:00 PM.",
  ]);
});
