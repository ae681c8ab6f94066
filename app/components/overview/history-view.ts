import type { ShopHistory } from "../../jobs/overview.server.ts";
import type { Format } from "../../platform/format.ts";
import { retold } from "../../texts/retold.ts";
import { t, type Text, tn, told } from "../../texts/text.ts";
import { deadLetterReason } from "../dead-letter-words.ts";

/** What Muster knows of the time before it was installed, in words. */
export interface HistoryView {
  state: "under way" | "failed" | "done";
  title: string;
  /** Of the whole back-fill, 0 to 100. */
  percent: number;
  /** What is being read and how far, or what was read. */
  progress: string;
  /** What the merchant has to know about it. */
  remarks: string[];
  /** One sentence for each kind that was given up. */
  errors: string[];
}

type Row = ShopHistory["rows"][number];

/** Orders are by far the most to read, and what Shopify prepares cannot be seen coming. */
const WEIGHTS: Record<Row["kind"], number> = { products: 1, customers: 3, orders: 6, refunds: 1, totals: 1 };
const PREPARED = 0.2;
const NAMES: Record<Row["kind"], Text> = {
  products: "products",
  customers: "customers",
  orders: "orders",
  refunds: "refunds",
  totals: "profiles",
};

export function historyView({ rows, looks }: ShopHistory, format: Format, now: Date): HistoryView {
  const failed = rows.filter(({ state }) => state === "failed");
  const current = rows.filter(({ state }) => state === "waiting" || state === "running" || state === "reading");
  const state = current.length > 0 ? "under way" : failed.length > 0 ? "failed" : "done";
  return {
    state,
    title: t(TITLES[state]),
    percent: Math.floor(
      (100 * sum(rows, (row) => WEIGHTS[row.kind] * shareOf(row))) / sum(rows, ({ kind }) => WEIGHTS[kind]),
    ),
    progress: state === "under way" ? currentSentence(current, format) : doneSentence(rows, format),
    remarks: [...ordersRemark(rows), ...skippedRemark(rows, format), ...driftRemark(looks, format, now)],
    errors: failed.map(
      ({ kind, error }) =>
        `${capital(t(NAMES[kind]))}: ${error === null ? t("no reason is known.") : retold(error, REASONS)}`,
    ),
  };
}

/** Why a kind was given up, as it is stored, with what may stand in it. */
const REASONS: readonly Text[] = [
  "{reason} What it had collected by then was taken in.",
  "Muster was not granted the permission {scope}, so {kind} cannot be read.",
  "Shopify did not take the request for {kind}.",
  "Shopify answered {status}.",
  "Shopify denied access to some of the shop's data: a permission is missing.",
  "Muster has no access to this shop any more. Open it once in the Shopify admin to renew it.",
  "Shopify knows the export no more.",
  "Shopify denied access to some of the data: a permission is missing.",
  "Shopify gave the export up because it took too long.",
  "Shopify's export failed.",
  "The export was cancelled at Shopify.",
  "The export expired at Shopify before it was finished.",
  "Shopify ended the export without a reason.",
  "Shopify's export could not be fetched.",
  ...Object.values(NAMES),
];

const TITLES = {
  "under way": "Reading what happened before Muster",
  failed: "Not everything from before Muster could be read",
  done: "What happened before Muster is read",
} as const;

function shareOf({ state, objects, objectsOf, position, positionOf }: Row): number {
  if (state === "done" || state === "failed") return 1;
  if (state !== "reading") return state === "running" ? PREPARED / 2 : 0;
  const read = positionOf ? Number(position) / Number(positionOf) : objectsOf ? objects / objectsOf : 0;
  return PREPARED + (1 - PREPARED) * Math.min(read, 1);
}

function currentSentence(rows: readonly Row[], format: Format): string {
  const reading = rows.find(({ state }) => state === "reading");
  if (reading) {
    const { kind, objects, objectsOf } = reading;
    const count = format.number(objects);
    if (kind === "totals") return t("Totals of {count} customers are brought up to date.", { count });
    const what = t(NAMES[kind]);
    return objectsOf !== null && objectsOf >= objects
      ? t("Reading {what}: {count} of {total}.", { what, count, total: format.number(objectsOf) })
      : t("Reading {what}: {count}.", { what, count });
  }
  const preparing = rows.filter(({ state }) => state === "running");
  if (preparing.length === 0) return t("Waiting for Shopify.");
  const parts = preparing.map(({ kind, objectsOf }) => `${format.number(objectsOf ?? 0)} ${t(NAMES[kind])}`);
  return t("Shopify is preparing {parts} so far.", { parts: parts.join(", ") });
}

function doneSentence(rows: readonly Row[], format: Format): string {
  const read = rows
    .filter(({ kind }) => kind !== "totals" && kind !== "refunds")
    .map(({ kind, objects }) => `${format.number(objects)} ${t(NAMES[kind])}`);
  return t("Read from Shopify: {parts}.", { parts: read.join(", ") });
}

function ordersRemark(rows: readonly Row[]): string[] {
  const orders = rows.find(({ kind }) => kind === "orders");
  if (orders?.allOrders !== false) return [];
  return [
    t(
      "Shopify gives Muster the orders of the last 60 days only. Of earlier ones it tells each customer’s count and amount, which the totals hold; their dates are not known.",
    ),
  ];
}

function skippedRemark(rows: readonly Row[], format: Format): string[] {
  const skipped = sum(rows, (row) => row.skipped);
  const reason = rows.find(({ skippedReason }) => skippedReason !== null)?.skippedReason ?? null;
  if (skipped === 0) return [];
  return [
    tn(
      skipped,
      "{count} record could not be understood ({reason}).",
      "{count} records could not be understood ({reason}).",
      { count: format.number(skipped), reason: reason === null ? t("no reason") : told(deadLetterReason(reason)) },
    ),
  ];
}

function driftRemark(looks: ShopHistory["looks"], format: Format, now: Date): string[] {
  const [look] = looks.toSorted((left, right) => right.lookedAt.getTime() - left.lookedAt.getTime());
  // A look that has only just begun has compared nothing yet.
  if (!look || look.lookedUntil >= look.lookedAt) return [];
  const repaired = sum(looks, ({ repairedTotal }) => repairedTotal);
  const when = format.relative(look.lookedAt, now);
  if (repaired === 0) return [t("Compared with Shopify {when}; no delivery was missing so far.", { when })];
  return [
    tn(
      repaired,
      "Compared with Shopify {when}; {count} record of which no delivery had come was repaired so far.",
      "Compared with Shopify {when}; {count} records of which no delivery had come were repaired so far.",
      { when, count: format.number(repaired) },
    ),
  ];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
