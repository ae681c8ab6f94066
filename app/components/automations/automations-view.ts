import type { AutomationsPage } from "../../jobs/automation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { idPages } from "../../platform/id-window.ts";
import { t, told } from "../../texts/text.ts";
import type { Status } from "../status-badge.tsx";
import {
  automationStatus,
  changeName,
  endingWords,
  kindName,
  runStatus,
  storedWords,
  whatItDoes,
} from "./automation-words.ts";

export interface AutomationsView {
  segmentId: number;
  segmentName: string;
  automations: AutomationRow[];
  /** How many runs failed, in figures; null: none. */
  failed: string | null;
  tagsNeed: string | null;
  /** What the log was asked for. */
  asked: { customer: string; state: string };
  runs: RunRow[];
  pages: { previous: string | null; next: string | null };
}

export interface AutomationRow {
  id: number;
  url: string;
  name: string;
  kind: string;
  what: string;
  status: Status;
  active: boolean;
  /** Whether it is being deleted: then it is neither paused nor resumed. */
  ending: boolean;
  /** Why Muster paused it; null: it did not. */
  reason: string | null;
  /** What waits and what failed, in words; empty: nothing. */
  standing: string;
}

export interface RunRow {
  id: string;
  what: string;
  automation: string;
  at: string;
  customer: { id: string; url: string } | null;
  status: Status;
  /** What the last attempt came to, and when the next one is. */
  words: string;
  /** The attempts before the last one. */
  earlier: string[];
  again: boolean;
}

export function automationsView(
  found: AutomationsPage,
  asked: { customer: string; state: string },
  format: Format,
): AutomationsView {
  const { segment, automations, runs } = found;
  const url = `/app/segments/${segment.id}/automations`;
  const failed = automations.reduce((sum, automation) => sum + automation.failed, 0);
  const names = new Map(automations.map(({ id, name }) => [id, name]));
  return {
    segmentId: segment.id,
    segmentName: segment.name,
    automations: automations.map((automation) => ({
      id: automation.id,
      url: `${url}/${automation.id}`,
      name: automation.name,
      kind: kindName(automation.settings.kind),
      what: whatItDoes(automation),
      status: automationStatus(automation),
      active: automation.state === "active",
      ending: automation.state === "ending",
      // What stands above the list already is not said again.
      reason:
        automation.stateReason === null || automation.stateReason === found.tagsNeed
          ? null
          : storedWords(automation.stateReason),
      standing: [
        ...(automation.ending ? [endingWords(automation.ending, format)] : []),
        ...(automation.waiting > 0 && !automation.ending
          ? [t("{count} waiting", { count: format.number(automation.waiting) })]
          : []),
        ...(automation.failed > 0 ? [t("{count} failed", { count: format.number(automation.failed) })] : []),
      ].join(", "),
    })),
    failed: failed === 0 ? null : format.number(failed),
    tagsNeed:
      found.tagsNeed !== null && automations.some(({ settings }) => settings.kind === "customer_tag")
        ? told(found.tagsNeed)
        : null,
    asked,
    runs: runs.rows.map((run) => runRow(run, names.get(run.automationId) ?? "", found, format)),
    pages: idPages(runs, url, asked),
  };
}

function runRow(
  run: AutomationsPage["runs"]["rows"][number],
  automation: string,
  { now, automations }: AutomationsPage,
  format: Format,
): RunRow {
  const { id, customerId, at, state, reason, tries, dueAt, automationId } = run;
  const last = tries.at(-1);
  const paused = automations.find((one) => one.id === automationId)?.state === "paused";
  const next =
    state !== "waiting" || dueAt === null
      ? []
      : paused
        ? [t("It waits until the automation goes on.")]
        : [
            dueAt > now
              ? t("Next attempt {when}.", { when: format.relative(dueAt, now) })
              : t("It is about to be sent."),
          ];
  return {
    id,
    what: changeName(run),
    automation,
    at: format.instant(at),
    customer: customerId === null ? null : { id: customerId, url: `/app/profiles/${customerId}` },
    status: runStatus(state),
    words: [
      ...(last ? [tryWords(last)] : []),
      ...next,
      ...(state === "cancelled" ? [t("Not sent: the segment or the automation was removed first.")] : []),
    ].join(" "),
    earlier: tries.slice(0, -1).map((one) => `${format.instant(one.at)}: ${tryWords(one)}`),
    again: state !== "waiting" && reason !== "sample",
  };
}

function tryWords({ words, ms }: { words: string; ms: number }): string {
  return ms === 0 ? storedWords(words) : `${storedWords(words)} ${ms} ms.`;
}
