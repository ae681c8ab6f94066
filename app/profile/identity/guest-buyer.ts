import type { Person } from "./person.ts";

/** A customer whom something about an order names: its address, its number, or the checkout it came from. */
export interface Clue {
  customerId: string;
  /** Exists, or was merged into another in Shopify. */
  known: boolean;
  /** Names the customer by itself. What it is not: an address of which Shopify says that the customer never verified it. */
  proves: boolean;
}

/**
 * Whose an order is that names no customer. All clues have to lead to one person, and one of them has to prove it: with an address two
 * people share it is nobody's. Of a person with several customers it is that of the smallest id; their profile counts it all the same.
 * @param persons who is one person with others
 */
export function guestBuyer(clues: readonly Clue[], persons: ReadonlyMap<string, Person>): string | null {
  const known = clues.filter((clue) => clue.known);
  const people = new Set(known.map(({ customerId }) => persons.get(customerId)?.members[0] ?? customerId));
  if (people.size !== 1 || !known.some(({ proves }) => proves)) return null;
  const [smallest] = known
    .map(({ customerId }) => BigInt(customerId))
    .toSorted((left, right) => (left < right ? -1 : 1));
  return smallest === undefined ? null : String(smallest);
}
