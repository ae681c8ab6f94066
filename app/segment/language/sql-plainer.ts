import type { A_Expr, A_Expr_Kind, Node, SelectStmt } from "libpg-query";
import { compareDecimals, parseDecimal } from "./decimal.ts";
import { DATE_COLUMNS } from "./sql-rows.ts";
import { bodyOf, columnParts, nameOf } from "./sql-source.ts";
import { isNow } from "./sql-values.ts";

/** More alternatives than this are refused where they stand. */
const MOST_ALTERNATIVES = 50;
const FLIPPED: Readonly<Record<string, string>> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const WORDS_OF_CUSTOMERS = ["traits", "metafields"];

/**
 * The same query in the words that the readers know: what people write in several ways is one way from here on. Each step says
 * exactly what stood there, NULL included; whatever is not known stays as it is, to be refused where it stands.
 */
export function plainer(node: Node): Node {
  const bool = bodyOf(node, "BoolExpr");
  if (bool) return { BoolExpr: { ...bool, args: (bool.args ?? []).map(plainer) } };
  const test = bodyOf(node, "BooleanTest");
  if (test?.arg) return { BooleanTest: { ...test, arg: plainer(test.arg) } };
  const link = bodyOf(node, "SubLink");
  const select = bodyOf(link?.subselect, "SelectStmt");
  if (link && select) return plainerLink(link, plainerSelect(select));
  const isNull = bodyOf(node, "NullTest");
  if (isNull?.arg) return { NullTest: { ...isNull, arg: plainer(isNull.arg) } };
  const expression = bodyOf(node, "A_Expr");
  if (expression) return plainerExpression(expression);
  const call = bodyOf(node, "FuncCall");
  if (call && nameOf(call.funcname) === "count" && call.args?.length === 1 && bodyOf(call.args[0], "A_Const")) {
    const isNullConstant = bodyOf(call.args[0], "A_Const")?.isnull;
    if (!isNullConstant && !call.agg_distinct) return { FuncCall: { ...call, args: [], agg_star: true } };
  }
  const words = columnParts(node);
  if (words && words.length > 1 && WORDS_OF_CUSTOMERS.includes(words[0] ?? "")) {
    return { ColumnRef: { ...bodyOf(node, "ColumnRef"), fields: [{ String: { sval: words.join(".") } }] } };
  }
  return node;
}

/**
 * A query for customers as one over customer_data: of one over events the customers in it, and of several what their combination
 * selects. Null: the parts know customer_data by different names, or it is nothing of this kind.
 */
export function combined(select: SelectStmt): SelectStmt | null {
  const { larg, rarg, op } = select;
  if (!larg || !rarg || op === "SETOP_NONE") {
    const table = bodyOf(select.fromClause?.[0], "RangeVar")?.relname;
    if (select.fromClause?.length !== 1 || !["orders", "order_lines", "events"].includes(table ?? "")) return null;
    const customers: Node = { ColumnRef: { fields: [{ String: { sval: "customer_id" } }] } };
    const where: Node = {
      SubLink: { subLinkType: "ANY_SUBLINK", testexpr: customers, subselect: { SelectStmt: select } },
    };
    return {
      op: "SETOP_NONE",
      targetList: [{ ResTarget: { val: customers } }],
      fromClause: [{ RangeVar: { relname: "customer_data", inh: true, relpersistence: "p" } }],
      whereClause: where,
    };
  }
  const [left, right] = [combined(larg) ?? larg, combined(rarg) ?? rarg];
  const { whereClause: first } = left;
  const { whereClause: second } = right;
  if (!first || !second || sourceOf(left) !== sourceOf(right) || sourceOf(left) === null) return null;
  const both = (boolop: "AND_EXPR" | "OR_EXPR", other: Node): SelectStmt => ({
    ...left,
    whereClause: { BoolExpr: { boolop, args: [first, other] } },
  });
  if (op === "SETOP_UNION") return both("OR_EXPR", second);
  if (op === "SETOP_INTERSECT") return both("AND_EXPR", second);
  return both("AND_EXPR", { BooleanTest: { booltesttype: "IS_NOT_TRUE", arg: second } });
}

/** By which name a plain query knows customer_data; null: it has more than a condition. */
function sourceOf(select: SelectStmt): string | null {
  const table = bodyOf(select.fromClause?.[0], "RangeVar");
  if (select.fromClause?.length !== 1 || table?.relname !== "customer_data") return null;
  const more = select.groupClause ?? select.havingClause ?? select.sortClause ?? select.limitCount ?? select.withClause;
  return more ? null : (table.alias?.aliasname ?? table.relname);
}

function plainerSelect(select: SelectStmt): SelectStmt {
  return {
    ...select,
    ...(select.whereClause && { whereClause: plainer(select.whereClause) }),
    ...(select.havingClause && { havingClause: plainer(select.havingClause) }),
    ...(select.targetList && {
      targetList: select.targetList.map((target) => {
        const result = bodyOf(target, "ResTarget");
        return result?.val ? { ResTarget: { ...result, val: plainer(result.val) } } : target;
      }),
    }),
  };
}

function plainerLink(link: Extract<Node, { SubLink: unknown }>["SubLink"], select: SelectStmt): Node {
  const linkTo = (subselect: SelectStmt): Node => ({ SubLink: { ...link, subselect: { SelectStmt: subselect } } });
  if (link.subLinkType === "EXPR_SUBLINK") return linkTo(firstOrLast(select) ?? select);
  if (link.subLinkType !== "EXISTS_SUBLINK" && link.subLinkType !== "ANY_SUBLINK") return linkTo(select);
  const { sortClause, limitCount, distinctClause, ...rest } = select;
  const limit = bodyOf(limitCount, "A_Const")?.ival?.ival ?? 0;
  const kept: SelectStmt = { ...rest, ...(limitCount && { limitCount }), ...(distinctClause && { distinctClause }) };
  if (limit > 0 && link.subLinkType === "EXISTS_SUBLINK") delete kept.limitCount;
  // DISTINCT alone; DISTINCT ON chooses rows.
  if (distinctClause?.every((part) => Object.keys(part).length === 0)) delete kept.distinctClause;
  if (kept.limitCount && sortClause) kept.sortClause = sortClause;
  if (!kept.whereClause || kept.groupClause || kept.havingClause) return linkTo(kept);
  const ways = alternatives(kept.whereClause, true);
  if (ways.length < 2 || ways.length > MOST_ALTERNATIVES) return linkTo(kept);
  const args = ways.map((parts) =>
    linkTo({
      ...kept,
      whereClause: parts.length === 1 && parts[0] ? parts[0] : { BoolExpr: { boolop: "AND_EXPR", args: parts } },
    }),
  );
  return { BoolExpr: { boolop: "OR_EXPR", args } };
}

/** SELECT amount … ORDER BY ordered_at DESC LIMIT 1 as the first of all amounts in that order. */
function firstOrLast({ sortClause, limitCount, ...select }: SelectStmt): SelectStmt | null {
  const [target, ...others] = select.targetList ?? [];
  const column = bodyOf(target, "ResTarget")?.val;
  const one = bodyOf(limitCount, "A_Const")?.ival?.ival === 1;
  if (!column || !columnParts(column) || others.length > 0 || sortClause?.length !== 1 || !one) return null;
  const gathered: Node = {
    FuncCall: { funcname: [{ String: { sval: "array_agg" } }], args: [column], agg_order: sortClause },
  };
  const picked: Node = {
    A_Indirection: { arg: gathered, indirection: [{ A_Indices: { uidx: { A_Const: { ival: { ival: 1 } } } } }] },
  };
  return { ...select, targetList: [{ ResTarget: { val: picked } }] };
}

/** A condition on rows as the ways in which it can be true, each a list of what then holds; more than can be told: cut off. */
function alternatives(node: Node, truth: boolean): Node[][] {
  const bool = bodyOf(node, "BoolExpr");
  if (bool?.boolop === "NOT_EXPR" && bool.args?.[0] && isChoice(bool.args[0])) {
    return alternatives(bool.args[0], !truth);
  }
  if (bool && bool.boolop !== "NOT_EXPR") {
    const ways = (bool.args ?? []).map((part) => alternatives(part, truth));
    if ((bool.boolop === "OR_EXPR") === truth) return ways.flat();
    return ways.reduce<Node[][]>(
      (all, each) => all.flatMap((one) => each.map((other) => [...one, ...other])).slice(0, MOST_ALTERNATIVES + 1),
      [[]],
    );
  }
  const expression = bodyOf(node, "A_Expr");
  const items = bodyOf(expression?.rexpr, "List")?.items ?? [];
  const compared = (name: string, rexpr: Node): Node[] => [
    { A_Expr: { ...expression, kind: "AEXPR_OP", name: [{ String: { sval: name } }], rexpr } },
  ];
  const [low, high] = items;
  if (low && high && isBetween(expression?.kind, !truth)) return [compared("<", low), compared(">", high)];
  const isEvent = columnParts(expression?.lexpr)?.at(-1) === "event";
  if (truth && isEvent && expression?.kind === "AEXPR_IN" && nameOf(expression.name) === "=") {
    return items.map((item) => compared("=", item));
  }
  return [[truth ? node : { BoolExpr: { boolop: "NOT_EXPR", args: [node] } }]];
}

function isChoice(node: Node): boolean {
  return bodyOf(node, "BoolExpr") !== null || isBetween(bodyOf(node, "A_Expr")?.kind, true);
}

function isBetween(kind: A_Expr_Kind | undefined, negated: boolean): boolean {
  return kind === (negated ? "AEXPR_BETWEEN" : "AEXPR_NOT_BETWEEN");
}

function plainerExpression(written: A_Expr): Node {
  const expression: A_Expr = {
    ...written,
    ...(written.lexpr && { lexpr: plainer(written.lexpr) }),
    ...(written.rexpr && { rexpr: plainerValue(written.rexpr) }),
  };
  return (
    listed(expression) ??
    containing(expression) ??
    unmoved(expression) ??
    filled(expression) ??
    wholeDays(expression) ?? { A_Expr: expression }
  );
}

/** A constant without a cast that says of it what it is anyway, and the day that an instant is in. */
function plainerValue(node: Node): Node {
  const list = bodyOf(node, "List");
  if (list) return { List: { ...list, items: (list.items ?? []).map(plainerValue) } };
  const cast = bodyOf(node, "TypeCast");
  const type = nameOf(cast?.typeName?.names);
  const number = bodyOf(cast?.arg, "A_Const");
  if (["numeric", "float8", "float4"].includes(type) && (number?.ival || number?.fval) && cast?.arg) return cast.arg;
  if (["int4", "int8", "int2"].includes(type) && number?.ival && cast?.arg) return cast.arg;
  return dayOf(node) ?? plainer(node);
}

/** now()::date, date(now()), date_trunc('day', now()), each moved by days or not: CURRENT_DATE, moved. */
function dayOf(node: Node): Node | null {
  const today: Node = { SQLValueFunction: { op: "SVFOP_CURRENT_DATE" } };
  const moved = bodyOf(node, "A_Expr");
  if (moved?.lexpr && moved.rexpr && ["+", "-"].includes(nameOf(moved.name))) {
    const day = dayOf(moved.lexpr);
    return day && { A_Expr: { ...moved, lexpr: day } };
  }
  const inner = underDay(node);
  if (!inner) return null;
  if (isNow(inner) || isToday(inner)) return today;
  const shifted = bodyOf(inner, "A_Expr");
  if (!shifted?.lexpr || !["+", "-"].includes(nameOf(shifted.name))) return null;
  return isNow(shifted.lexpr) || isToday(shifted.lexpr) ? { A_Expr: { ...shifted, lexpr: today } } : null;
}

function isToday(node: Node | undefined): boolean {
  return bodyOf(node, "SQLValueFunction")?.op === "SVFOP_CURRENT_DATE";
}

/** What stands in x::date, date(x) or date_trunc('day', x). */
function underDay(node: Node | undefined): Node | null {
  const cast = bodyOf(node, "TypeCast");
  if (cast?.arg && nameOf(cast.typeName?.names) === "date" && !bodyOf(cast.arg, "A_Const")) return cast.arg;
  const call = bodyOf(node, "FuncCall");
  const [first, second] = call?.args ?? [];
  if (nameOf(call?.funcname) === "date" && first && !second) return first;
  const unit = bodyOf(first, "A_Const")?.sval?.sval?.toLowerCase();
  return nameOf(call?.funcname) === "date_trunc" && unit === "day" && second ? second : null;
}

/** x = ANY (ARRAY[…]) and x <> ALL (ARRAY[…]) as IN and NOT IN. */
function listed(expression: A_Expr): Node | null {
  const items = bodyOf(expression.rexpr, "A_ArrayExpr")?.elements;
  const name = nameOf(expression.name);
  const isIn = expression.kind === "AEXPR_OP_ANY" && name === "=";
  if (!items || !(isIn || (expression.kind === "AEXPR_OP_ALL" && name === "<>"))) return null;
  return { A_Expr: { ...expression, kind: "AEXPR_IN", rexpr: { List: { items } } } };
}

/** list @> ARRAY[a, b]: it has a, and it has b. */
function containing(expression: A_Expr): Node | null {
  const array = bodyOf(expression.rexpr, "A_ArrayExpr");
  const elements = array?.elements ?? [];
  if (expression.kind !== "AEXPR_OP" || nameOf(expression.name) !== "@>" || elements.length < 2) return null;
  const args = elements.map((element): Node => ({
    A_Expr: { ...expression, rexpr: { A_ArrayExpr: { ...array, elements: [element] } } },
  }));
  return { BoolExpr: { boolop: "AND_EXPR", args } };
}

/** now() - x > INTERVAL '…' and x + INTERVAL '…' < now() as x on one side alone; months are not moved, since they differ in length. */
function unmoved(expression: A_Expr): Node | null {
  const name = nameOf(expression.name);
  const { lexpr, rexpr } = expression;
  if (expression.kind !== "AEXPR_OP" || !Object.hasOwn(FLIPPED, name) || !lexpr || !rexpr) return null;
  const [left, right] = [movement(lexpr), movement(rexpr)];
  const compare = (op: string | undefined, column: Node, base: Node, sign: "+" | "-", interval: Node): Node => ({
    A_Expr: {
      ...expression,
      name: [{ String: { sval: op ?? name } }],
      lexpr: column,
      rexpr: { A_Expr: { ...expression, name: [{ String: { sval: sign } }], lexpr: base, rexpr: interval } },
    },
  });
  // The end of a step's time stays as it is: the reader of sequences knows it by its form.
  if (left && name === "<=" && isNow(rexpr) && DATE_COLUMNS.includes(columnParts(left.of)?.at(-1) ?? "")) return null;
  if (left && columnParts(left.of) && hasDays(left.by) && isMoment(rexpr)) {
    return compare(name, left.of, rexpr, left.sign === "+" ? "-" : "+", left.by);
  }
  if (right && columnParts(right.of) && hasDays(right.by) && isMoment(lexpr)) {
    return compare(FLIPPED[name], right.of, lexpr, right.sign === "+" ? "-" : "+", right.by);
  }
  if (left?.sign === "-" && isMoment(left.of) && columnParts(left.by) && hasDays(rexpr)) {
    return compare(FLIPPED[name], left.by, left.of, "-", rexpr);
  }
  if (right?.sign === "-" && isMoment(right.of) && columnParts(right.by) && hasDays(lexpr)) {
    return compare(name, right.by, right.of, "-", lexpr);
  }
  return null;
}

function movement(node: Node): { of: Node; sign: "+" | "-"; by: Node } | null {
  const moved = bodyOf(node, "A_Expr");
  const sign = nameOf(moved?.name);
  return moved?.lexpr && moved.rexpr && (sign === "+" || sign === "-")
    ? { of: moved.lexpr, sign, by: moved.rexpr }
    : null;
}

function isMoment(node: Node): boolean {
  return isNow(node) || isToday(node);
}

/** Whether it is a number of days, or an interval that is always as long. */
function hasDays(node: Node | undefined): boolean {
  if (bodyOf(node, "A_Const")?.ival) return true;
  const cast = bodyOf(node, "TypeCast");
  const text = bodyOf(cast?.arg, "A_Const")?.sval?.sval ?? "";
  return nameOf(cast?.typeName?.names) === "interval" && !/mon|y/i.test(text.replace(/days?/gi, "")) && !isMonths(cast);
}

/** INTERVAL '1' MONTH and YEAR: PostgreSQL's masks for them. */
function isMonths(cast: Extract<Node, { TypeCast: unknown }>["TypeCast"] | null): boolean {
  return [2, 4].includes(bodyOf(cast?.typeName?.typmods?.[0], "A_Const")?.ival?.ival ?? 0);
}

/** coalesce(x, c) compared with a constant: x compared, or x NULL where c would pass. */
function filled(expression: A_Expr): Node | null {
  const [column, filling, ...others] = bodyOf(expression.lexpr, "CoalesceExpr")?.args ?? [];
  if (expression.kind !== "AEXPR_OP" || !column || !columnParts(column) || !filling || others.length > 0) return null;
  const passes = compareConstants(filling, nameOf(expression.name), expression.rexpr);
  if (passes === null) return null;
  const test: Node = { A_Expr: { ...expression, lexpr: plainer(column) } };
  const isNull: Node = {
    NullTest: { arg: plainer(column), nulltesttype: passes ? "IS_NULL" : "IS_NOT_NULL" },
  };
  return { BoolExpr: { boolop: passes ? "OR_EXPR" : "AND_EXPR", args: [test, isNull] } };
}

function compareConstants(left: Node, op: string, right: Node | undefined): boolean | null {
  const [first, second] = [bodyOf(left, "A_Const"), bodyOf(right, "A_Const")];
  if (!first || !second) return null;
  if (first.sval && second.sval) {
    const same = (first.sval.sval ?? "") === (second.sval.sval ?? "");
    return op === "=" ? same : op === "<>" ? !same : null;
  }
  const numbers = [first, second].map((one) =>
    one.ival || one.fval ? parseDecimal(one.fval?.fval ?? String(one.ival?.ival ?? 0)) : null,
  );
  const [a, b] = numbers;
  if (!a || !b) return null;
  const order = compareDecimals(a, b);
  switch (op) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return null;
  }
}

/** The day of a column compared with days is the column compared with them, since days are whole here. */
function wholeDays(expression: A_Expr): Node | null {
  const column = underDay(expression.lexpr);
  const days = bodyOf(expression.rexpr, "List")?.items ?? (expression.rexpr ? [expression.rexpr] : []);
  if (!column || !columnParts(column) || days.length === 0 || !days.every(isDay)) return null;
  return { A_Expr: { ...expression, lexpr: plainer(column) } };
}

function isDay(node: Node): boolean {
  const moved = movement(node);
  if (moved) return isToday(moved.of);
  const cast = bodyOf(node, "TypeCast");
  const text = bodyOf(node, "A_Const")?.sval?.sval;
  return isToday(node) || nameOf(cast?.typeName?.names) === "date" || /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");
}
