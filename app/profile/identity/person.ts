/** Customers who are one person. */
export interface Person {
  /** The smallest id among those who exist, whose profile it is; null: none of them exists any more. */
  head: string | null;
  /** Everybody in it, those who do not exist any more included, in the order of their ids. */
  members: readonly string[];
  /** Whose facts count as this customer's: for the head everybody's, for another who exists nobody's, not even their own. */
  counts: readonly string[];
}

export interface Reached {
  customerId: string;
  /** Was merged into the customer in Shopify, however often. */
  merged: boolean;
  exists: boolean;
}

/**
 * The person a customer is part of, from everybody who is reached along links and merges: it depends on what is linked now and on
 * nothing that was, so taking a link away leaves no trace.
 * @param reached the customer included
 */
export function personOf(customerId: string, reached: readonly Reached[]): Person {
  const inOrder = reached.toSorted((left, right) => byId(left.customerId, right.customerId));
  const head = inOrder.find(({ exists }) => exists)?.customerId ?? null;
  const members = inOrder.map((member) => member.customerId);
  if (head === customerId) return { head, members, counts: members };
  // Somebody whom Shopify deleted keeps, up to then, a history of their own.
  const isGone = inOrder.some((member) => member.customerId === customerId && !member.exists);
  const merged = inOrder.filter((member) => member.merged).map((member) => member.customerId);
  return { head, members, counts: isGone ? merged : [] };
}

/** Shopify's ids are numbers past 2^53. */
function byId(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
