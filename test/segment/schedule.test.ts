import { expect, it } from "vitest";
import { localMoment, readMoment, whyStopped } from "../../app/segment/schedule.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

it.each([
  ["2026-03-02", "09:00", "Europe/Berlin", "2026-03-02T08:00:00.000Z"],
  ["2026-07-02", "09:00", "Europe/Berlin", "2026-07-02T07:00:00.000Z"],
  ["2026-03-02", "09:00", "America/Los_Angeles", "2026-03-02T17:00:00.000Z"],
  // Clocks go from 02:00 to 03:00: half past two is never shown, so it is the instant at which they do.
  ["2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  // Clocks go from 03:00 to 02:00: half past two is shown twice, and the first time is meant.
  ["2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["2026-03-01", "12:01", "UTC", "2026-03-01T12:01:00.000Z"],
  ["2026-03-02", "09:00:30", "UTC", "2026-03-02T09:00:30.000Z"],
])("%s %s in %s is %s", (date, time, timeZone, expected) => {
  const moment = readMoment({ date, time }, timeZone, NOW);
  expect(moment.outcome === "read" && moment.at.toISOString()).toBe(expected);
});

it.each([
  ["2026-03-01", "12:00", "past"],
  ["2026-03-01", "11:59", "past"],
  ["2027-03-02", "12:00", "read"],
  ["2027-03-02", "12:01", "too_far"],
  ["2026-02-30", "12:00", "unreadable"],
  ["2026-13-01", "12:00", "unreadable"],
  ["", "12:00", "unreadable"],
  ["2026-03-02", "", "unreadable"],
  ["2026-03-02", "24:00", "unreadable"],
  ["02.03.2026", "12:00", "unreadable"],
])("%s %s is %s", (date, time, outcome) => {
  expect(readMoment({ date, time }, "UTC", NOW).outcome).toBe(outcome);
});

it("what a form shows of a moment is read as that moment, in any zone", () => {
  for (const timeZone of ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia"]) {
    const at = new Date("2026-06-30T23:45:00Z");
    expect(readMoment(localMoment(at, timeZone), timeZone, NOW)).toEqual({ outcome: "read", at });
  }
});

it("a version that was published meanwhile will stop it, and what stopped it is kept", () => {
  expect(whyStopped({ stopped: null, version: 3 }, 3)).toBeNull();
  expect(whyStopped({ stopped: null, version: 3 }, 4)).toEqual({ why: "overtaken", version: 4 });
  const stopped = { why: "guarded", moves: 25 } as const;
  expect(whyStopped({ stopped, version: 3 }, 4)).toEqual(stopped);
});
