import type { Automation, AutomationKind, Run } from "../../segment/automations/automation.ts";
import type { LoggedRun } from "../../segment/automations/runs-store.server.ts";
import type { Status } from "../status-badge.tsx";

const KINDS: Readonly<Record<AutomationKind, string>> = {
  webhook: "Webhook",
  customer_tag: "Customer tag",
  flow_trigger: "Shopify Flow",
};

export function kindName(kind: AutomationKind): string {
  return KINDS[kind];
}

/** What it does and when, in one sentence. */
export function whatItDoes({ settings, onEntry, onExit }: Pick<Automation, "settings" | "onEntry" | "onExit">): string {
  const when = onEntry && onExit ? "enters or leaves" : onEntry ? "enters" : "leaves";
  switch (settings.kind) {
    case "webhook":
      return `Sends a signed message to ${hostOf(settings.url)} when somebody ${when}`;
    case "customer_tag":
      return `Puts the tag ${settings.tag} on who enters${onExit ? ", and takes it off who leaves" : ""}`;
    case "flow_trigger":
      return `Starts workflows in Shopify Flow when somebody ${when}`;
  }
}

/** Addresses may hold a token in their path, so lists name the host only. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

export function automationStatus({ state, stateReason }: Pick<Automation, "state" | "stateReason">): Status {
  if (state === "active") return { tone: "success", text: "Active" };
  return stateReason === null ? { tone: "attention", text: "Paused" } : { tone: "critical", text: "Paused by Muster" };
}

const RUN_STATES: Readonly<Record<LoggedRun["state"], Status>> = {
  waiting: { tone: "attention", text: "Waiting" },
  done: { tone: "success", text: "Done" },
  failed: { tone: "critical", text: "Failed" },
  skipped: { tone: null, text: "Nothing to do" },
  cancelled: { tone: null, text: "Cancelled" },
};

export function runStatus(state: LoggedRun["state"]): Status {
  return RUN_STATES[state];
}

/** What the log can be narrowed to. */
export const RUN_STATE_CHOICES = [
  { value: "", label: "All" },
  ...Object.entries(RUN_STATES).map(([value, { text }]) => ({ value, label: text })),
];

export function changeName({ change, reason }: Pick<Run, "change" | "reason">): string {
  const name = change === "entered" ? "Entered" : "Left";
  switch (reason) {
    case "sample":
      return `Sample: ${name.toLowerCase()}`;
    case "present":
      return "Was in already";
    case "withdrawn":
      return `${name}: the entry turned out not to have been`;
    case "removed":
      return `${name}: the segment was removed`;
    case "rule":
      return `${name}: a new rule`;
    case "happened":
      return name;
  }
}
