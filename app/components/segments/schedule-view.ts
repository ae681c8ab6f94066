import type { Format } from "../../platform/format.ts";
import { localMoment, type Stopped, whyStopped } from "../../segment/schedule.ts";
import type { Schedule } from "../../segment/schedule-store.server.ts";
import { printText } from "../../segment/language/print-text.ts";
import { t, tn } from "../../texts/text.ts";
import { authorWords } from "../author-words.ts";
import type { Status } from "../status-badge.tsx";

/** What is to be published, or was not. */
export interface ScheduleView {
  /** Whether somebody has to look at it. */
  review: boolean;
  title: string;
  sentence: string;
  /** The rule that it is about, and what it is to be called; null: as it is. */
  text: string;
  name: string | null;
  message: string;
  date: string;
  time: string;
}

export function scheduleView(
  schedule: Schedule,
  { live, now, timeZone }: { live: number; now: Date; timeZone: string },
  format: Format,
): ScheduleView {
  const why = whyStopped(schedule, live);
  const at = format.instant(schedule.at);
  const by = t("Scheduled by {author} {when}.", {
    author: authorWords(schedule.author),
    when: format.relative(schedule.scheduledAt, now),
  });
  return {
    review: why !== null,
    title: titleOf(schedule, why, now, at),
    sentence: why ? `${reasonOf(why, format)} ${by}` : `${by} ${t("Times are those of {zone}.", { zone: timeZone })}`,
    text: printText(schedule.rule),
    name: schedule.name,
    message: schedule.message,
    ...localMoment(schedule.at, timeZone),
  };
}

export function scheduleStatus(schedule: Schedule, live: number, format: Format): Status {
  const at = format.instant(schedule.at);
  return whyStopped(schedule, live) === null
    ? { tone: "info", text: t("Scheduled: {at}", { at }) }
    : { tone: "warning", text: t("Review: scheduled for {at}", { at }) };
}

function titleOf({ at: moment, stopped }: Schedule, why: Stopped | null, now: Date, at: string): string {
  if (stopped) return t("This was to be published on {at} and was not", { at });
  if (why) return t("This is scheduled for {at} and will not be published as things are", { at });
  return moment <= now ? t("This is being published", { at }) : t("This will be published on {at}", { at });
}

function reasonOf(why: Stopped, format: Format): string {
  switch (why.why) {
    case "guarded":
      return tn(
        why.moves,
        "{count} entry or exit would have followed, which is a large part of the segment and more than was agreed to.",
        "{count} entries and exits would have followed, which is a large part of the segment and more than was agreed to.",
        { count: format.number(why.moves) },
      );
    case "overtaken":
      return t("Version {number} was published after the moment had been set.", { number: why.version });
    case "unreadable":
      return t("The rule cannot be read any more: {problem}", { problem: why.problem });
    case "cycle":
      return t("The segments ask for each other in a circle: {keys}.", { keys: why.keys.join(", ") });
    case "unknown_segments":
      return t("There is no segment with the key {keys}.", { keys: why.keys.join(", ") });
    case "removed":
      return t("The segment was removed then.");
  }
}
