import { z } from "zod";
import { toMinor } from "../../platform/money.ts";
import type { Facts, Version } from "../facts.ts";
import { currency, gid, instant, quantity } from "../payload.ts";

const summary = z.object({
  customerId: gid,
  numberOfOrders: quantity.refine((value) => value >= 0, "expected a count"),
  amountSpent: z.object({ amount: z.string(), currencyCode: currency }),
  lastOrderId: gid.nullish(),
  occurredAt: instant,
});

/** customers/purchasing_summary: Shopify's own totals, kept beside those that follow from orders. */
export function purchasesSummed(payload: unknown, version: Version): Partial<Facts> {
  const given = summary.parse(payload);
  const spentMinor = toMinor(given.amountSpent.amount, given.amountSpent.currencyCode);
  if (spentMinor === null) throw new TypeError("amountSpent.amount: expected a decimal amount");
  return {
    purchasingSummaries: [
      {
        customerId: given.customerId,
        ordersCount: given.numberOfOrders,
        spentMinor,
        currency: given.amountSpent.currencyCode,
        lastOrderId: given.lastOrderId ?? null,
        version: { ...version, updatedAt: given.occurredAt },
      },
    ],
  };
}
