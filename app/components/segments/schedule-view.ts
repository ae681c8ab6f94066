import type { Format } from "../../platform/format.ts";
import { localMoment, NOBODY, type Stopped, whyStopped } from "../../segment/schedule.ts";
import type { Schedule } from "../../segment/schedule-store.server.ts";
import { printText } from "../../segment/language/print-text.ts";
import { t, tn } from "../../texts/text.ts";
import { authorWords } from "../author-words.ts";
import type { Status } from "../status-badge.tsx";
import type { PlannedMoment } from "./publish-moment.tsx";

/** What is to be published, or was not. */
export interface ScheduleView {
  /** Whether somebody has to look at it. */
  review: boolean;
  /** Whether it is the rule of before, at the end of the one that is live. */
  returns: boolean;
  title: string;
  sentence: string;
  /** The rule that it is about, and what it is to be called; null: as it is. */
  text: string;
  name: string | null;
  message: string;
  moment: PlannedMoment;
}

export function scheduleView(
  schedule: Schedule,
  { live, now, timeZone }: { live: { version: number; text: string }; now: Date; timeZone: string },
  format: Format,
): ScheduleView {
  const why = whyStopped(schedule, live.version);
  const by = t("Scheduled by {author} {when}.", {
    author: authorWords(schedule.author),
    when: format.relative(schedule.scheduledAt, now),
  });
  return {
    review: why !== null,
    returns: schedule.returns,
    title: titleOf(schedule, why, now, format),
    sentence: [
      ...(why ? [reasonOf(why, format)] : []),
      by,
      ...(why ? [] : [t("Times are those of {zone}.", { zone: timeZone })]),
      ...(live.text === printText(NOBODY) ? [t("Until then nobody is in it.")] : []),
    ].join(" "),
    text: printText(schedule.rule),
    name: schedule.name,
    message: schedule.message,
    moment: {
      begins: localMoment(schedule.at, timeZone),
      until: schedule.until && localMoment(schedule.until, timeZone),
    },
  };
}

export function scheduleStatus(schedule: Schedule, live: number, format: Format): Status {
  const at = format.instant(schedule.at);
  return whyStopped(schedule, live) === null
    ? { tone: "info", text: schedule.returns ? t("Until {at}", { at }) : t("Scheduled: {at}", { at }) }
    : { tone: "warning", text: t("Review: scheduled for {at}", { at }) };
}

function titleOf(
  { at: moment, until, returns, stopped }: Schedule,
  why: Stopped | null,
  now: Date,
  format: Format,
): string {
  const at = format.instant(moment);
  if (returns && !why) return t("Until {at}; then the rule of before is live again", { at });
  if (stopped) return t("This was to be published on {at} and was not", { at });
  if (why) return t("This is scheduled for {at} and will not be published as things are", { at });
  if (moment <= now) return t("This is being published");
  return until
    ? t("This will be published on {at} and ends on {until}", { at, until: format.instant(until) })
    : t("This will be published on {at}", { at });
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
    case "over":
      return t("Its end had come too by the time it could be published.");
  }
}
