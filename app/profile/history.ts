import type { Person } from "./identity/person.ts";

/** What one customer did, as the facts known now tell it: the input of traits and of rules. */
export interface History {
  customerId: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  /** Shopify's state in lower case ("subscribed", "unsubscribed", …), "unknown" while nothing was said. */
  emailConsent: string;
  /** The shop's currency, taken from the orders, or else from what was bought before them; null without either. */
  currency: string | null;
  /** When the customer came to be, as Shopify tells it. */
  createdAt: Date | null;
  /** What was bought before the first order that is held; null when that is nothing or not known yet. */
  opening: { orders: number; spentMinor: bigint; lastOrderAt: Date | null } | null;
  /** From this instant on the customer no longer exists in the shop. */
  deletedAt: Date | null;
  /** Orders that count (not test, not cancelled), oldest first. */
  orders: { at: Date; grossMinor: bigint }[];
  /** Successful refunds of orders that count, oldest first. */
  refunds: { at: Date; amountMinor: bigint }[];
  /** Latest checkout or cart of this customer. */
  browsedAt: Date | null;
  /** Left out where the customer is a person alone. Who is part of another's profile has no orders and never existed here. */
  person?: Person;
}

/** The customer exists from here on: created, or first seen to order. */
export function existsFrom({ createdAt, orders }: Pick<History, "createdAt" | "orders">): Date {
  const ordered = orders[0]?.at ?? null;
  if (createdAt && ordered) return createdAt < ordered ? createdAt : ordered;
  return createdAt ?? ordered ?? new Date(0);
}
