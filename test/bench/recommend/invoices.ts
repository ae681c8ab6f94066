import { parse } from "csv-parse/sync";
import { historyLog, pastOf } from "../../../app/recommendation/history-log.ts";
import type { DataSet } from "./data-set.ts";
import { textOf } from "./text-of.ts";

const DAY_MS = 86_400_000;

interface Purchase {
  item: string;
  quantity: number;
}

/**
 * Invoices of a shop (UCI Online Retail's columns), cut in time: what was bought before the last `days` days trains, and the
 * question is what each customer with a past bought in them. Nothing of those days is known to any model. A cancellation (an
 * invoice whose number begins with C) takes the newest purchase of as many of that item back out.
 */
export function readInvoices(file: string, days: number): { data: DataSet; freshShare: number } {
  const customers = new Map<string, Map<string, Purchase[]>>();
  const rows = parse(textOf(file), { columns: true, relax_quotes: true }) as Record<string, string>[];
  for (const row of rows.sort((a, b) => (a["InvoiceDate"]! < b["InvoiceDate"]! ? -1 : 1))) {
    const customer = row["CustomerID"]!;
    const quantity = Number(row["Quantity"]);
    if (customer === "") continue;
    const invoices = customers.get(customer) ?? new Map<string, Purchase[]>();
    customers.set(customer, invoices);
    if (quantity < 0) takeBack(invoices, row["StockCode"]!, -quantity);
    else if (quantity > 0) {
      const key = `${row["InvoiceDate"]} ${row["InvoiceNo"]}`;
      invoices.set(key, [...(invoices.get(key) ?? []), { item: row["StockCode"]!, quantity }]);
    }
  }
  const last = rows.at(-1)!["InvoiceDate"]!;
  const cut = new Date(Date.parse(`${last.replace(" ", "T")}Z`) - days * DAY_MS)
    .toISOString()
    .replace("T", " ")
    .slice(0, 19);
  return splitAt(customers, cut);
}

function takeBack(invoices: Map<string, Purchase[]>, item: string, quantity: number): void {
  for (const purchases of [...invoices.values()].reverse()) {
    const at = purchases.findIndex((purchase) => purchase.item === item && purchase.quantity === quantity);
    if (at >= 0) return void purchases.splice(at, 1);
  }
}

function splitAt(customers: Map<string, Map<string, Purchase[]>>, cut: string): { data: DataSet; freshShare: number } {
  const index = new Map<string, number>();
  const split = [...customers.values()].map((invoices) => {
    const baskets = [...invoices].filter(([, purchases]) => purchases.length > 0);
    const before = baskets.filter(([key]) => key < cut);
    return { last: before.at(-1)?.[0] ?? "", before, after: baskets.filter(([key]) => key >= cut) };
  });
  const known = split.filter(({ before }) => before.length > 0).sort((a, b) => (a.last < b.last ? -1 : 1));
  const train = known.map(({ before }) =>
    before.map(([, purchases]) =>
      [...new Set(purchases.map(({ item }) => item))].map((item) => {
        if (!index.has(item)) index.set(item, index.size);
        return index.get(item)!;
      }),
    ),
  );
  const questions = known.flatMap(({ after }, history) => {
    const truth = [...new Set(after.flatMap(([, purchases]) => purchases.map(({ item }) => item)))];
    if (truth.length === 0) return [];
    return [{ past: pastOf(train[history]!), truth: truth.map((item) => index.get(item) ?? -1), history }];
  });
  const wanted = questions.flatMap(({ truth }) => truth);
  return {
    data: { train: historyLog(train, index.size), questions, withoutSeen: false, views: null },
    freshShare: wanted.filter((item) => item < 0).length / wanted.length,
  };
}
