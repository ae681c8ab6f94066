import { expect, it } from "vitest";
import { segmentsView } from "../../app/components/segments/segments-view.ts";
import type { ListedSegment } from "../../app/jobs/segment-reads.server.ts";
import { createFormat } from "../../app/platform/format.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const LOYAL: ListedSegment = {
  id: 1,
  version: 1,
  key: "loyal",
  name: "Loyal",
  text: "number_of_orders >= 3",
  rule: {
    when: { kind: "attribute", name: "number_of_orders", test: { op: ">=", value: { kind: "number", value: "3" } } },
  },
  members: 1_210,
  entered: 9,
  left: 0,
  past: [
    { at: new Date("2026-11-22T00:00:00Z"), members: 1_198 },
    { at: new Date("2026-11-23T00:00:00Z"), members: 1_204 },
  ],
  build: null,
  schedule: null,
  freshness: { asOf: NOW, deliveries: 0, unattributed: 0, customers: 0, timers: 0 },
  findings: [],
  audiences: [],
};

it("the line beside a segment has its days in figures and words behind it, and now", () => {
  const format = createFormat({ locale: "en-GB", timeZone: "Europe/London" });
  const lineOf = (segment: ListedSegment) =>
    segmentsView({ segments: [segment], removed: [], now: NOW }, format).rows[0]?.line;
  expect(lineOf(LOYAL)).toEqual({
    days: [
      { at: "2026-11-22T00:00:00.000Z", day: "Sunday, 22 November 2026", short: "22 Nov", size: 1_198, shown: "1,198" },
      { at: "2026-11-23T00:00:00.000Z", day: "Monday, 23 November 2026", short: "23 Nov", size: 1_204, shown: "1,204" },
      { at: "2026-11-24T12:00:00.000Z", day: "Now", short: "Now", size: 1_210, shown: "1,210" },
    ],
    words: "From 1,198 to 1,210 members in 2 days",
  });
  expect(lineOf({ ...LOYAL, past: [] })).toBe(null);
});
