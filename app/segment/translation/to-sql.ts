import { segmentsRead } from "../language/needs.ts";
import type { Condition, Rule } from "../language/tree.ts";
import { anniversarySql, attributeSql } from "./attribute-sql.ts";
import { eventSql, sequenceSql } from "./event-sql.ts";
import { beginStatement, inRange, type Question, type Statement } from "./statement.ts";
import { not } from "./test-sql.ts";

/**
 * The customers for whom a rule is true at an instant, as one statement with one column, `customer_id`. Pure. It says of every
 * profile what `evaluate` says; entry and exit policies are not part of it. All instants are worked out here and bound, so the
 * statement knows no calendar, and nothing a merchant wrote stands in it.
 */
export function toSql(rule: Rule, question: Question): { text: string; values: unknown[] } {
  const statement = beginStatement(question, [...segmentsRead(rule.when)]);
  const condition = conditionSql(statement, rule.when, true);
  const range = question.range ? ` AND ${inRange("p.customer_id", question.range, statement.bind)}` : "";
  const these = statement.ofThese("p.customer_id");
  return {
    text: `SELECT p.customer_id FROM profiles p ${statement.joins().join("\n")}
WHERE p.shop_id = $1 AND p.exists_from <= $2::timestamptz${range}${these} AND ${condition}`,
    values: statement.values,
  };
}

/** @param isRequired whether nobody is found without it: then it may be a semi-join instead of a joined pass */
function conditionSql(statement: Statement, condition: Condition, isRequired: boolean): string {
  switch (condition.kind) {
    case "all":
      return `(${condition.of.map((part) => conditionSql(statement, part, isRequired)).join(" AND ")})`;
    case "any":
      return `(${condition.of.map((part) => conditionSql(statement, part, false)).join(" OR ")})`;
    case "not":
      return not(conditionSql(statement, condition.of, false));
    case "attribute":
      return attributeSql(statement, condition);
    case "event":
      return eventSql(statement, condition, isRequired);
    case "sequence":
      return sequenceSql(statement, condition, isRequired);
    case "anniversary":
      return anniversarySql(statement, condition);
    case "sample":
      return `p.sample_bucket < ${statement.bind(condition.share, "int")}`;
    case "distance":
      // Addresses come without coordinates, so nobody is known to be near.
      return "FALSE";
  }
}
