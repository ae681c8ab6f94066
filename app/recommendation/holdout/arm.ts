import { sampleBucket } from "../../profile/sample-bucket.ts";
import type { ShopId } from "../../shopify/shop-id.ts";

/** `treated`: shown what Muster chose. `held_out`: shown the fallback, to compare with. */
export type Arm = "treated" | "held_out";

/** Somebody as far as they are known: `clientId` is the browser's own id, there only where analytics is allowed. */
export interface Person {
  customerId: string | null;
  clientId: string | null;
}

/** As it was recorded. */
export interface KnownArm {
  subject: string;
  customerId: string | null;
  arm: Arm;
  enteredAt: Date;
}

export interface Settled {
  arm: Arm;
  /** What is to be recorded; null: nothing new, or it may not be. */
  record: Omit<KnownArm, "enteredAt"> | null;
}

const BUCKETS = 10_000;

/** The same for ever for one shop and one name, and for a larger share still in it. */
export function drawArm(shop: ShopId, subject: string, share: number): Arm {
  return sampleBucket(`${shop} holdout ${subject}`) < share * BUCKETS ? "held_out" : "treated";
}

export const customerSubject = (customerId: string): string => `customer:${customerId}`;
export const clientSubject = (clientId: string): string => `client:${clientId}`;

/**
 * In which arm somebody is. A customer stays where they are, whatever browser they use; one who signs in for the first time stays where
 * the browser was. Without consent to analytics nothing is recorded: a visitor is in no arm then, and a customer in the one they are drawn.
 * @param known what was recorded of the customer and of the browser
 */
export function settleArm(
  shop: ShopId,
  { customerId, clientId }: Person,
  share: number,
  known: readonly KnownArm[],
): Settled | null {
  const browser = clientId === null ? undefined : known.find(({ subject }) => subject === clientSubject(clientId));
  if (customerId === null) {
    if (clientId === null) return null;
    if (browser) return { arm: browser.arm, record: null };
    const arm = drawArm(shop, clientSubject(clientId), share);
    return { arm, record: { subject: clientSubject(clientId), customerId: null, arm } };
  }
  const own = known
    .filter((one) => one.customerId === customerId)
    .sort((a, b) => a.enteredAt.getTime() - b.enteredAt.getTime() || (a.subject < b.subject ? -1 : 1))
    .at(0);
  const isOthers = browser !== undefined && browser.customerId !== null && browser.customerId !== customerId;
  const adopted = isOthers ? undefined : browser;
  const arm = (own ?? adopted)?.arm ?? drawArm(shop, customerSubject(customerId), share);
  if (clientId === null || browser?.customerId === customerId) return { arm, record: null };
  if (!isOthers) return { arm, record: { subject: clientSubject(clientId), customerId, arm } };
  return { arm, record: own ? null : { subject: customerSubject(customerId), customerId, arm } };
}
