import type { Node } from "libpg-query";
import { aggregateType } from "./aggregates.ts";
import { parseDecimal } from "./decimal.ts";
import { Refusal, type Span } from "./diagnostics.ts";
import { DATE_PROPERTY, type EventKind } from "./dictionary.ts";
import { type Junction, readComparison } from "./sql-comparison.ts";
import { readColumn, type Rows, type RowScope, type SqlContext } from "./sql-rows.ts";
import { bodyOf, columnParts, nameOf } from "./sql-source.ts";
import type { AggregateFunction, AggregateTest } from "./tree.ts";
import { typedTest, type WrittenTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

const AGGREGATES: ReadonlyMap<string, AggregateFunction> = new Map([
  ["sum", "sum"],
  ["avg", "average"],
  ["min", "min"],
  ["max", "max"],
]);

interface Aggregate {
  fn: AggregateFunction;
  property?: string;
  /** NULL when no row counts, which `count`, `distinct` and coalesce(sum(…), 0) never are. */
  nullable: boolean;
}

/** A comparison of an aggregate, or several joined by AND, as the tests of one clause. Null when the node holds none. */
export function readAggregates(
  node: Node,
  rows: Rows,
  truth: boolean,
  context: SqlContext,
): { join: "all" | "any"; tests: AggregateTest[] } | null {
  const comparison = readComparison(node, context.spanOf);
  if (!comparison) return null;
  return aggregateTests(comparison.subject, truth ? comparison.whenTrue : comparison.whenFalse, rows, context);
}

export function aggregateTests(
  subject: Node,
  junction: Junction,
  rows: Rows,
  context: SqlContext,
): { join: "all" | "any"; tests: AggregateTest[] } {
  const span = context.spanOf(subject);
  const aggregate = readAggregate(subject, rows, context);
  const { fn, property } = aggregate;
  const type = aggregateType(rows.kind, fn, property, span);
  const label = property === undefined ? fn : `${fn}(${property})`;
  const written =
    aggregate.nullable || junction.tests.length === 1
      ? junction
      : { ...junction, tests: junction.tests.filter(({ op }) => op !== "is_not_null") };
  const known = written.tests.some(({ op }) => op === "is_not_null") ? unequal(written, span) : written;
  const tests = known.tests.map((test): AggregateTest => ({
    fn,
    ...(property !== undefined && { property }),
    test: typedTest({ label, type, place: "aggregate" }, test),
  }));
  const some: AggregateTest = {
    fn: "distinct",
    ...(property !== undefined && { property }),
    test: { op: ">=", value: { kind: "number", value: "1" } },
  };
  const needsSome = fn === "sum" && aggregate.nullable && known.tests.some(holdsForZero);
  return { join: known.join, tests: needsSome ? [...tests, some] : tests };
}

/** `<>` on what may be NULL: less or greater, which NULL is neither. */
function unequal({ tests }: Junction, span: Span): Junction {
  const test = tests.find(({ op }) => op === "!=");
  if (!test || test.operands.some(({ value }) => value.kind !== "number")) {
    throw new Refusal(
      span,
      t("This may be NULL, which <> and NOT IN are never true of; expected IS DISTINCT FROM."),
      "IS DISTINCT FROM",
    );
  }
  return {
    join: "any",
    tests: [
      { ...test, op: "<" },
      { ...test, op: ">" },
    ],
  };
}

/** sum() of nothing is NULL in SQL and 0 in the tree: that matters where 0 would pass. */
function holdsForZero({ op, operands }: WrittenTest): boolean {
  const signs = operands.map(({ value }) =>
    Number((value.kind === "number" && parseDecimal(value.value)?.units) || 0n),
  );
  const [first = 0, second = 0] = signs;
  switch (op) {
    case "=":
      return first === 0;
    case "!=":
      return first !== 0;
    case ">":
      return first < 0;
    case ">=":
      return first <= 0;
    case "<":
      return first > 0;
    case "<=":
      return first >= 0;
    case "between":
      return first <= 0 && second >= 0;
    case "in":
      return signs.includes(0);
    default:
      return !signs.includes(0);
  }
}

function readAggregate(node: Node, rows: Rows, context: SqlContext): Aggregate {
  const { kind } = rows;
  const span = context.spanOf(node);
  const scope: RowScope = { span, kind, alias: "" };
  const columnIn = (column: Node | undefined): string => {
    const parts = columnParts(column);
    if (!column || !parts) throw new Refusal(span, t("Expected a column inside the aggregate."));
    return readColumn(column, { ...scope, alias: parts.length === 2 ? (parts[0] ?? "") : "" }, context).name;
  };
  const filled = bodyOf(node, "CoalesceExpr");
  const filling = bodyOf(filled?.args?.[1], "A_Const");
  if (filled && filling?.ival && !filling.ival.ival && filled.args?.[0]) {
    const inner = readAggregate(filled.args[0], rows, context);
    if (inner.fn === "sum") return { ...inner, nullable: false };
  }
  const picked = bodyOf(node, "A_Indirection");
  const gathered = bodyOf(picked?.arg, "FuncCall");
  if (picked && gathered && nameOf(gathered.funcname) === "array_agg") {
    const index = bodyOf(bodyOf(picked.indirection?.[0], "A_Indices")?.uidx, "A_Const")?.ival?.ival;
    const order = bodyOf(gathered.agg_order?.[0], "SortBy");
    if (index === 1 && gathered.agg_order?.length === 1 && order?.node && columnIn(order.node) === DATE_PROPERTY) {
      return {
        fn: order.sortby_dir === "SORTBY_DESC" ? "last" : "first",
        property: columnIn(gathered.args?.[0]),
        nullable: true,
      };
    }
  }
  const call = bodyOf(node, "FuncCall");
  const name = nameOf(call?.funcname);
  if (call?.agg_filter)
    throw new Refusal(
      context.spanOf(call.agg_filter),
      t("FILTER cannot be translated; write its condition in the WHERE of a sub-query of its own."),
    );
  if (call && !call.over && (call.agg_star || call.args?.length === 1)) {
    if (name === "count" && !call.agg_distinct)
      return countOf(call.agg_star === true ? null : columnIn(call.args?.[0]), kind, span);
    if (name === "count") {
      const property = columnIn(call.args?.[0]);
      return property === kind.counts
        ? { fn: "count", nullable: false }
        : { fn: "distinct", property, nullable: false };
    }
    const fn = AGGREGATES.get(name);
    if (fn && !call.agg_distinct) return { fn, property: columnIn(call.args?.[0]), nullable: true };
  }
  throw new Refusal(
    span,
    t(
      "This aggregate cannot be translated; expected count, sum, avg, min, max or (array_agg(… ORDER BY occurred_at))[1].",
    ),
  );
}

function countOf(column: string | null, kind: EventKind, span: Span): Aggregate {
  if (column === null)
    return kind.counts ? { fn: "distinct", property: "line_id", nullable: false } : { fn: "count", nullable: false };
  if (column === DATE_PROPERTY) return { fn: "count", nullable: false };
  throw new Refusal(
    span,
    t("count({column}) cannot be translated; expected count(*) or count(DISTINCT {column}).", { column }),
    `count(DISTINCT ${column})`,
  );
}
