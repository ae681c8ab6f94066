import type { Node, SelectStmt } from "libpg-query";
import { nearestName, unknownAttribute, problemAt, Refusal, type Span } from "./diagnostics.ts";
import { type Dictionary, type ValueType } from "./dictionary.ts";
import { distanceClause } from "./distance.ts";
import { negate, normalCondition, normalForm, oppositeTest } from "./normal-form.ts";
import type { Reading } from "./parse-text.ts";
import { type Junction, readComparison, type ReadComparison } from "./sql-comparison.ts";
import { aggregateTests, readAggregates } from "./sql-aggregates.ts";
import { conjuncts, readRows, type Rows, rowsCondition, type SqlContext } from "./sql-rows.ts";
import { combined, plainer } from "./sql-plainer.ts";
import { bodyOf, columnParts, nameOf, parseSelect } from "./sql-source.ts";
import { readDuration } from "./sql-values.ts";
import type { AggregateTest, Condition, Rule } from "./tree.ts";
import { type Subject, typedTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

const POLICIES = { stay_at_least: "stayAtLeast", expire_after: "expireAfter", no_reentry_for: "noReentryFor" } as const;
const MAX_CLAUSES = 500;

/**
 * Reads the SQL face: `SELECT customer_id FROM customer_data WHERE …` in PostgreSQL's dialect, translated and never executed.
 * NULL means what it means in SQL: whoever a comparison is unknown for is not selected.
 */
export async function readSql(sql: string, dictionary: Dictionary): Promise<Reading> {
  try {
    const { select: written, spanOf } = await parseSelect(sql);
    const select = combined(written) ?? written;
    const customers = customersOf(select, spanOf);
    const when = select.whereClause;
    if (!when)
      throw new Refusal(
        { start: sql.trimEnd().length, end: sql.length },
        t("Everybody would be selected; expected WHERE and a condition."),
      );
    return { outcome: "read", rule: normalForm(createReader({ dictionary, spanOf, customers }).rule(plainer(when))) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { outcome: "refused", problems: [problemAt(sql, error.span, error.message, error.suggestion)] };
  }
}

/** The alias of customer_data, once the frame of the query is what it must be. */
function customersOf(select: SelectStmt, spanOf: (node: unknown) => Span): string {
  const frame = "SELECT customer_id FROM customer_data WHERE …";
  const table = bodyOf(select.fromClause?.[0], "RangeVar");
  if (select.op !== "SETOP_NONE" || select.valuesLists)
    throw new Refusal(
      spanOf(select.larg ?? select),
      t("Queries cannot be combined or list values; expected {frame}", { frame }),
    );
  if (select.withClause)
    throw new Refusal(spanOf(select.withClause), t("WITH cannot be translated; expected {frame}", { frame }));
  if (select.intoClause)
    throw new Refusal(spanOf(select.intoClause), t("INTO cannot be translated; a rule only selects."));
  if (select.fromClause?.length !== 1 || table?.relname !== "customer_data" || table.schemaname) {
    throw new Refusal(
      spanOf(select.fromClause?.[0] ?? select),
      t("Customers are selected from customer_data alone; expected {frame}", { frame }),
      "customer_data",
    );
  }
  const alias = table.alias?.aliasname ?? "customer_data";
  const [target, ...others] = select.targetList ?? [];
  const column = columnParts(bodyOf(target, "ResTarget")?.val);
  if (others.length > 0 || !column || !["customer_id", `${alias}.customer_id`].includes(column.join("."))) {
    throw new Refusal(
      spanOf(others[0] ?? target ?? select),
      t("Exactly one column is selected; expected {frame}", { frame }),
      "customer_id",
    );
  }
  const extra = [
    select.groupClause?.[0],
    select.havingClause,
    select.limitCount,
    select.limitOffset,
    select.lockingClause?.[0],
    select.windowClause?.[0],
    bodyOf(select.distinctClause?.[0], "ColumnRef") ? select.distinctClause?.[0] : undefined,
  ].find((part) => part !== undefined);
  if (extra) throw new Refusal(spanOf(extra), t("Only WHERE can be translated; expected {frame}", { frame }));
  return alias;
}

function createReader(context: SqlContext): { rule(where: Node): Rule } {
  const { dictionary, spanOf, customers } = context;
  let clauses = 0;

  const rule = (where: Node): Rule => {
    const policies: Omit<Rule, "when"> = {};
    const conditions = conjuncts(where).filter((part) => {
      const call = bodyOf(part, "FuncCall");
      const name = nameOf(call?.funcname);
      if (!Object.hasOwn(POLICIES, name)) return true;
      const key = POLICIES[name as keyof typeof POLICIES];
      if (policies[key]) throw new Refusal(spanOf(part), t("{name} is said twice.", { name }));
      policies[key] = readDuration(call?.args?.[0], spanOf);
      return false;
    });
    const of = conditions.map((part) => translate(part, true));
    if (of.length === 0) throw new Refusal(spanOf(where), t("Everybody would be selected; expected a condition."));
    return { when: { kind: "all", of }, ...policies };
  };

  /** Where an expression is true, or where it is false: the two are not each other's opposites, since it may be unknown. */
  const translate = (node: Node, truth: boolean): Condition => {
    const bool = bodyOf(node, "BoolExpr");
    if (bool?.boolop === "NOT_EXPR" && bool.args?.[0]) return translate(bool.args[0], !truth);
    if (bool) {
      const of = (bool.args ?? []).map((part) => translate(part, truth));
      return normalCondition({ kind: (bool.boolop === "AND_EXPR") === truth ? "all" : "any", of });
    }
    const test = bodyOf(node, "BooleanTest");
    if (test?.arg) return booleanTest(test.booltesttype ?? "", test.arg, truth, node);
    clauses += 1;
    if (clauses > MAX_CLAUSES)
      throw new Refusal(spanOf(node), t("A rule has at most {count} conditions.", { count: MAX_CLAUSES }));
    const link = bodyOf(node, "SubLink");
    if (link) return subquery(node, truth);
    const comparison = readComparison(node, spanOf);
    if (comparison) return compare(comparison, truth);
    const flag = attributeSubject(node);
    if (flag?.type === "boolean") {
      return { kind: "attribute", name: flag.label, test: { op: "=", value: { kind: "boolean", value: truth } } };
    }
    throw untranslatable(node);
  };

  const booleanTest = (kind: string, arg: Node, truth: boolean, node: Node): Condition => {
    const [wanted, exact] =
      kind === "IS_TRUE"
        ? [true, true]
        : kind === "IS_NOT_TRUE"
          ? [true, false]
          : kind === "IS_FALSE"
            ? [false, true]
            : kind === "IS_NOT_FALSE"
              ? [false, false]
              : [null, null];
    if (wanted === null)
      throw new Refusal(spanOf(node), t("IS UNKNOWN cannot be translated; expected IS NULL on the column."));
    const inner = normalCondition(translate(arg, wanted));
    return exact === truth ? inner : negate(inner);
  };

  const compare = (comparison: ReadComparison, truth: boolean): Condition => {
    const { subject } = comparison;
    let junction = truth ? comparison.whenTrue : comparison.whenFalse;
    const link = bodyOf(subject, "SubLink");
    if (link?.subLinkType === "EXPR_SUBLINK") {
      const select = bodyOf(link.subselect, "SelectStmt");
      const target = bodyOf(select?.targetList?.[0], "ResTarget")?.val;
      if (!select || !target || select.targetList?.length !== 1) throw untranslatable(subject);
      const rows = readRows(select, context, { correlated: true, judged: true });
      const { join, tests } = aggregateTests(target, junction, rows, context);
      return judged(rows, join, tests);
    }
    if (isColumn(subject, "sample_bucket")) return sample(junction, subject);
    const distance = distanceOf(subject, junction);
    if (distance) return truth ? distance : negate(distance);
    const anniversary = anniversaryOf(subject);
    const column = anniversary ?? attributeSubject(subject);
    if (!column) throw untranslatable(subject);
    const isList = column.type === "text_list" || column.type === "code_list";
    if (isList) junction = oneByOne(junction);
    if (isList && junction.tests.some(({ operands, op }) => operands.length > 0 && !op.endsWith("contains"))) {
      throw new Refusal(
        spanOf(subject),
        t("{name} is a list; expected 'value' = ANY ({name}).", { name: column.label }),
      );
    }
    const of = junction.tests.map((written): Condition => {
      const test = typedTest(column, written);
      return anniversary
        ? { kind: "anniversary", name: anniversary.attribute, test }
        : { kind: "attribute", name: column.label, test };
    });
    return normalCondition({ kind: junction.join, of });
  };

  const judged = (rows: Rows, join: "all" | "any", tests: AggregateTest[]): Condition => {
    if (rows.following.length > 0) throw new Refusal({ start: 0, end: 0 }, t("A sequence cannot be counted."));
    return join === "all"
      ? rowsCondition(rows, tests)
      : normalCondition({ kind: "any", of: tests.map((test) => rowsCondition(rows, [test])) });
  };

  const subquery = (node: Node, truth: boolean): Condition => {
    const link = bodyOf(node, "SubLink");
    const select = bodyOf(link?.subselect, "SelectStmt");
    if (!link || !select) throw untranslatable(node);
    if (link.subLinkType === "EXPR_SUBLINK") return judgedSubquery(select, truth, node);
    if (link.subLinkType === "EXISTS_SUBLINK") return signed(existing(select), truth);
    if (link.subLinkType === "ANY_SUBLINK" && !link.operName && isColumn(link.testexpr, "customer_id")) {
      return signed(selectedCustomers(select), truth);
    }
    throw new Refusal(
      spanOf(node),
      t(
        "This sub-query cannot be translated; expected EXISTS (…), customer_id IN (SELECT customer_id …) or a comparison of an aggregate.",
      ),
    );
  };

  /** (SELECT count(*) >= 3 AND sum(amount) > 100 FROM …): the aggregates of one set of rows, the empty one included. */
  const judgedSubquery = (select: SelectStmt, truth: boolean, node: Node): Condition => {
    const target = bodyOf(select.targetList?.[0], "ResTarget")?.val;
    if (!target || select.targetList?.length !== 1 || select.groupClause) throw untranslatable(node);
    const rows = readRows(select, context, { correlated: true, judged: true });
    return aggregateCondition(target, rows, truth);
  };

  const aggregateCondition = (node: Node, rows: Rows, truth: boolean): Condition => {
    const bool = bodyOf(node, "BoolExpr");
    if (bool?.boolop === "NOT_EXPR" && bool.args?.[0]) return aggregateCondition(bool.args[0], rows, !truth);
    if (bool) {
      const of = (bool.args ?? []).map((part) => aggregateCondition(part, rows, truth));
      const together = (bool.boolop === "AND_EXPR") === truth;
      const having = of.flatMap((part) => (part.kind === "event" ? part.having : []));
      const distinct =
        new Set(having.map(({ fn, property, test }) => `${fn} ${property} ${test.op}`)).size === having.length;
      if (together && distinct && of.every((part) => part.kind === "event")) return rowsCondition(rows, having);
      return normalCondition({ kind: together ? "all" : "any", of });
    }
    const test = bodyOf(node, "BooleanTest");
    if (test?.booltesttype === "IS_NOT_TRUE" && test.arg) {
      const inner = aggregateCondition(test.arg, rows, true);
      const single = inner.kind === "event" && inner.having.length === 1 ? inner.having[0] : undefined;
      const opposite = single && negateAggregate(single);
      if (opposite) return signed(rowsCondition(rows, [opposite]), truth);
      return signed(inner, !truth);
    }
    const found = readAggregates(node, rows, truth, context);
    if (!found) throw untranslatable(node);
    return judged(rows, found.join, found.tests);
  };

  /** customer_id IN (SELECT customer_id FROM … GROUP BY customer_id HAVING …): nobody without a row is in it. */
  const selectedCustomers = (select: SelectStmt): Condition => {
    const column = columnParts(bodyOf(select.targetList?.[0], "ResTarget")?.val);
    if (select.targetList?.length !== 1 || column?.at(-1) !== "customer_id") {
      throw new Refusal(spanOf(select), t("This sub-query must select customer_id alone."), "customer_id");
    }
    if (select.havingClause && !select.groupClause) throw grouping(select);
    return grouped(select, { correlated: false });
  };

  /** EXISTS (…): without GROUP BY its HAVING judges all of the customer's rows, even none. */
  const existing = (select: SelectStmt): Condition => {
    if (!select.havingClause || select.groupClause) return grouped(select, { correlated: true });
    return aggregateCondition(select.havingClause, readRows(select, context, { correlated: true, judged: true }), true);
  };

  const grouping = (node: unknown): Refusal =>
    new Refusal(spanOf(node), t("Rows are grouped by customer_id alone."), "GROUP BY customer_id");

  const grouped = (select: SelectStmt, options: { correlated: boolean }): Condition => {
    const groups = select.groupClause ?? [];
    if (groups.length > 1 || (groups[0] && columnParts(groups[0])?.at(-1) !== "customer_id")) throw grouping(groups[0]);
    const rows = readRows(select, context, { ...options, judged: select.havingClause !== undefined });
    const some = rowsCondition(rows);
    if (!select.havingClause) return some;
    return { kind: "all", of: [some, aggregateCondition(select.havingClause, rows, true)] };
  };

  const signed = (condition: Condition, truth: boolean): Condition =>
    truth ? condition : negate(normalCondition(condition));

  const isColumn = (node: Node | undefined, name: string): boolean => {
    const parts = columnParts(node);
    return parts?.at(-1) === name && (parts.length === 1 || (parts.length === 2 && parts[0] === customers));
  };

  const attributeSubject = (node: Node): Subject | null => {
    const parts = columnParts(node);
    if (!parts || parts.length > 2 || (parts.length === 2 && parts[0] !== customers)) return null;
    const name = parts.at(-1) ?? "";
    if (name === "customer_id") {
      throw new Refusal(
        spanOf(node),
        t("Customers are not chosen by their id; give them a tag, or expected IN (SELECT …)."),
      );
    }
    const attribute = dictionary.attribute(name);
    if (attribute)
      return {
        label: attribute.name,
        place: "attribute",
        type: attribute.type,
        ...(attribute.values && { values: attribute.values }),
      };
    const near = nearestName(name, dictionary.attributeNames());
    throw new Refusal(
      spanOf(node),
      name.startsWith("traits.")
        ? unknownAttribute(name, near)
        : near
          ? t("customer_data has no column '{name}'; did you mean {near}?", { name, near })
          : t("customer_data has no column '{name}'.", { name }),
      near ?? undefined,
    );
  };

  const anniversaryOf = (node: Node): (Subject & { attribute: string }) | null => {
    const call = bodyOf(node, "FuncCall");
    const [column, ...others] = call?.args ?? [];
    if (nameOf(call?.funcname) !== "anniversary" || !column || others.length > 0) return null;
    const subject = attributeSubject(column);
    if (!subject || !["date", "any"].includes(subject.type))
      throw new Refusal(spanOf(column), t("Expected a column that holds a date."));
    return { label: "anniversary", type: "date" as ValueType, place: "attribute", attribute: subject.label };
  };

  const distanceOf = (node: Node, { tests: [test] }: Junction): Condition | null => {
    const call = bodyOf(node, "FuncCall");
    const name = nameOf(call?.funcname);
    const [operand] = test?.operands ?? [];
    if ((name !== "distance_km" && name !== "distance_mi") || !operand) return null;
    if (test?.op !== "<=" && test?.op !== ">")
      throw new Refusal(test?.span ?? spanOf(node), t("Expected <= after {name}(…).", { name }), "<=");
    const [latitude, longitude] = (call?.args ?? []).map((arg) => {
      const constant = bodyOf(arg, "A_Const");
      return constant?.fval?.fval ?? String(constant?.ival?.ival ?? 0);
    });
    const span = spanOf(node);
    const coordinates = { ...span, value: { kind: "text" as const, value: `${latitude ?? ""},${longitude ?? ""}` } };
    return distanceClause(
      span,
      new Map([
        ["coordinates", coordinates],
        [name, operand],
      ]),
    );
  };

  const sample = ({ tests: [test] }: Junction, node: Node): Condition => {
    const value = test?.operands[0]?.value;
    const share = value?.kind === "number" ? Number(value.value) : Number.NaN;
    if ((test?.op !== "<" && test?.op !== ">=") || !(Number.isInteger(share) && share >= 1 && share <= 10_000)) {
      throw new Refusal(
        test?.span ?? spanOf(node),
        t("Expected sample_bucket < N with N from 1 (0.01 %) to 10000 (100 %)."),
      );
    }
    const clause: Condition = { kind: "sample", share };
    return test.op === "<" ? clause : negate(clause);
  };

  const untranslatable = (node: Node): Refusal => {
    const call = nameOf(bodyOf(node, "FuncCall")?.funcname);
    if (call)
      return new Refusal(
        spanOf(node),
        t("{name}(…) cannot be translated; columns are compared as they are.", { name: call }),
      );
    if (columnParts(node)) return new Refusal(spanOf(node), t("This column is of no table of this query."));
    return new Refusal(
      spanOf(node),
      t(
        "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
      ),
    );
  };

  return { rule };
}

/** list && ARRAY[a, b]: one of them is in it. */
function oneByOne({ join, tests }: Junction): Junction {
  const [test, ...others] = tests;
  if (others.length > 0 || (test?.op !== "in" && test?.op !== "not_in")) return { join, tests };
  const op = test.op === "in" ? "contains" : "not_contains";
  return {
    join: test.op === "in" ? "any" : "all",
    tests: test.operands.map((operand) => ({ ...test, op, operands: [operand] })),
  };
}

function negateAggregate(aggregate: AggregateTest): AggregateTest | null {
  const { test } = aggregate;
  const opposite = test.op === "in" || test.op === "contains" ? oppositeTest(test) : null;
  return opposite && { ...aggregate, test: opposite };
}
