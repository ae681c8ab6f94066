/**
 * Why members of a segment are not in its audience, by name: how many. `same_address`: the address is in the audience, for another
 * member of the segment.
 */
export type Exceptions = Partial<Record<ExceptionName, number>>;

export type ExceptionName = "no_consent" | "no_email" | "rejected" | "pending" | "same_address";

/** Names that count nobody are left out. */
export function named(counts: Record<ExceptionName, number>): Exceptions {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
