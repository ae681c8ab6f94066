import type { Overview } from "../../jobs/overview.server.ts";
import type { Format } from "../../platform/format.ts";
import { tn } from "../../texts/text.ts";
import type { ArmSums, Lift } from "../../recommendation/holdout/lift.ts";
import { type ResultView, resultsOf } from "../recommendations/recommendations-view.ts";

export interface RevenueView {
  /** Of lists: what was bought after a click in one, and against the people held out. */
  recommendations: { amount: string; orders: string; result: ResultView | null; people: string };
  /** Null while it is worked out. */
  segments: { id: number; name: string; amount: string; orders: string }[] | null;
}

/** @param liftOf how the arms compare @returns null: no currency is known yet, or nothing is worked out */
export function revenueView(
  { shop, recommendations, segments }: Pick<Overview, "shop" | "recommendations" | "segments">,
  format: Format,
  liftOf: (treated: ArmSums, heldOut: ArmSums) => Lift,
): RevenueView | null {
  const { currency } = shop;
  if (currency === null || recommendations === null) return null;
  const orders = (count: number): string =>
    tn(count, "{count} order", "{count} orders", { count: format.number(count) });
  const { treated } = recommendations.outcomes;
  const results = resultsOf({ shop, ...recommendations }, format, liftOf);
  const dearestFirst = segments.toSorted(
    (one, other) => Number((other.bought?.revenueMinor ?? 0n) - (one.bought?.revenueMinor ?? 0n)) || one.id - other.id,
  );
  const lines = dearestFirst.flatMap(({ id, name, bought }) =>
    bought ? [{ id, name, amount: format.money(bought.revenueMinor, currency), orders: orders(bought.orders) }] : [],
  );
  return {
    recommendations: {
      amount: format.money(BigInt(Math.round(treated.attributed.sum)), currency),
      orders: orders(treated.ordersWithAttributed),
      result: results?.figures[0] ?? null,
      people: results?.people ?? "",
    },
    segments: lines.length < segments.length ? null : lines,
  };
}
