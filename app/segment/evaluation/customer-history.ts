/**
 * Everything a rule may ask about one customer, as the facts known now tell it. Pure data: the stores fill it, `evaluate` reads
 * it, and what was not loaded reads as missing.
 */
export interface CustomerHistory {
  customerId: string;
  /** From here on the customer exists; before it no rule holds, NOT included. */
  existsFrom: Date;
  /** From here on the customer no longer exists. */
  deletedAt: Date | null;
  /** Orders placed before the first order that is held: without them lifetime totals would begin with the installation. */
  opening: OpeningBalance | null;
  /** By the event's name in the dictionary, oldest first. Only orders that count are here, and their lines and refunds. */
  events: Readonly<Record<string, readonly HistoryEvent[]>>;
  /** By the attribute's name in the dictionary, oldest change first. Lifetime totals and dates of orders are derived, not given. */
  attributes: Readonly<Record<string, readonly AttributeChange[]>>;
  /** Where the customer's addresses lie. */
  places: readonly Place[];
  /** By segment key, oldest first; ends that are foreseen count as known. */
  memberships: Readonly<Record<string, readonly Interval[]>>;
}

export interface OpeningBalance {
  orders: number;
  spentMinor: bigint;
  firstOrderAt: Date | null;
  lastOrderAt: Date | null;
}

export interface HistoryEvent {
  at: Date;
  /** Money in minor units as bigint, ids as strings, several values as an array; a missing property is left out or null. */
  properties: Readonly<Record<string, PropertyValue | null>>;
}

export type PropertyValue = string | number | bigint | boolean | Date | CalendarDay | readonly string[];

/** A day without a time zone, such as a birthday: "1990-05-30". */
export interface CalendarDay {
  day: string;
}

export interface AttributeChange {
  /** Null when it is not known since when: the value then holds for all time. */
  since: Date | null;
  /** Null: no value from here on. */
  value: PropertyValue | null;
}

export interface Place {
  latitude: number;
  longitude: number;
}

/** A stretch [enteredAt, leftAt) of time. */
export interface Interval {
  enteredAt: Date;
  /** Null while it lasts and no end is foreseen. */
  leftAt: Date | null;
}

export interface Shop {
  /** IANA name. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
}
