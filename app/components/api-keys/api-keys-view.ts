import type { ApiKeysAnswer } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { t } from "../../texts/text.ts";

export interface KeyView {
  id: number;
  name: string;
  /** "ends in x7Qw". */
  hint: string;
  scopes: string[];
  created: ShownInstant;
  lastUsed: ShownInstant | null;
  revoked: ShownInstant | null;
  status: Status;
}

/** What a key may do, as it is asked when one is made. */
export const SCOPE_CHOICES = [
  { scope: "events:write", label: "Record events", help: "POST /api/events" },
  { scope: "profiles:write", label: "Set traits of people", help: "PUT /api/profiles" },
] as const;

export function apiKeysView({ keys, now }: Extract<ApiKeysAnswer, { outcome: "found" }>, format: Format): KeyView[] {
  return keys.map(({ id, name, hint, scopes, createdAt, lastUsedAt, revokedAt }) => ({
    id,
    name,
    hint: t("ends in {hint}", { hint }),
    scopes: SCOPE_CHOICES.filter(({ scope }) => scopes.includes(scope)).map(({ label }) => t(label)),
    created: showInstant(format, createdAt, now),
    lastUsed: lastUsedAt && showInstant(format, lastUsedAt, now),
    revoked: revokedAt && showInstant(format, revokedAt, now),
    status: revokedAt ? { tone: null, text: t("Revoked") } : { tone: "success", text: t("Works") },
  }));
}
