import type { Automation, AutomationKind, Run } from "../../segment/automations/automation.ts";
import type { LoggedRun } from "../../segment/automations/runs-store.server.ts";
import type { Ending } from "../../jobs/automation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { retold } from "../../texts/retold.ts";
import { t, tn, told, type Text } from "../../texts/text.ts";
import type { Status } from "../status-badge.tsx";

const KINDS: Readonly<Record<AutomationKind, Text>> = {
  webhook: "Webhook",
  customer_tag: "Customer tag",
  flow_trigger: "Shopify Flow",
};

export function kindName(kind: AutomationKind): string {
  return t(KINDS[kind]);
}

/** What it does and when, in one sentence. */
export function whatItDoes({ settings, onEntry, onExit }: Pick<Automation, "settings" | "onEntry" | "onExit">): string {
  const when = onEntry && onExit ? "both" : onEntry ? "entry" : "exit";
  switch (settings.kind) {
    case "webhook":
      return t(SENDS[when], { host: hostOf(settings.url) });
    case "customer_tag":
      return onExit
        ? t("Puts the tag {tag} on who enters, and takes it off who leaves", { tag: settings.tag })
        : t("Puts the tag {tag} on who enters", { tag: settings.tag });
    case "flow_trigger":
      return t(STARTS[when]);
  }
}

const SENDS = {
  both: "Sends a signed message to {host} when somebody enters or leaves",
  entry: "Sends a signed message to {host} when somebody enters",
  exit: "Sends a signed message to {host} when somebody leaves",
} as const;
const STARTS = {
  both: "Starts workflows in Shopify Flow when somebody enters or leaves",
  entry: "Starts workflows in Shopify Flow when somebody enters",
  exit: "Starts workflows in Shopify Flow when somebody leaves",
} as const;

/** What was stored in English of an attempt, or of why Muster paused: a sentence, or one with a status in it. */
export function storedWords(words: string): string {
  return told(retold(words, ["The receiver answered {status}.", "Shopify answered {status}."]));
}

/** Addresses may hold a token in their path, so lists name the host only. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

export function automationStatus({ state, stateReason }: Pick<Automation, "state" | "stateReason">): Status {
  if (state === "active") return { tone: "success", text: t("Active") };
  if (state === "ending") return { tone: "attention", text: t("Being deleted") };
  return stateReason === null
    ? { tone: "attention", text: t("Paused") }
    : { tone: "critical", text: t("Paused by Muster") };
}

const RUN_STATES: Readonly<Record<LoggedRun["state"], { tone: Status["tone"]; text: Text }>> = {
  waiting: { tone: "attention", text: "Waiting" },
  done: { tone: "success", text: "Done|a run" },
  failed: { tone: "critical", text: "Failed" },
  skipped: { tone: null, text: "Nothing to do" },
  cancelled: { tone: null, text: "Cancelled" },
};

export function runStatus(state: LoggedRun["state"]): Status {
  const { tone, text } = RUN_STATES[state];
  return { tone, text: t(text) };
}

/** How far an automation that is deleted is with taking its tag off. */
export function endingWords({ total, left }: Ending, format: Format): string {
  const values = { done: format.number(total - left), total: format.number(total) };
  return tn(
    total,
    "Its tag was taken off {done} of {total} customer. Then it is gone.",
    "Its tag was taken off {done} of {total} customers. Then it is gone.",
    values,
  );
}

/** What the log can be narrowed to. */
export function runStateChoices(): { value: string; label: string }[] {
  return [
    { value: "", label: t("All") },
    ...Object.entries(RUN_STATES).map(([value, { text }]) => ({ value, label: t(text) })),
  ];
}

export function changeName({ change, reason }: Pick<Run, "change" | "reason">): string {
  const entered = change === "entered";
  switch (reason) {
    case "sample":
      return entered ? t("Sample: entered") : t("Sample: left");
    case "present":
      return t("Was in already");
    // Only who was said to have entered is said to leave after all.
    case "withdrawn":
      return t("Left: the entry turned out not to have been");
    case "removed":
      return t("Left: the segment was removed");
    case "rule":
      return entered ? t("Entered: a new rule") : t("Left: a new rule");
    case "retagged":
      return t("Another tag");
    case "ended":
      return t("The automation is deleted");
    case "happened":
      return entered ? t("Entered") : t("Left");
  }
}
