import { loadModule, type Node, parseSync, type SelectStmt } from "libpg-query";
import { Refusal, type Span } from "./diagnostics.ts";
import { t } from "../../texts/text.ts";

/** One SELECT, taken apart by PostgreSQL's own grammar. */
export interface SqlSource {
  select: SelectStmt;
  /** Where a part of it stands in what was written. */
  spanOf(node: unknown): Span;
}

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 60;

/** Reads exactly one SELECT statement; everything else is a Refusal. Nothing is ever sent to a database. */
export async function parseSelect(sql: string): Promise<SqlSource> {
  if (sql.trim() === "")
    throw new Refusal(
      { start: 0, end: 0 },
      t("The query is empty; expected SELECT customer_id FROM customer_data WHERE …"),
    );
  if (sql.length > MAX_LENGTH)
    throw new Refusal(
      { start: MAX_LENGTH, end: sql.length },
      t("A query has at most {count} characters.", { count: MAX_LENGTH }),
    );
  const nul = sql.indexOf("\u0000");
  if (nul >= 0) throw new Refusal({ start: nul, end: nul + 1 }, t("A query cannot hold the character NUL."));
  refuseDepth(sql);
  await loadModule();
  const spanOf = createSpans(sql);
  const statements = parse(sql).stmts ?? [];
  const second = statements[1];
  if (second) {
    const start = sql.indexOf(";") + 1;
    throw new Refusal({ start, end: sql.length }, t("A rule is one SELECT; expected nothing after the first ';'."));
  }
  const statement = statements[0]?.stmt;
  if (!statement || !("SelectStmt" in statement)) {
    const start = sql.search(/\S/);
    throw new Refusal(
      { start, end: wordEnd(sql, start) },
      t("A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …"),
    );
  }
  return { select: statement.SelectStmt, spanOf };
}

/** The name of a node and what is in it. */
export function bodyOf<K extends string>(node: Node | undefined, kind: K): Extract<Node, Record<K, unknown>>[K] | null {
  return node && kind in node ? (node as Extract<Node, Record<K, unknown>>)[kind] : null;
}

/** The parts of a dotted name: ["events", "occurred_at"]; null for anything else. */
export function columnParts(node: Node | undefined): string[] | null {
  const fields = bodyOf(node, "ColumnRef")?.fields;
  const parts = fields?.map((field) => bodyOf(field, "String")?.sval ?? null);
  return parts && parts.every((part) => part !== null) ? parts : null;
}

export function nameOf(names: readonly Node[] | undefined): string {
  return bodyOf(names?.at(-1), "String")?.sval ?? "";
}

function parse(sql: string): ReturnType<typeof parseSync> {
  try {
    return parseSync(sql);
  } catch (error) {
    const details =
      error instanceof Error && "sqlDetails" in error ? (error.sqlDetails as { cursorPosition?: number }) : {};
    const characters = [...sql];
    const start = characters.slice(0, Math.min(details.cursorPosition ?? 0, characters.length)).join("").length;
    const message = error instanceof Error ? error.message : "";
    throw new Refusal({ start, end: wordEnd(sql, start) }, t("This is no SQL: {message}.", { message }));
  }
}

/** A query nested too deep for the grammar's stack is refused before it gets there. */
function refuseDepth(sql: string): void {
  let depth = 0;
  for (const [index, character] of [...sql].entries()) {
    if (character === "(" || character === "[") depth += 1;
    if (character === ")" || character === "]") depth -= 1;
    if (depth > MAX_DEPTH)
      throw new Refusal(
        { start: index, end: index + 1 },
        t("Parentheses are nested more than {count} deep.", { count: MAX_DEPTH }),
      );
  }
  const chain = /(?:\bNOT\b\s*){61}/i.exec(sql);
  if (chain) throw new Refusal({ start: chain.index, end: chain.index + 3 }, t("NOT follows NOT more than 60 times."));
}

/** The grammar counts bytes, people count characters. */
function createSpans(sql: string): (node: unknown) => Span {
  const bytes = Buffer.from(sql, "utf8");
  return (node) => {
    const first = firstLocation(node);
    const start = first === Infinity ? 0 : bytes.subarray(0, first).toString("utf8").length;
    return { start, end: wordEnd(sql, start) };
  };
}

function firstLocation(node: unknown): number {
  if (typeof node !== "object" || node === null) return Infinity;
  return Object.entries(node).reduce((first, [key, value]) => {
    const found =
      key === "location" && typeof value === "number" ? (value < 0 ? Infinity : value) : firstLocation(value);
    return Math.min(first, found);
  }, Infinity);
}

function wordEnd(sql: string, start: number): number {
  return start + (/^(?:[\w.]+|'[^']*'|"[^"]*"|\S)/.exec(sql.slice(start))?.[0].length ?? 0);
}
