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
  members: 1_210,
  entered: 9,
  left: 0,
  past: [1_198, 1_204],
  build: null,
  schedule: null,
  freshness: { asOf: NOW, deliveries: 0, unattributed: 0, customers: 0, timers: 0 },
  findings: [],
  audiences: [],
};

it("the line beside a segment is said in full, day by day and now, to whoever does not see it", () => {
  const format = createFormat({ locale: "en-GB", timeZone: "Europe/London" });
  const lineOf = (segment: ListedSegment) =>
    segmentsView({ segments: [segment], removed: [], now: NOW }, format).rows[0]?.line;
  expect(lineOf(LOYAL)).toEqual({
    sizes: [1_198, 1_204, 1_210],
    words: "From 1,198 to 1,210 members in 2 days",
    daily: "Members at the end of each day, the oldest first, and now: 1,198; 1,204; 1,210",
  });
  expect(lineOf({ ...LOYAL, past: [] })).toBe(null);
});
