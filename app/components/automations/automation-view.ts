import type { AutomationPage } from "../../jobs/automation-admin.server.ts";
import type { Format } from "../../platform/format.ts";
import { type AutomationKind, describeRun } from "../../segment/automations/automation.ts";
import { tn, told } from "../../texts/text.ts";
import type { Status } from "../status-badge.tsx";
import { automationStatus, endingWords, kindName, storedWords, whatItDoes } from "./automation-words.ts";

export interface AutomationView {
  segmentId: number;
  segmentName: string;
  segmentKey: string;
  /** 0: not there yet. */
  id: number;
  name: string;
  /** Null: still to be chosen. */
  kind: AutomationKind | null;
  kindName: string;
  what: string;
  status: Status | null;
  active: boolean;
  reason: string | null;
  /** How far its end is, where it is being deleted. */
  ending: { percent: number; words: string } | null;
  /** The choice to take its tag off with it, in words; null: nobody has one from it. */
  taking: string | null;
  onEntry: boolean;
  onExit: boolean;
  url: string;
  tag: string;
  /** The choice to run it also for those who are in now, in words. */
  present: string;
  tagsNeed: string | null;
  /** Until when the secret before this one signs too; null: it does not. */
  oldSecretUntil: string | null;
  /** What a receiver gets, as JSON. */
  body: string;
  flowUrl: string;
}

export function automationView(found: AutomationPage, format: Format): AutomationView {
  const { segment, automation, members, tagged, ending, shop, now, tagsNeed } = found;
  const settings = automation?.settings;
  const oldUntil = automation?.oldSecretUntil ?? null;
  return {
    segmentId: segment.id,
    segmentName: segment.name,
    segmentKey: segment.key,
    id: automation?.id ?? 0,
    name: automation?.name ?? "",
    kind: settings?.kind ?? null,
    kindName: settings ? kindName(settings.kind) : "",
    what: automation ? whatItDoes(automation) : "",
    status: automation && automationStatus(automation),
    active: automation?.state === "active",
    reason: automation?.stateReason ? storedWords(automation.stateReason) : null,
    ending: ending && {
      percent: ending.total === 0 ? 100 : Math.round((100 * (ending.total - ending.left)) / ending.total),
      words: endingWords(ending, format),
    },
    taking:
      tagged === 0
        ? null
        : tn(
            tagged,
            "Take its tag off the one customer who has it from here",
            "Take its tag off the {count} customers who have it from here",
            { count: format.number(tagged) },
          ),
    onEntry: automation?.onEntry ?? true,
    onExit: automation?.onExit ?? true,
    url: settings?.kind === "webhook" ? settings.url : "",
    tag: settings?.kind === "customer_tag" ? settings.tag : "",
    present: tn(members, "Also for the one customer in it now", "Also for the {count} customers in it now", {
      count: format.number(members),
    }),
    tagsNeed: tagsNeed && told(tagsNeed),
    oldSecretUntil: oldUntil !== null && oldUntil > now ? format.instant(oldUntil) : null,
    body: JSON.stringify(exampleOf(segment, now), null, 2),
    flowUrl: `https://admin.shopify.com/store/${shop.domain.replace(/\.myshopify\.com$/, "")}/apps/flow`,
  };
}

function exampleOf(segment: { key: string; name: string }, now: Date) {
  return describeRun(
    { segmentKey: segment.key, segmentName: segment.name },
    {
      id: "0",
      customerId: "6000000000001",
      change: "entered",
      at: new Date(Math.floor(now.getTime() / 60_000) * 60_000),
      reason: "happened",
      messageId: "",
      attempts: 0,
    },
  );
}
