import type { DateValue, DayUnit } from "./tree.ts";

/** Calendar days are counted from 1970-01-01; instants are milliseconds since 1970-01-01T00:00:00Z. */
export interface Calendar {
  readonly timeZone: string;
  /** The local day an instant falls on. */
  dayOf(instant: number): number;
  /** The first instant of a local day: 01:00 where the clocks skip midnight, the next day's start where they skip the day. */
  startOf(day: number): number;
  /** The first instant at which local clocks show at least this time. */
  instantOf(localTime: string): number;
}

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const calendars = new Map<string, Calendar>();

/** The one place where a rule meets time zones and daylight saving. Shared by zone, since it remembers what it worked out. */
export function calendarOf(timeZone: string): Calendar {
  let calendar = calendars.get(timeZone);
  if (!calendar) calendars.set(timeZone, (calendar = createCalendar(timeZone)));
  return calendar;
}

/** Days since 1970-01-01 of "2026-01-31". */
export function parseDay(text: string): number {
  const [year = 1970, month = 1, day = 1] = text.split("-").map(Number);
  return dayNumber(year, month, day);
}

/** "2026-01-31" of days since 1970-01-01. */
export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Moves a day; by months and years to the same day of the month, or to its last one where that month is shorter. */
export function shiftDay(day: number, amount: number, unit: DayUnit): number {
  if (unit === "d") return day + amount;
  if (unit === "w") return day + 7 * amount;
  const date = new Date(day * DAY_MS);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + amount * (unit === "y" ? 12 : 1);
  const year = Math.floor(months / 12);
  const month = (months % 12) + 1;
  return dayNumber(year, month, Math.min(date.getUTCDate(), dayNumber(year, month + 1, 0) - dayNumber(year, month, 0)));
}

/** The first day from which the offset reaches `target` or later: where a whole-day boundary passes it. */
export function dayReaching(target: number, amount: number, unit: DayUnit): number {
  if (unit === "d" || unit === "w") return shiftDay(target, -amount, unit);
  // Going back and forth by months loses three days at most, in February.
  let day = shiftDay(target, -amount, unit) - 4;
  while (shiftDay(day, amount, unit) < target) day += 1;
  return day;
}

/** The stretch of time [from, to) that a date names at an instant. */
export function spanOf(value: DateValue, now: number, calendar: Calendar): { from: number; to: number } {
  switch (value.kind) {
    case "day": {
      const day = parseDay(value.value);
      return { from: calendar.startOf(day), to: calendar.startOf(day + 1) };
    }
    case "day_offset": {
      const day = shiftDay(calendar.dayOf(now), value.amount, value.unit);
      return { from: calendar.startOf(day), to: calendar.startOf(day + 1) };
    }
    case "time": {
      const instant = calendar.instantOf(value.value);
      return { from: instant, to: instant + 1 };
    }
    case "rolling": {
      const instant = now + value.amount * (value.unit === "h" ? HOUR_MS : 60_000);
      return { from: instant, to: instant + 1 };
    }
  }
}

function createCalendar(timeZone: string): Calendar {
  const offsetAt = createOffsets(timeZone);
  const starts = new Map<number, number>();

  /** The first instant whose local time, written as if it were UTC, is at or past `local`. */
  const firstAt = (local: number): number => {
    let instant = local - 26 * HOUR_MS;
    for (;;) {
      const { offset, until } = offsetAt(instant);
      const candidate = Math.max(instant, local - offset);
      if (candidate < until) return candidate;
      instant = until;
    }
  };
  const startOf = (day: number): number => {
    let start = starts.get(day);
    if (start === undefined) starts.set(day, (start = firstAt(day * DAY_MS)));
    return start;
  };
  // One instant after another is asked about, most of them of one day.
  let last = { day: 0, from: 0, to: 0 };
  const dayOf = (instant: number): number => {
    if (instant >= last.from && instant < last.to) return last.day;
    let day = Math.floor((instant + offsetAt(instant).offset) / DAY_MS);
    while (startOf(day + 1) <= instant) day += 1;
    while (startOf(day) > instant) day -= 1;
    last = { day, from: startOf(day), to: startOf(day + 1) };
    return day;
  };
  return { timeZone, dayOf, startOf, instantOf: (localTime) => firstAt(Date.parse(`${localTime}Z`)) };
}

/**
 * How far local time is ahead of UTC at an instant, and until when at least that stays so. Asks Intl once per UTC day and
 * looks for the change only on days that have one.
 */
function createOffsets(timeZone: string): (instant: number) => { offset: number; until: number } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const ask = (instant: number): number => {
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(instant)) parts[type] = value;
    const year = parts["era"] === "BC" ? 1 - Number(parts["year"]) : Number(parts["year"]);
    const day = dayNumber(year, Number(parts["month"]), Number(parts["day"])) * DAY_MS;
    const time = (Number(parts["hour"]) * 60 + Number(parts["minute"])) * 60 + Number(parts["second"]);
    return day + time * 1000 - Math.floor(instant / 1000) * 1000;
  };
  const days = new Map<number, { offset: number; until: number }[]>();
  const readDay = (day: number): { offset: number; until: number }[] => {
    const from = day * DAY_MS;
    const to = from + DAY_MS;
    const before = ask(from);
    const after = ask(to - 1);
    if (before === after) return [{ offset: before, until: to }];
    let low = from;
    let high = to - 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (ask(middle) === before) low = middle;
      else high = middle;
    }
    return [
      { offset: before, until: high },
      { offset: after, until: to },
    ];
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_MS);
    let stretches = days.get(day);
    if (!stretches) days.set(day, (stretches = readDay(day)));
    const [first, second] = stretches;
    if (!first) throw new Error(`no offset for ${timeZone}`);
    return second && instant >= first.until ? second : first;
  };
}

function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / DAY_MS;
}
