/** What a shop keeps for a while only, and may choose for how long. */
export const KEPT_KINDS = [
  "views",
  "deliveries",
  "sync_log",
  "comparisons",
  "automation_runs",
  "feedback",
  "changes",
] as const;

export type KeptKind = (typeof KEPT_KINDS)[number];

export interface KeptLimits {
  /** Days it is kept for where nobody chose; null: without end. */
  usual: number | null;
  least: number;
  most: number;
}

/**
 * Deliveries are kept to be read again once Muster understands more of them; what they told is in the facts. Feedback has to outlast the
 * thirty days for which somebody who was shown a list is followed, and a log of changes that can be emptied quickly is none.
 */
export const KEPT_LIMITS: Readonly<Record<KeptKind, KeptLimits>> = {
  views: { usual: null, least: 30, most: 3_650 },
  deliveries: { usual: 90, least: 7, most: 730 },
  sync_log: { usual: 30, least: 7, most: 365 },
  comparisons: { usual: 90, least: 7, most: 365 },
  automation_runs: { usual: 90, least: 7, most: 730 },
  feedback: { usual: 180, least: 60, most: 730 },
  changes: { usual: 730, least: 180, most: 3_650 },
};

/** So many days each is kept; null: without end. */
export type Retention = Readonly<Record<KeptKind, number | null>>;

/** What is usual, with what the shop chose in its place. */
export function retentionOf(chosen: ReadonlyMap<string, number>): Retention {
  const days = KEPT_KINDS.map((kind) => [kind, chosen.get(kind) ?? KEPT_LIMITS[kind].usual] as const);
  return Object.fromEntries(days) as Retention;
}

const DAY_MS = 86_400_000;

/** What is older goes. */
export function keptSince(days: number, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
