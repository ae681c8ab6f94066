import { DAYS_TO_FETCH as DATA_EXPORTS } from "../privacy/exports-store.server.ts";
import { RUNS_KEPT_DAYS } from "../segment/automations/runs-store.server.ts";
import { KEPT_DAYS as FIGURES } from "../segment/watch/figures-store.server.ts";
import { CHANGES_KEPT_DAYS } from "../shopify/audit-store.server.ts";
import { DAYS_TO_FETCH as SEGMENT_FILES } from "../sync/csv/exports-store.server.ts";
import { DAYS_KEPT as SYNC_LOG } from "../sync/log-store.server.ts";
import type { Text } from "../texts/text.ts";
import { FEEDBACK_DAYS } from "./storefront-jobs.server.ts";

/** What is forgotten by itself, and after how many days. */
export const RETENTION: readonly { what: Text; days: number }[] = [
  { what: "Files of a segment", days: SEGMENT_FILES },
  { what: "Exports of a customer’s data", days: DATA_EXPORTS },
  { what: "Log of what was sent to e-mail platforms", days: SYNC_LOG },
  { what: "What automations did, with every attempt", days: RUNS_KEPT_DAYS },
  { what: "Daily figures of segments", days: FIGURES },
  { what: "What browsers told of recommendations", days: FEEDBACK_DAYS },
  { what: "What staff changed", days: CHANGES_KEPT_DAYS },
];
