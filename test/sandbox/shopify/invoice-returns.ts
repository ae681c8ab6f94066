import type { Invoice } from "./invoice-file.ts";
import type { LineFacts, OrderFacts } from "./shop-facts.ts";

export type ReturnedItem = { line: LineFacts; quantity: number };

export type ReturnsDesk = {
  /** Makes an order's lines available for returns. Orders come in by time. */
  sold(customerId: number, order: OrderFacts): void;
  /**
   * Matches the rows of a C invoice to what the same customers bought before: newest order first, within an order in
   * row order, a row split where needed. Answers one entry for each order touched, in the order of touching.
   */
  takeBack(invoice: Invoice): { refunds: { order: OrderFacts; items: ReturnedItem[] }[]; unmatchedUnits: number };
};

type Shelf = { order: OrderFacts; left: Map<LineFacts, number> };

export function createReturnsDesk(): ReturnsDesk {
  const shelves = new Map<number, Shelf[]>();
  return {
    sold(customerId, order) {
      const shelf = { order, left: new Map(order.lines.map((line) => [line, line.quantity])) };
      const known = shelves.get(customerId);
      if (known) known.unshift(shelf);
      else shelves.set(customerId, [shelf]);
    },

    takeBack(invoice) {
      const touched = new Map<OrderFacts, Map<LineFacts, number>>();
      let unmatchedUnits = 0;
      for (const row of invoice.rows) {
        let wanted = Math.max(0, -row.quantity);
        const own = row.customerId === null ? [] : (shelves.get(row.customerId) ?? []);
        for (const { order, left } of own) {
          if (wanted === 0) break;
          wanted = takeFromShelf(order, left, row.stockCode, wanted, touched);
        }
        unmatchedUnits += wanted;
      }
      const refunds = [...touched].map(([order, lines]) => ({
        order,
        items: [...lines].map(([line, quantity]) => ({ line, quantity })),
      }));
      return { refunds, unmatchedUnits };
    },
  };
}

/** Answers how many units are still wanted. */
function takeFromShelf(
  order: OrderFacts,
  left: Map<LineFacts, number>,
  stockCode: string,
  wanted: number,
  touched: Map<OrderFacts, Map<LineFacts, number>>,
): number {
  for (const [line, available] of left) {
    const taken = line.sku === stockCode ? Math.min(wanted, available) : 0;
    if (taken === 0) continue;
    left.set(line, available - taken);
    wanted -= taken;
    const lines = touched.get(order) ?? new Map<LineFacts, number>();
    touched.set(order, lines.set(line, (lines.get(line) ?? 0) + taken));
  }
  return wanted;
}
