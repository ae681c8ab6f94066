/** What of a timeline somebody may want to see alone. */
export const TIMELINE_PARTS = ["orders", "carts", "visits", "emails", "told", "segments"] as const;
export type TimelinePart = (typeof TIMELINE_PARTS)[number];
