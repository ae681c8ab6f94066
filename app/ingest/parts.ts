/** Kinds of facts about a customer, as bits: what changed travels with the customer to those who read only some of it. */
export const PARTS = {
  /** The customer's own record: name, addresses, creation, deletion. */
  record: 1,
  consent: 2,
  tags: 4,
  /** Orders, their lines and refunds. */
  orders: 8,
  /** Checkouts and carts. */
  checkouts: 16,
  /** Rows of `events`, of any kind. */
  events: 32,
  /** Data-quality findings and likely duplicates. */
  quality: 64,
  /** Nothing but time: a timer is due. */
  time: 128,
  /** The shop's own traits, or rows of `events` of some kinds: which of them stands beside it, by their names in rules. */
  named: 256,
} as const;

/** Whoever does not know what changed says this. */
export const ALL_PARTS = 0x7fffffff;
