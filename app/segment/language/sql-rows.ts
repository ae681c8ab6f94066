import type { Node, SelectStmt } from "libpg-query";
import { nearestName, Refusal, type Span } from "./diagnostics.ts";
import {
  DATE_PROPERTY,
  type Dictionary,
  type EventKind,
  findProperty,
  propertyNames,
  type ValueType,
} from "./dictionary.ts";
import { oppositeTest } from "./normal-form.ts";
import { readComparison } from "./sql-comparison.ts";
import { bodyOf, columnParts, nameOf } from "./sql-source.ts";
import { isNow, readDuration } from "./sql-values.ts";
import {
  type AggregateTest,
  type Condition,
  type Duration,
  lengthOf,
  type PropertyTest,
  type Step,
  type Test,
} from "./tree.ts";
import { createOnce, type Subject, typedTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

/** What the readers of sub-queries share. */
export interface SqlContext {
  dictionary: Dictionary;
  spanOf(node: unknown): Span;
  /** The name by which the outer query knows customer_data. */
  customers: string;
}

/** The rows of one table that a sub-query speaks of, and the sub-query nested in it if there is one. */
export interface Rows {
  kind: EventKind;
  where: PropertyTest[];
  /** The steps that follow, each later than the one before. */
  following: Step[];
  within?: Duration | undefined;
}

const MINUTE_MS = 60_000;
export const DATE_COLUMNS = ["occurred_at", "date", "created_at", "ordered_at", "processed_at", "at"];
const TABLES: Readonly<Record<string, string>> = { orders: "orders_placed", order_lines: "products_purchased" };

/** Reads FROM and WHERE of a sub-query over orders, order_lines or events. `judged`: an aggregate is over them; `before` is the alias of the step they follow. */
export function readRows(
  select: SelectStmt,
  context: SqlContext,
  options: { correlated: boolean; judged?: boolean; before?: string },
): Rows {
  const { spanOf, dictionary } = context;
  const table = bodyOf(select.fromClause?.[0], "RangeVar");
  if (!table?.relname || select.fromClause?.length !== 1) {
    throw new Refusal(spanOf(select), t("A sub-query reads one table: orders, order_lines or events."));
  }
  if (!Object.hasOwn(TABLES, table.relname) && table.relname !== "events") {
    const near = nearestName(table.relname, ["orders", "order_lines", "events"]);
    throw new Refusal(
      spanOf(table),
      near
        ? t("There is no table '{name}'; did you mean {near}?", { name: table.relname, near })
        : t("There is no table '{name}'; expected orders, order_lines or events.", { name: table.relname }),
      near ?? undefined,
    );
  }
  refuseClauses(select, spanOf);
  const alias = table.alias?.aliasname ?? table.relname;
  const rest: Node[] = [];
  let correlated = !options.correlated;
  let event = (Object.hasOwn(TABLES, table.relname) && TABLES[table.relname]) || null;
  for (const part of conjuncts(select.whereClause)) {
    if (isCorrelation(part, alias, [context.customers, ...(options.before === undefined ? [] : [options.before])])) {
      correlated = true;
    } else if (isKnownCustomer(part, alias)) continue;
    else if (event === null || table.relname === "events") {
      const named = eventName(part, alias);
      if (named === null) rest.push(part);
      else if (event !== null) throw new Refusal(spanOf(part), t("The kind of event is said twice."));
      else event = named;
    } else rest.push(part);
  }
  if (!correlated) {
    throw new Refusal(
      spanOf(select),
      t("The sub-query must be about this customer; add {alias}.customer_id = {customers}.customer_id to its WHERE.", {
        alias,
        customers: context.customers,
      }),
    );
  }
  if (event === null)
    throw new Refusal(
      spanOf(table),
      t("Say which events; add event = 'storefront.product_viewed' (or another kind) to this WHERE."),
    );
  const kind = dictionary.event(event);
  if (!kind) {
    const near = nearestName(event, dictionary.eventNames());
    throw new Refusal(
      spanOf(table),
      near
        ? t("There is no event '{name}'; did you mean {near}?", { name: event, near })
        : t("There is no event '{name}'.", { name: event }),
      near ?? undefined,
    );
  }
  return readConditions(
    rest,
    {
      span: spanOf(table),
      kind,
      alias,
      judged: options.judged ?? false,
      ...(options.before !== undefined && { before: options.before }),
    },
    context,
  );
}

export function conjuncts(node: Node | undefined): Node[] {
  if (!node) return [];
  const bool = bodyOf(node, "BoolExpr");
  return bool?.boolop === "AND_EXPR" ? (bool.args ?? []).flatMap(conjuncts) : [node];
}

/** Rows as a condition: with steps following it is a sequence. */
export function rowsCondition({ kind, where, following }: Rows, having: AggregateTest[] = []): Condition {
  return following.length === 0
    ? { kind: "event", event: kind.name, where, having }
    : { kind: "sequence", steps: [{ event: kind.name, where }, ...following] };
}

export interface RowScope {
  /** Where the sub-query stands. */
  span: Span;
  kind: EventKind;
  alias: string;
  /** Whether an aggregate is over the rows: then those of two sub-queries are not those of one. */
  judged?: boolean;
  before?: string;
}

function readConditions(parts: readonly Node[], scope: RowScope, context: SqlContext): Rows {
  const { spanOf } = context;
  const where: PropertyTest[] = [];
  const once = createOnce();
  let following: Step[] = [];
  let within: Duration | undefined;
  let linked = scope.before === undefined;
  let waited: Duration | null = null;
  for (const part of parts) {
    const link = scope.before === undefined ? null : readLink(part, scope.alias, scope.before, spanOf);
    const wait = readWait(part, scope.alias, spanOf);
    const step = link || wait ? null : readStep(part, scope, context);
    if (link === "after") linked = true;
    else if (link) within = link;
    else if (wait) waited = wait;
    else if (step) {
      if (following.length > 0)
        throw new Refusal(spanOf(part), t("A step is followed by one step; nest the next one inside it."));
      following = step;
    } else {
      for (const { subject, test } of readProperty(part, scope, context)) {
        once(subject, test, spanOf(part));
        where.push({ property: subject.label, test });
      }
    }
  }
  if (!linked)
    throw new Refusal(
      scope.span,
      t("A step comes after the one around it; add {alias}.occurred_at > {before}.occurred_at.", {
        alias: scope.alias,
        before: scope.before ?? "",
      }),
    );
  const [next] = following;
  if (next?.absent && next.within && JSON.stringify(waited) !== JSON.stringify(next.within)) {
    throw new Refusal(
      spanOf(parts.at(-1)),
      t(
        "Nothing can be missing before its time is over; add {alias}.occurred_at + INTERVAL '…' <= now(), with the interval of the step.",
        { alias: scope.alias },
      ),
    );
  }
  if (waited && !(next?.absent && next.within)) {
    const value = { kind: "rolling", amount: -lengthOf(waited) / MINUTE_MS, unit: "min" } as const;
    where.push({ property: DATE_PROPERTY, test: { op: "<=", value } });
  }
  return { kind: scope.kind, where, following, ...(within && { within }) };
}

/** A nested [NOT] EXISTS: the steps that follow. */
function readStep(part: Node, scope: RowScope, context: SqlContext): Step[] | null {
  const bool = bodyOf(part, "BoolExpr");
  const negated = bool?.boolop === "NOT_EXPR";
  const link = bodyOf(negated ? bool.args?.[0] : part, "SubLink");
  const select = link?.subLinkType === "EXISTS_SUBLINK" ? bodyOf(link.subselect, "SelectStmt") : null;
  if (!select) return null;
  const { kind, where, within, following } = readRows(select, context, { correlated: true, before: scope.alias });
  if (negated && following.length > 0)
    throw new Refusal(context.spanOf(part), t("Only the last step of a sequence may be missing."));
  return [
    { event: kind.name, where, ...(within && { within }), ...(negated && { absent: true as const }) },
    ...following,
  ];
}

/** `x.occurred_at > before.occurred_at`, or the end of the time in which x has to follow. */
function readLink(part: Node, alias: string, before: string, spanOf: SqlContext["spanOf"]): "after" | Duration | null {
  const expression = bodyOf(part, "A_Expr");
  if (!expression || !isMoment(expression.lexpr, alias)) return null;
  const operator = nameOf(expression.name);
  if (operator === ">" && isMoment(expression.rexpr, before)) return "after";
  const sum = bodyOf(expression.rexpr, "A_Expr");
  if (operator !== "<=" || !sum || nameOf(sum.name) !== "+" || !isMoment(sum.lexpr, before)) return null;
  return readDuration(sum.rexpr, spanOf);
}

function readWait(part: Node, alias: string, spanOf: SqlContext["spanOf"]): Duration | null {
  const expression = bodyOf(part, "A_Expr");
  const sum = bodyOf(expression?.lexpr, "A_Expr");
  if (!expression || !sum || nameOf(expression.name) !== "<=" || !isNow(expression.rexpr)) return null;
  return nameOf(sum.name) === "+" && isMoment(sum.lexpr, alias) ? readDuration(sum.rexpr, spanOf) : null;
}

function isMoment(node: Node | undefined, alias: string): boolean {
  const parts = columnParts(node);
  return parts?.length === 2 && parts[0] === alias && DATE_COLUMNS.includes(parts[1] ?? "");
}

/** Rows without a customer are in no table. */
function isKnownCustomer(part: Node, alias: string): boolean {
  const test = bodyOf(part, "NullTest");
  const name = columnParts(test?.arg)?.join(".");
  return test?.nulltesttype === "IS_NOT_NULL" && (name === "customer_id" || name === `${alias}.customer_id`);
}

/** @param outer the names by which the queries around it know whose rows are theirs */
function isCorrelation(part: Node, alias: string, outer: readonly string[]): boolean {
  const expression = bodyOf(part, "A_Expr");
  if (!expression || nameOf(expression.name) !== "=") return false;
  const sides = [columnParts(expression.lexpr), columnParts(expression.rexpr)].map((parts) => parts?.join("."));
  const inner = ["customer_id", `${alias}.customer_id`];
  return (
    outer.some((name) => sides.includes(`${name}.customer_id`)) && sides.some((side) => inner.includes(side ?? ""))
  );
}

function eventName(part: Node, alias: string): string | null {
  const expression = bodyOf(part, "A_Expr");
  const parts = columnParts(expression?.lexpr);
  const column = parts?.length === 2 && parts[0] === alias ? parts[1] : parts?.length === 1 ? parts[0] : null;
  if (column !== "event" || expression?.kind !== "AEXPR_OP" || nameOf(expression.name) !== "=") return null;
  return bodyOf(expression.rexpr, "A_Const")?.sval?.sval ?? null;
}

function readProperty(part: Node, scope: RowScope, context: SqlContext): { subject: Subject; test: Test }[] {
  const { spanOf } = context;
  const unknown = bodyOf(part, "BooleanTest");
  if (unknown?.booltesttype === "IS_NOT_TRUE" && unknown.arg) {
    const [inner, ...others] = readProperty(unknown.arg, scope, context);
    const opposite = inner && others.length === 0 ? oppositeTest(inner.test) : null;
    if (inner && opposite) return [{ subject: inner.subject, test: opposite }];
    throw new Refusal(spanOf(part), t("IS NOT TRUE stands after one comparison with =, IN or ANY here."));
  }
  const bool = bodyOf(part, "BoolExpr");
  const negated = bool?.boolop === "NOT_EXPR";
  const denied = negated ? bodyOf(bool.args?.[0], "BoolExpr") : undefined;
  // NOT (… AND …) is OR.
  if (bool && (!negated || denied?.boolop === "AND_EXPR"))
    throw new Refusal(
      spanOf(part),
      scope.judged
        ? t(
            "OR among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; several values of one column are column IN (…).",
          )
        : t("OR inside a sub-query cannot be translated; write a sub-query for each side and join those with OR."),
    );
  const node = negated ? bool.args?.[0] : part;
  const comparison = node ? readComparison(node, spanOf) : null;
  if (!comparison) throw new Refusal(spanOf(part), t("Expected a comparison of a column with a constant here."));
  const junction = negated ? comparison.whenFalse : comparison.whenTrue;
  if (junction.join === "any" && junction.tests.length > 1) {
    throw new Refusal(
      spanOf(part),
      scope.judged
        ? t(
            "NOT BETWEEN among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; expected BETWEEN or one bound.",
          )
        : t("NOT BETWEEN inside a sub-query cannot be translated; write a sub-query for each side."),
    );
  }
  const property = readColumn(comparison.subject, scope, context);
  const subject = { ...property, label: property.name, place: "parameter" as const };
  return junction.tests.map((written) => ({ subject, test: typedTest(subject, written) }));
}

/** The property a column stands for, under the alias of its table. */
export function readColumn(
  node: Node,
  { kind, alias }: RowScope,
  context: SqlContext,
): { name: string; type: ValueType; values?: readonly string[] } {
  const name = columnName(node, alias);
  const found =
    name === null
      ? null
      : findProperty(kind, DATE_COLUMNS.includes(name) && !Object.hasOwn(kind.properties, name) ? DATE_PROPERTY : name);
  if (found) return found;
  const span = context.spanOf(node);
  if (name === null)
    throw new Refusal(span, t("This expression cannot be translated; expected a column of the table."));
  const near = nearestName(name, propertyNames(kind));
  throw new Refusal(
    span,
    near
      ? t("{table} has no column '{name}'; did you mean {near}?", {
          table: kind.name,
          name,
          near: near === DATE_PROPERTY ? "occurred_at" : near,
        })
      : t("{table} has no column '{name}'; it has {names}.", {
          table: kind.name,
          name,
          names: propertyNames(kind).join(", "),
        }),
    near ?? undefined,
  );
}

/** column, alias.column, properties->>'column', with or without a cast. */
function columnName(node: Node, alias: string): string | null {
  const cast = bodyOf(node, "TypeCast");
  // What is told of an event has no type of its own; a column has, and a cast would change what it says.
  if (cast?.arg && bodyOf(cast.arg, "A_Expr")) return columnName(cast.arg, alias);
  const json = bodyOf(node, "A_Expr");
  if (json && nameOf(json.name) === "->>") {
    const base = columnParts(json.lexpr)?.at(-1);
    return base === "properties" ? (bodyOf(json.rexpr, "A_Const")?.sval?.sval ?? null) : null;
  }
  const parts = columnParts(node);
  if (!parts || parts.length > 2 || (parts.length === 2 && parts[0] !== alias)) return null;
  return parts.at(-1) ?? null;
}

function refuseClauses(select: SelectStmt, spanOf: SqlContext["spanOf"]): void {
  const extra =
    select.sortClause?.[0] ??
    select.limitCount ??
    select.limitOffset ??
    select.distinctClause?.[0] ??
    select.windowClause?.[0] ??
    select.withClause ??
    (select.op === "SETOP_NONE" ? null : select);
  if (extra)
    throw new Refusal(
      spanOf(extra),
      t("A sub-query has FROM, WHERE, GROUP BY customer_id and HAVING; nothing else can be translated."),
    );
}
