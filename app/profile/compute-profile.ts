import { existsFrom, type History } from "./history.ts";
import { sampleBucket } from "./sample-bucket.ts";

export interface Profile {
  customerId: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  emailConsent: string;
  ordersCount: number;
  /** Of orders that are not held only what is left after refunds is known. */
  grossMinor: bigint;
  refundedMinor: bigint;
  currency: string | null;
  /** The first that is held. */
  firstOrderAt: Date | null;
  lastOrderAt: Date | null;
  /** Latest order, checkout or cart. */
  lastSeenAt: Date | null;
}

/** What is written of a profile beside what people see: for rules. */
export interface ProfileRecord extends Profile {
  existsFrom: Date;
  sampleBucket: number;
}

/**
 * The current picture of one customer, with what they bought before the first order that is held, as rules count it. Spent is gross less
 * refunded; the average order is gross over count: neither is stored.
 */
export function computeProfile(history: History): ProfileRecord {
  const { opening } = history;
  const lastOrderAt = history.orders.at(-1)?.at ?? opening?.lastOrderAt ?? null;
  return {
    customerId: history.customerId,
    email: history.email,
    phone: history.phone,
    firstName: history.firstName,
    lastName: history.lastName,
    emailConsent: history.emailConsent,
    ordersCount: history.orders.length + (opening?.orders ?? 0),
    grossMinor: history.orders.reduce((sum, order) => sum + order.grossMinor, opening?.spentMinor ?? 0n),
    refundedMinor: history.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0n),
    currency: history.currency,
    firstOrderAt: history.orders[0]?.at ?? null,
    lastOrderAt,
    lastSeenAt: latest(lastOrderAt, history.browsedAt),
    existsFrom: existsFrom(history),
    sampleBucket: sampleBucket(history.customerId),
  };
}

/** Before refunds, in minor units, a half rounded up; null without orders. */
export function averageOrder({ ordersCount, grossMinor }: Pick<Profile, "ordersCount" | "grossMinor">): bigint | null {
  const count = BigInt(ordersCount);
  return count === 0n ? null : (2n * grossMinor + count) / (2n * count);
}

function latest(left: Date | null, right: Date | null): Date | null {
  if (!left || !right) return left ?? right;
  return left > right ? left : right;
}
