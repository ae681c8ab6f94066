import type { PairPosition, PairWindow, ReviewView } from "../../profile/duplicates/review-store.server.ts";

/** Where the pages of pairs are. @param at.side with `at.position`: what is after or before it; without: the first page */
export function duplicatesUrl(
  { view, customerId }: { view: ReviewView; customerId: string | null },
  at?: { side: "after" | "before"; position: PairPosition },
): string {
  const search = new URLSearchParams();
  if (view !== "open") search.set("view", view);
  if (customerId !== null) search.set("customer", customerId);
  if (at) search.set(at.side, writePosition(at.position));
  return `/app/data/duplicates${search.size > 0 ? `?${search}` : ""}`;
}

/** What somebody may have written into the address reads as if it were not there. */
export function readPairWindow(search: URLSearchParams, view: ReviewView): PairWindow {
  const after = readPosition(search.get("after"), view);
  if (after) return { after };
  const before = readPosition(search.get("before"), view);
  return before ? { before } : "first";
}

const writePosition = ({ by, low, high }: PairPosition): string => `${by}~${low}~${high}`;

const POSITION = /^(?<by>[^~]+)~(?<low>[1-9]\d{0,17})~(?<high>[1-9]\d{0,17})$/;
const PROBABILITY = /^[01](?:\.\d{1,20})?$/;
const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function readPosition(text: string | null, view: ReviewView): PairPosition | null {
  const { by, low, high } = POSITION.exec(text ?? "")?.groups ?? {};
  if (by === undefined || low === undefined || high === undefined) return null;
  const ordered = view === "open" ? PROBABILITY.test(by) : INSTANT.test(by) && !Number.isNaN(Date.parse(by));
  return ordered ? { by, low, high } : null;
}
