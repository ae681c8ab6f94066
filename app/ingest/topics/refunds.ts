import { z } from "zod";
import { toMinor } from "../../platform/money.ts";
import type { Facts, RefundTransactionFact, Version } from "../facts.ts";
import { currency, id, moneySet, optionalId, optionalInstant, quantity, type MoneyValue } from "../payload.ts";

const transaction = z.object({
  id,
  kind: z.string(),
  status: z.string(),
  amount: z.string(),
  currency: currency.nullish(),
  processed_at: optionalInstant,
  created_at: optionalInstant,
});

/** A refund, as refunds/create sends it and as orders embed it. */
export const refundPayload = z.object({
  id,
  order_id: id,
  created_at: optionalInstant,
  processed_at: optionalInstant,
  refund_line_items: z
    .array(z.object({ id, line_item_id: optionalId, quantity, subtotal_set: moneySet.nullish() }))
    .nullish(),
  transactions: z.array(transaction).nullish(),
});
type RefundPayload = z.infer<typeof refundPayload>;

/** refunds/create */
export function refundCreated(payload: unknown, version: Version): Partial<Facts> {
  const refund = refundPayload.parse(payload);
  return toRefundFacts(refund, shopCurrency(refund), version);
}

/** @param currency the shop's currency, where it is known; a transaction without a currency of its own is in it. */
export function toRefundFacts(
  refund: RefundPayload,
  currency: string | null,
  version: Version,
): Pick<Facts, "refundTransactions" | "refundLines"> {
  return {
    refundTransactions: (refund.transactions ?? []).flatMap((given) => toTransaction(refund, given, currency, version)),
    refundLines: (refund.refund_line_items ?? []).map((line) => ({
      id: line.id,
      refundId: refund.id,
      orderId: refund.order_id,
      lineId: line.line_item_id,
      quantity: line.quantity,
    })),
  };
}

function toTransaction(
  refund: RefundPayload,
  given: z.infer<typeof transaction>,
  shop: string | null,
  version: Version,
): RefundTransactionFact[] {
  if (given.kind !== "refund" || given.status !== "success") return [];
  const currency = given.currency ?? shop ?? "XXX";
  const amount = toMinor(given.amount, currency);
  if (amount === null) throw new TypeError("transactions.amount: expected a decimal amount");
  return [
    {
      id: given.id,
      refundId: refund.id,
      orderId: refund.order_id,
      amountMinor: inShopMoney(amount, currency, refund),
      currency: shop ?? currency,
      refundedAt:
        refund.processed_at ?? given.processed_at ?? refund.created_at ?? given.created_at ?? version.triggeredAt,
    },
  ];
}

/**
 * A transaction is in the currency the customer paid in. The refund's lines carry both currencies, and their ratio is the rate
 * Shopify used; where there are no lines the amount stands as it is.
 */
function inShopMoney(amount: bigint, currency: string, refund: RefundPayload): bigint {
  let shop = 0n;
  let presentment = 0n;
  for (const { subtotal_set: set } of refund.refund_line_items ?? []) {
    if (!set?.presentment_money || !isForeign(set.shop_money, set.presentment_money, currency)) continue;
    shop += set.shop_money.minor;
    presentment += set.presentment_money.minor;
  }
  return presentment > 0n ? (amount * shop * 2n + presentment) / (presentment * 2n) : amount;
}

function isForeign(shop: MoneyValue, presentment: MoneyValue, currency: string): boolean {
  return presentment.currency === currency && shop.currency !== currency;
}

function shopCurrency(refund: RefundPayload): string | null {
  return refund.refund_line_items?.find((line) => line.subtotal_set)?.subtotal_set?.shop_money.currency ?? null;
}
