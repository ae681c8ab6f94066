import type { PrivacyAnswer } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { destinationName } from "../audience-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { t, tn, type Text } from "../../texts/text.ts";

type Listed = Extract<PrivacyAnswer, { outcome: "found" }>["requests"][number];

export interface RequestView {
  id: string;
  kind: string;
  /** Through whom it came, with a place for `when`. */
  from: Extract<Text, `{when}, ${string}`>;
  status: Status;
  /** What the status means, or what was done. */
  detail: string;
  received: ShownInstant;
  due: ShownInstant | null;
  done: ShownInstant | null;
  /** The profile an export is about, as long as it is known. */
  profileUrl: string | null;
  /** Where the export is fetched, as long as it is kept. */
  exportUrl: string | null;
  proof: string | null;
}

export interface PrivacyView {
  requests: RequestView[];
}

export function privacyView(
  { requests, now }: Extract<PrivacyAnswer, { outcome: "found" }>,
  format: Format,
): PrivacyView {
  return {
    requests: requests.map((request) => ({
      id: request.id,
      kind: t(KINDS[request.kind]),
      from: request.source === "merchant" ? "{when}, here" : "{when}, through Shopify",
      status: statusOf(request, now),
      detail: detailOf(request, format),
      received: showInstant(format, request.receivedAt, now),
      due: request.doneAt ? null : showInstant(format, request.dueAt, now),
      done: request.doneAt && showInstant(format, request.doneAt, now),
      profileUrl: request.customerId && `/app/profiles/${request.customerId}`,
      exportUrl: request.exportUntil && `/app/privacy/${request.id}`,
      proof: request.proof,
    })),
  };
}

const KINDS: Record<Listed["kind"], Text> = {
  data_request: "Export of a customer’s data",
  customer_redact: "Erasure of a customer",
  shop_redact: "Erasure of the shop",
};

function statusOf({ kind, state, dueAt, exportUntil }: Listed, now: Date): Status {
  switch (state) {
    case "done":
      if (kind !== "data_request") return { tone: "success", text: t("Erased") };
      return exportUntil ? { tone: "success", text: t("Ready") } : { tone: null, text: t("Expired") };
    case "kept":
      return { tone: null, text: t("Not needed") };
    case "waiting":
    case "leaving":
      return dueAt < now ? { tone: "critical", text: t("Overdue") } : { tone: "info", text: t("Under way") };
  }
}

function detailOf({ kind, state, counts, exportUntil }: Listed, format: Format): string {
  if (state === "kept") return t("The app was installed again before the shop was to be erased.");
  if (state === "leaving") {
    return t("Gone here. Waiting for the e-mail platforms to take them out of your audiences and to delete them.");
  }
  if (state === "waiting") return t("Being looked for.");
  if (kind === "data_request") {
    return exportUntil
      ? t("Kept until {when}.", { when: format.instant(exportUntil) })
      : t("The file is not kept any more.");
  }
  const platforms = Object.keys(counts).flatMap((name) => /^(.+)_profiles$/.exec(name)?.[1] ?? []);
  const rows = Object.entries(counts).reduce((sum, [name, n]) => (name.endsWith("_profiles") ? sum : sum + n), 0);
  const count = format.number(rows);
  if (platforms.length === 0) return tn(rows, "{count} record erased.", "{count} records erased.", { count });
  return tn(
    rows,
    "{count} record erased, and the person deleted at {platforms}.",
    "{count} records erased, and the person deleted at {platforms}.",
    { count, platforms: platforms.map(destinationName).reduce((low, high) => t("{low} and {high}", { low, high })) },
  );
}
