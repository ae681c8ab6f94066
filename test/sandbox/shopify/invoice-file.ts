import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";

export type InvoiceRow = {
  /** Position among all data rows of the file, from 0. */
  position: number;
  stockCode: string;
  quantity: number;
  /** Pence. */
  unitPrice: number;
  /** Integer part of CustomerID; null when there is none. */
  customerId: number | null;
};

export type Invoice = {
  number: string;
  /** Position among all invoices of the file by first appearance, from 0. */
  index: number;
  /** The earliest InvoiceDate of its rows. */
  at: Date;
  rows: InvoiceRow[];
};

export type InvoiceFile = {
  /** By first appearance, at most as many as the limit. */
  invoices: Invoice[];
  /** By stock code, over all rows of the file: position by first appearance, and the first description there is. */
  products: Map<string, { index: number; title: string }>;
};

const COLUMNS = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads a CSV (or .csv.gz) of invoice rows. The whole file is read even with a limit, since the rows of an invoice need
 * not stand together.
 * @throws Error with the row and the column when a value cannot be read, or when a column is missing
 */
export async function readInvoices(path: string, limit = Number.POSITIVE_INFINITY): Promise<InvoiceFile> {
  const invoices = new Map<string, Invoice>();
  const products: InvoiceFile["products"] = new Map();
  let readRow: ReturnType<typeof rowReader> | undefined;
  let position = 0;

  const take = (record: string[]) => {
    if (!readRow) {
      readRow = rowReader(record);
      return;
    }
    const cell = readRow(record, position++);
    const stockCode = cell("StockCode", nonEmpty);
    registerProduct(products, stockCode, cell("Description", anything));
    const number = cell("InvoiceNo", nonEmpty);
    const known = invoices.get(number);
    if (!known && invoices.size >= limit) return;
    const at = cell("InvoiceDate", instant);
    const invoice = known ?? { number, index: invoices.size, at, rows: [] };
    if (at < invoice.at) invoice.at = at;
    invoice.rows.push({
      position: position - 1,
      stockCode,
      quantity: cell("Quantity", integer),
      unitPrice: cell("UnitPrice", minorUnits),
      customerId: cell("CustomerID", customerNumber),
    });
    if (!known) invoices.set(number, invoice);
  };

  const rows = parse({
    bom: true,
    relax_column_count: true,
    on_record: (record: string[]) => {
      take(record);
      return null;
    },
  });
  rows.resume();
  const source = createReadStream(path);
  await (path.endsWith(".gz") ? pipeline(source, createGunzip(), rows) : pipeline(source, rows));
  if (!readRow) throw new Error(`${path} is empty`);
  return { invoices: [...invoices.values()], products };
}

function rowReader(header: string[]) {
  const positions = new Map(COLUMNS.map((name) => [name, header.findIndex((title) => title.trim() === name)]));
  const missing = COLUMNS.filter((name) => positions.get(name) === -1);
  if (missing.length > 0)
    throw new Error(`the file has no column ${missing.join(", ")}; it needs ${COLUMNS.join(", ")}`);
  return (record: string[], position: number) =>
    <T>(column: Column, parser: (text: string) => T | undefined): T => {
      const text = record[positions.get(column) ?? -1] ?? "";
      const value = parser(text.trim());
      if (value === undefined) throw new Error(`row ${position + 2}: ${column} cannot be read: "${text}"`);
      return value;
    };
}

/** Pounds as text to pence, rounded half up: `"2.555"` gives 256. */
export function minorUnits(text: string): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const fraction = (match[3] ?? "").padEnd(2, "0");
  const cents = Number(match[2]) * 100 + Number(fraction.slice(0, 2));
  const rest = fraction.slice(2);
  if (match[1] === "") return rest >= "5" ? cents + 1 : cents;
  return 0 - (rest > "5" && !/^50*$/.test(rest) ? cents + 1 : cents);
}

function registerProduct(products: InvoiceFile["products"], stockCode: string, description: string) {
  const known = products.get(stockCode);
  if (!known) products.set(stockCode, { index: products.size, title: description || stockCode });
  else if (known.title === stockCode && description) known.title = description;
}

function anything(text: string): string {
  return text;
}

function nonEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function integer(text: string): number | undefined {
  return /^-?\d+(\.0*)?$/.test(text) ? Number(text) : undefined;
}

function customerNumber(text: string): number | null | undefined {
  if (text === "") return null;
  return /^\d+(\.\d*)?$/.test(text) ? Math.trunc(Number(text)) : undefined;
}

function instant(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?$/.test(text)) return undefined;
  const at = new Date(`${text.replace(" ", "T").replace("Z", "")}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
