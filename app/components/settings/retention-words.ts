import type { Format } from "../../platform/format.ts";
import type { KeptKind } from "../../privacy/retention.ts";
import { t, type Text } from "../../texts/text.ts";

/** What is kept for a while only. */
export const KEPT_NAMES: Record<KeptKind, Text> = {
  views: "What visitors did in the storefront",
  deliveries: "Deliveries as they came from Shopify",
  sync_log: "Log of what was sent to e-mail platforms",
  comparisons: "Comparisons of audiences with their segments",
  automation_runs: "What automations did, with every attempt",
  feedback: "What browsers told of recommendations",
  changes: "What staff changed",
};

/** What goes with it, and what does not. */
export const KEPT_MEANING: Record<KeptKind, Text> = {
  views:
    "Page views, searches and carts. Timelines end there, and a rule that is published later, or run over the past, finds only what is kept. What each customer did last stays, and nobody’s past stays in segments change.",
  deliveries:
    "The messages themselves. What they say is kept with customers and orders. One that was set aside stays until it is understood or you discard it.",
  sync_log: "Pass by pass what was added and removed, and every call. Audiences stay as they are.",
  comparisons: "What each found, and who differed. The latest result of an audience stays.",
  automation_runs: "What is gone cannot be sent again. What still waits stays until it is sent.",
  feedback: "What was shown and clicked. Results of recommendations reach back no further than this.",
  changes: "Who changed what in segments, automations, destinations and settings.",
};

/** @param days null: without end */
export function keptWords(days: number | null, format: Format): string {
  return days === null ? t("Until the person is erased") : t("{count} days", { count: format.number(days) });
}
