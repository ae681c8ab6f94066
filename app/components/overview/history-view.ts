import type { ShopHistory } from "../../jobs/overview.server.ts";
import type { Format } from "../../platform/format.ts";

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
const NAMES: Record<Row["kind"], string> = {
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
    title: TITLES[state],
    percent: Math.floor(
      (100 * sum(rows, (row) => WEIGHTS[row.kind] * shareOf(row))) / sum(rows, ({ kind }) => WEIGHTS[kind]),
    ),
    progress: state === "under way" ? currentSentence(current, format) : doneSentence(rows, format),
    remarks: [...ordersRemark(rows), ...skippedRemark(rows, format), ...driftRemark(looks, format, now)],
    errors: failed.map(({ kind, error }) => `${capital(NAMES[kind])}: ${error ?? "no reason is known."}`),
  };
}

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
    if (kind === "totals") return `Totals of ${format.number(objects)} customers are brought up to date.`;
    const of = objectsOf !== null && objectsOf >= objects ? ` of ${format.number(objectsOf)}` : "";
    return `Reading ${NAMES[kind]}: ${format.number(objects)}${of}.`;
  }
  const preparing = rows.filter(({ state }) => state === "running");
  if (preparing.length === 0) return "Waiting for Shopify.";
  const parts = preparing.map(({ kind, objectsOf }) => `${format.number(objectsOf ?? 0)} ${NAMES[kind]}`);
  return `Shopify is preparing ${parts.join(", ")} so far.`;
}

function doneSentence(rows: readonly Row[], format: Format): string {
  const read = rows
    .filter(({ kind }) => kind !== "totals" && kind !== "refunds")
    .map(({ kind, objects }) => `${format.number(objects)} ${NAMES[kind]}`);
  return `Read from Shopify: ${read.join(", ")}.`;
}

function ordersRemark(rows: readonly Row[]): string[] {
  const orders = rows.find(({ kind }) => kind === "orders");
  if (orders?.allOrders !== false) return [];
  return [
    "Shopify gives Muster the orders of the last 60 days only. Of earlier ones it tells each customer\u2019s count and amount, which the totals hold; their dates are not known.",
  ];
}

function skippedRemark(rows: readonly Row[], format: Format): string[] {
  const skipped = sum(rows, (row) => row.skipped);
  const reason = rows.find(({ skippedReason }) => skippedReason !== null)?.skippedReason;
  if (skipped === 0) return [];
  return [
    `${format.number(skipped)} ${skipped === 1 ? "record" : "records"} could not be understood (${reason ?? "no reason"}).`,
  ];
}

function driftRemark(looks: ShopHistory["looks"], format: Format, now: Date): string[] {
  const [look] = looks.toSorted((left, right) => right.lookedAt.getTime() - left.lookedAt.getTime());
  // A look that has only just begun has compared nothing yet.
  if (!look || look.lookedUntil >= look.lookedAt) return [];
  const repaired = sum(looks, ({ repairedTotal }) => repairedTotal);
  const compared = `Compared with Shopify ${format.relative(look.lookedAt, now)}`;
  if (repaired === 0) return [`${compared}; no delivery was missing so far.`];
  const records = `${format.number(repaired)} ${repaired === 1 ? "record" : "records"}`;
  return [`${compared}; ${records} of which no delivery had come ${repaired === 1 ? "was" : "were"} repaired so far.`];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
