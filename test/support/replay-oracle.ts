import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";

export type ReplayOracle = {
  orders: number;
  customers: number;
  /** Pence, orders without a customer included. */
  gross: number;
  refunded: number;
  refundedUnits: number;
  unmatchedUnits: number;
  skippedInvoices: number;
  asOf: string;
  /** Customer ids by segment name, ascending. */
  segments: Record<SegmentName, string[]>;
  stateHash: string;
};

type SegmentName = "Loyal" | "Lapsed" | "Big spenders";
type Row = { no: string; stock: string; quantity: number; at: number; pence: number; customer: string };
type Sale = { at: number; gross: number; refunded: number; lines: { stock: string; pence: number; left: number }[] };

const HOUR = 3_600_000;

/**
 * What must be in the database after a file of invoices was replayed, worked out from the file alone: it shares no code
 * with the sandbox's translation nor with the app, and reads everything into memory at once.
 */
export function replayOracle(path: string, limit = Number.POSITIVE_INFINITY): ReplayOracle {
  const invoices = grouped(rowsOf(path), limit);
  const sales = new Map<string, Sale[]>();
  const total = { orders: 0, gross: 0, refunded: 0, refundedUnits: 0, unmatchedUnits: 0, skippedInvoices: 0 };
  let asOf = 0;
  for (const { at, rows } of invoices) {
    const no = rows[0]?.no ?? "";
    if (/^\d+$/.test(no) && rows.every((row) => row.quantity > 0)) {
      const sale = saleOf(at, rows);
      const customer = rows[0]?.customer ?? "";
      if (customer) sales.set(customer, [...(sales.get(customer) ?? []), sale]);
      total.orders += 1;
      total.gross += sale.gross;
      asOf = at;
    } else if (no.startsWith("C")) {
      const before = total.refundedUnits;
      for (const row of rows) {
        let wanted = -row.quantity;
        const lines = (sales.get(row.customer) ?? [])
          .toReversed()
          .flatMap((sale) => sale.lines.map((line) => ({ sale, line })));
        for (const { sale, line } of lines) {
          const taken = line.stock === row.stock ? Math.min(line.left, wanted) : 0;
          line.left -= taken;
          wanted -= taken;
          sale.refunded += taken * line.pence;
          total.refunded += taken * line.pence;
          total.refundedUnits += taken;
        }
        total.unmatchedUnits += wanted;
      }
      if (total.refundedUnits > before) asOf = at;
    } else {
      total.skippedInvoices += 1;
    }
  }
  return { ...total, customers: sales.size, asOf: new Date(asOf).toISOString(), ...stateAt(sales, asOf) };
}

function stateAt(sales: Map<string, Sale[]>, asOf: number): Pick<ReplayOracle, "segments" | "stateHash"> {
  const segments: ReplayOracle["segments"] = { Loyal: [], Lapsed: [], "Big spenders": [] };
  const lines: string[] = [];
  for (const [id, own] of [...sales].sort(([a], [b]) => Number(a) - Number(b))) {
    const within = (hours: number) => own.filter((sale) => sale.at > asOf - hours * HOUR && sale.at <= asOf).length;
    const gross = own.reduce((sum, sale) => sum + sale.gross, 0);
    const refunded = own.reduce((sum, sale) => sum + sale.refunded, 0);
    const names: SegmentName[] = [];
    if (within(720) > 0 && gross - refunded > 500_00) names.push("Big spenders");
    if (within(2160) === 0) names.push("Lapsed");
    if (within(8760) >= 3) names.push("Loyal");
    for (const name of names) segments[name].push(id);
    const times = own.map((sale) => sale.at).sort((a, b) => a - b);
    const instant = (at: number | undefined) => new Date(at ?? 0).toISOString();
    lines.push([id, own.length, gross, refunded, instant(times[0]), instant(times.at(-1)), names.join(",")].join("|"));
  }
  const text = lines
    .map((line) => Buffer.from(`${line}\n`))
    .sort(Buffer.compare)
    .join("");
  return { segments, stateHash: createHash("sha256").update(text).digest("hex") };
}

function saleOf(at: number, rows: Row[]): Sale {
  return {
    at,
    gross: rows.reduce((sum, row) => sum + row.quantity * row.pence, 0),
    refunded: 0,
    lines: rows.map((row) => ({ stock: row.stock, pence: row.pence, left: row.quantity })),
  };
}

function grouped(rows: Row[], limit: number): { at: number; rows: Row[] }[] {
  const byNumber = new Map<string, Row[]>();
  for (const row of rows) {
    const known = byNumber.get(row.no);
    if (known) known.push(row);
    else if (byNumber.size < limit) byNumber.set(row.no, [row]);
  }
  return [...byNumber.values()]
    .map((own) => ({ at: Math.min(...own.map((row) => row.at)), rows: own }))
    .sort((a, b) => a.at - b.at);
}

const read = new Map<string, Row[]>();

function rowsOf(path: string): Row[] {
  const rows = read.get(path) ?? readRows(path);
  read.set(path, rows);
  return rows;
}

function readRows(path: string): Row[] {
  const bytes = readFileSync(path);
  const records: string[][] = parse(path.endsWith(".gz") ? gunzipSync(bytes) : bytes, { from: 2 });
  return records.map(([no = "", stock = "", , quantity = "", date = "", price = "", customer = ""]) => ({
    no,
    stock,
    quantity: Number(quantity),
    at: Date.parse(`${date.replace(" ", "T")}Z`),
    // Prices have at most three decimals: a whole number of tenths of a penny is exact, and so is its half.
    pence: Math.floor((Math.round(Number(price) * 1000) + 5) / 10),
    customer: customer.replace(/\..*$/, ""),
  }));
}
