import type { A_Expr, Node } from "libpg-query";
import { Refusal, type Span } from "./diagnostics.ts";
import { bodyOf, nameOf } from "./sql-source.ts";
import { readValue } from "./sql-values.ts";
import type { Comparison } from "./tree.ts";
import type { Literal, Operator, WrittenTest } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

/** The tests that together say when a comparison is true (or false): SQL's third answer, unknown, is neither. */
export interface Junction {
  join: "all" | "any";
  tests: WrittenTest[];
}

export interface ReadComparison {
  /** What is compared: a column, a function of one, an aggregate or a sub-query. */
  subject: Node;
  whenTrue: Junction;
  whenFalse: Junction;
}

type SpanOf = (node: unknown) => Span;

const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  "=": "=",
  "!=": "!=",
  ">": "<",
  ">=": "<=",
  "<": ">",
  "<=": ">=",
};
const OPPOSITE: Readonly<Record<string, Comparison>> = { ">": "<=", ">=": "<", "<": ">=", "<=": ">" };
const WORDS: Readonly<Record<string, string>> = {
  AEXPR_LIKE: "LIKE",
  AEXPR_ILIKE: "ILIKE",
  AEXPR_SIMILAR: "SIMILAR TO",
  AEXPR_NULLIF: "NULLIF",
};
const SYMBOLS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "<>": "!=",
  "!=": "!=",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
};

/** Takes one comparison apart; null when the node is none. */
export function readComparison(node: Node, spanOf: SpanOf): ReadComparison | null {
  const nullTest = bodyOf(node, "NullTest");
  if (nullTest?.arg) {
    const isNull = nullTest.nulltesttype === "IS_NULL";
    const test = (op: Operator): Junction => one({ op, span: spanOf(node), operands: [] });
    const [yes, no] = [test("is_null"), test("is_not_null")];
    return { subject: nullTest.arg, whenTrue: isNull ? yes : no, whenFalse: isNull ? no : yes };
  }
  const expression = bodyOf(node, "A_Expr");
  if (!expression) return null;
  const span = spanOf({ location: expression.location });
  switch (expression.kind) {
    case "AEXPR_OP":
      return readOperator(expression, span, spanOf);
    case "AEXPR_DISTINCT":
    case "AEXPR_NOT_DISTINCT": {
      const { subject, literal } = sides(expression, span, spanOf);
      const test = (op: Operator): Junction => one({ op, span, operands: [literal] });
      const distinct = expression.kind === "AEXPR_DISTINCT";
      return { subject, whenTrue: test(distinct ? "!=" : "="), whenFalse: test(distinct ? "=" : "!=") };
    }
    case "AEXPR_IN": {
      const operands = listOf(expression.rexpr, spanOf);
      const inside = one({ op: "in", span, operands });
      const outside = all({ op: "not_in", span, operands }, notNull(span));
      const negated = nameOf(expression.name) === "<>";
      return {
        subject: subjectOf(expression, spanOf),
        whenTrue: negated ? outside : inside,
        whenFalse: negated ? inside : outside,
      };
    }
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN": {
      const [low, high] = listOf(expression.rexpr, spanOf);
      if (!low || !high) throw new Refusal(span, t("BETWEEN needs two values."));
      const inside = one({ op: "between", span, operands: [low, high] });
      const outside: Junction = {
        join: "any",
        tests: [
          { op: "<", span, operands: [low] },
          { op: ">", span, operands: [high] },
        ],
      };
      const negated = expression.kind === "AEXPR_NOT_BETWEEN";
      return {
        subject: subjectOf(expression, spanOf),
        whenTrue: negated ? outside : inside,
        whenFalse: negated ? inside : outside,
      };
    }
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL":
      return readListComparison(expression, span, spanOf);
    default:
      throw new Refusal(span, untranslatable(WORDS[expression.kind ?? ""] ?? nameOf(expression.name)));
  }
}

function untranslatable(operator: string): string {
  return t("{operator} cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.", { operator });
}

function readOperator(expression: A_Expr, span: Span, spanOf: SpanOf): ReadComparison | null {
  const symbol = nameOf(expression.name);
  if (symbol === "&&" || symbol === "@>") {
    const operands = (bodyOf(expression.rexpr, "A_ArrayExpr")?.elements ?? []).map((element) =>
      literalOf(element, spanOf),
    );
    if (operands.length === 0 || (symbol === "@>" && operands.length > 1)) {
      throw new Refusal(
        span,
        symbol === "&&"
          ? t("&& needs ARRAY[…] with values at its right.")
          : t("@> needs ARRAY[…] with one value at its right."),
      );
    }
    const [has, lacks]: Operator[] = symbol === "&&" ? ["in", "not_in"] : ["contains", "not_contains"];
    return {
      subject: subjectOf(expression, spanOf),
      whenTrue: one({ op: has as Operator, span, operands }),
      whenFalse: one({ op: lacks as Operator, span, operands }),
    };
  }
  const written = SYMBOLS[symbol];
  if (!written) {
    throw new Refusal(span, untranslatable(symbol));
  }
  const { subject, literal, flipped } = sides(expression, span, spanOf);
  const op = flipped ? FLIPPED[written] : written;
  const test = (operator: Operator): WrittenTest => ({ op: operator, span, operands: [literal] });
  if (op === "=") return { subject, whenTrue: one(test("=")), whenFalse: all(test("!="), notNull(span)) };
  if (op === "!=") return { subject, whenTrue: all(test("!="), notNull(span)), whenFalse: one(test("=")) };
  return { subject, whenTrue: one(test(op)), whenFalse: one(test(OPPOSITE[op] ?? op)) };
}

/** 'x' = ANY (column) and 'x' <> ALL (column). */
function readListComparison(expression: A_Expr, span: Span, spanOf: SpanOf): ReadComparison {
  const symbol = nameOf(expression.name);
  const contains = expression.kind === "AEXPR_OP_ANY" && symbol === "=";
  if (!contains && !(expression.kind === "AEXPR_OP_ALL" && symbol === "<>")) {
    throw new Refusal(span, t("Expected 'value' = ANY (list) or 'value' <> ALL (list)."));
  }
  const operands = [literalOf(expression.lexpr, spanOf)];
  const has = one({ op: "contains", span, operands });
  const lacks = one({ op: "not_contains", span, operands });
  if (!expression.rexpr) throw new Refusal(span, t("Expected a list column at the right."));
  return { subject: expression.rexpr, whenTrue: contains ? has : lacks, whenFalse: contains ? lacks : has };
}

function sides(expression: A_Expr, span: Span, spanOf: SpanOf): { subject: Node; literal: Literal; flipped: boolean } {
  const right = readValue(expression.rexpr, spanOf);
  if (right && expression.lexpr) return { subject: expression.lexpr, literal: right, flipped: false };
  const left = readValue(expression.lexpr, spanOf);
  if (left && expression.rexpr) return { subject: expression.rexpr, literal: left, flipped: true };
  throw new Refusal(
    expression.rexpr ? spanOf(expression.rexpr) : span,
    bodyOf(expression.rexpr, "ColumnRef")
      ? t("A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with another column.")
      : t("A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with this expression."),
  );
}

function subjectOf({ lexpr, location }: A_Expr, spanOf: SpanOf): Node {
  if (!lexpr) throw new Refusal(spanOf({ location }), t("Expected a column before this operator."));
  return lexpr;
}

function listOf(node: Node | undefined, spanOf: SpanOf): Literal[] {
  return (bodyOf(node, "List")?.items ?? []).map((item) => literalOf(item, spanOf));
}

function literalOf(node: Node | undefined, spanOf: SpanOf): Literal {
  const literal = readValue(node, spanOf);
  if (!literal) throw new Refusal(spanOf(node), t("Expected a constant, CURRENT_DATE or now() here."));
  return literal;
}

function one(test: WrittenTest): Junction {
  return { join: "all", tests: [test] };
}

function all(...tests: WrittenTest[]): Junction {
  return { join: "all", tests };
}

function notNull(span: Span): WrittenTest {
  return { op: "is_not_null", span, operands: [] };
}
