import type { ShopId } from "../../shopify/shop-id.ts";
import type { Shop } from "../evaluation/customer-history.ts";
import { contextOf, type ShopContext } from "../evaluation/value-test.ts";
import type { Dictionary } from "../language/dictionary.ts";
import type { EventSource } from "../sources.ts";

export interface Question {
  shop: ShopId;
  /** The shop's clocks and currency. */
  context: Shop;
  dictionary: Dictionary;
  at: Date;
  /** Whose profile customers are part of who have none of their own. */
  absorbed: ReadonlyMap<string, string>;
  /** Only customers with ids in (after, upTo]. */
  range?: { after: string; upTo: string };
  /** Only these customers: their rows alone are looked at. */
  among?: readonly string[];
}

/** A statement in the making: what is bound, and the tables beside `profiles p`. */
export interface Statement {
  question: Question;
  context: ShopContext;
  at: number;
  /** Keys of the segments the rule names. */
  segments: readonly string[];
  /** `$n` with its type. */
  bind(value: unknown, type: string): string;
  /** An instant in milliseconds. */
  instant(at: number): string;
  /** That rows are of the customers in question, to be put behind a condition; empty: everybody is. */
  ofThese(customer: string): string;
  /** Joins a table to `p`; the same table asked for twice is joined once. @returns its alias. */
  join(table: string, on: (alias: string) => string): string;
  /** Joins rows that have a `customer_id`, at most one for each customer. */
  joinRows(select: string): string;
  /** Joins rows grouped by customer: clauses over the same rows share one pass. */
  group(rows: Rows): Group;
  joins(): string[];
  values: unknown[];
}

/** Rows of a source, as FROM and WHERE, with the customer they belong to. */
export interface Rows {
  customer: string;
  from: string;
  where: readonly string[];
}

export interface Group {
  alias: string;
  /** Adds an aggregate to the pass. @returns its name */
  column(sql: string): string;
}

/** `$1` is the shop and `$2` the instant. */
export function beginStatement(question: Question, segments: readonly string[]): Statement {
  const values: unknown[] = [question.shop, question.at];
  const joins: (() => string)[] = [];
  const aliases = new Map<string, string>();
  const bound = new Map<string, string>();
  const bind = (value: unknown, type: string): string => {
    const key = `${type} ${value instanceof Date ? value.getTime() : JSON.stringify(value)}`;
    let place = bound.get(key);
    if (!place) bound.set(key, (place = `$${values.push(value)}::${type}`));
    return place;
  };
  const join = (table: string, on: (alias: string) => string): string => {
    const key = `${table} ${on("")}`;
    let alias = aliases.get(key);
    if (alias === undefined) {
      alias = `j${aliases.size + 1}`;
      aliases.set(key, alias);
      const text = `LEFT JOIN ${table} ${alias} ON ${on(alias)}`;
      joins.push(() => text);
    }
    return alias;
  };
  const ids = question.among && withAbsorbed(question.among, question.absorbed);
  const groups = new Map<string, Group>();
  const group = ({ customer, from, where }: Rows): Group => {
    const pass = `FROM ${from} WHERE ${where.join(" AND ")} GROUP BY 1`;
    let found = groups.get(pass);
    if (!found) {
      const alias = `g${groups.size + 1}`;
      const columns: string[] = [];
      const column = (sql: string): string => {
        const place = columns.indexOf(sql);
        return `${alias}.c${place < 0 ? columns.push(sql) - 1 : place}`;
      };
      groups.set(pass, (found = { alias, column }));
      joins.push(() => {
        const shown = columns.map((sql, place) => `, ${sql} AS c${place}`).join("");
        return `LEFT JOIN (SELECT ${customer} AS customer_id${shown} ${pass}) ${alias} ON ${alias}.customer_id = p.customer_id`;
      });
    }
    return found;
  };
  return {
    question,
    context: contextOf(question.context),
    at: question.at.getTime(),
    segments,
    bind,
    ofThese: (customer) => (ids ? ` AND ${customer} = ANY(${bind(ids, "bigint[]")})` : ""),
    instant: (at) => bind(new Date(at), "timestamptz"),
    join,
    joinRows: (select) => join(`(${select})`, (alias) => `${alias}.customer_id = p.customer_id`),
    group,
    joins: () => joins.map((text) => text()),
    values,
  };
}

/** With those whose profile is theirs. */
function withAbsorbed(ids: readonly string[], absorbed: ReadonlyMap<string, string>): string[] {
  const heads = new Set(ids);
  return [...ids, ...[...absorbed].flatMap(([own, head]) => (heads.has(head) ? [own] : []))];
}

/** The rows of a source up to the instant. */
export function rowsOf(
  { question, bind, ofThese }: Statement,
  source: Pick<EventSource, "from" | "where" | "customer" | "at" | "kind">,
  properties: ReadonlySet<string>,
): Rows & { where: string[] } {
  const { absorbed, range } = question;
  const held = `${source.customer} IS NOT NULL${ofThese(source.customer)}`;
  const where = [source.where, `${source.at} <= $2::timestamptz`, held];
  if (source.kind !== undefined) where.push(`e.kind = ${bind(source.kind, "text")}`);
  const from = source.from(properties);
  if (absorbed.size > 0) {
    const pairs = `unnest(${bind([...absorbed.keys()], "bigint[]")}, ${bind([...absorbed.values()], "bigint[]")})`;
    return {
      customer: `coalesce(absorbed.head, ${source.customer})`,
      from: `${from} LEFT JOIN ${pairs} AS absorbed (own, head) ON absorbed.own = ${source.customer}`,
      where,
    };
  }
  if (range) where.push(inRange(source.customer, range, bind));
  return { customer: source.customer, from, where };
}

export function inRange(
  customer: string,
  { after, upTo }: { after: string; upTo: string },
  bind: Statement["bind"],
): string {
  return `${customer} > ${bind(after, "bigint")} AND ${customer} <= ${bind(upTo, "bigint")}`;
}
