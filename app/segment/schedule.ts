import { z } from "zod";
import type { Text } from "../texts/text.ts";
import { calendarOf } from "./language/calendar.ts";
import type { Rule } from "./language/tree.ts";

/** Why a publication did not happen when its moment had come. */
export const stoppedSchema = z.discriminatedUnion("why", [
  /** More would have moved than was agreed to: entries and exits in all. */
  z.object({ why: z.literal("guarded"), moves: z.number() }),
  /** This version was published after the moment had been set. */
  z.object({ why: z.literal("overtaken"), version: z.number() }),
  z.object({ why: z.literal("unreadable"), problem: z.string() }),
  z.object({ why: z.enum(["cycle", "unknown_segments"]), keys: z.array(z.string()) }),
  /** The segment was not there then. */
  z.object({ why: z.literal("removed") }),
  /** Its end had come too, before anybody could publish it. */
  z.object({ why: z.literal("over") }),
]);
export type Stopped = z.infer<typeof stoppedSchema>;

export type Moment = { outcome: "read"; at: Date } | { outcome: "unreadable" | "past" | "too_far" };

/** The rule of a segment whose first moment has not come. */
export const NOBODY: Rule = { when: { kind: "not", of: { kind: "sample", share: 10_000 } } };
/** What its version says of itself. */
export const AWAITED: Text = "Nobody is in it before its moment";

const MOST_DAYS_AHEAD = 366;
const DAY_MS = 86_400_000;

/**
 * The instant at which clocks in the shop show this date and time: the first of the two where they are put back, and where they are
 * put forward past it, the instant at which they are.
 * @param local as a form has it: "2026-11-28" and "09:00"
 * @param now business time
 */
export function readMoment(local: { date: string; time: string }, timeZone: string, now: Date): Moment {
  const time = /^\d{2}:\d{2}$/.test(local.time) ? `${local.time}:00` : local.time;
  const text = `${local.date}T${time}`;
  if (!/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text)) return { outcome: "unreadable" };
  const day = new Date(`${local.date}T00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== local.date) return { outcome: "unreadable" };
  const at = calendarOf(timeZone).instantOf(text);
  if (at <= now.getTime()) return { outcome: "past" };
  return at - now.getTime() > MOST_DAYS_AHEAD * DAY_MS ? { outcome: "too_far" } : { outcome: "read", at: new Date(at) };
}

/** What clocks in the shop show at an instant, as a form has it. */
export function localMoment(at: Date, timeZone: string): { date: string; time: string } {
  // Swedish writes dates and times as forms have them.
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);
  const [date = "", time = ""] = text.split(" ");
  return { date, time };
}

/** Why it was not published, or will not be as things are; null: it will be. */
export function whyStopped(schedule: { stopped: Stopped | null; version: number }, live: number): Stopped | null {
  if (schedule.stopped !== null) return schedule.stopped;
  return schedule.version === live ? null : { why: "overtaken", version: live };
}
