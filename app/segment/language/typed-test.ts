import { nearestName, orList, Refusal, type Span } from "./diagnostics.ts";
import type { ValueType } from "./dictionary.ts";
import { normalTest } from "./normal-form.ts";
import type { Comparison, DateValue, Test, Value } from "./tree.ts";
import { t, type Text } from "../../texts/text.ts";

/** What is compared: an attribute, a parameter of a function, or an aggregate over events. */
export interface Subject {
  label: string;
  type: ValueType;
  values?: readonly string[];
  place: "attribute" | "parameter" | "aggregate";
}

export type Operator =
  Comparison | "between" | "in" | "not_in" | "contains" | "not_contains" | "is_null" | "is_not_null";

/** A value as it was written, before its type is known. */
export type Literal = Span & { value: Value };

export interface WrittenTest {
  op: Operator;
  /** Where the operator stands. */
  span: Span;
  operands: Literal[];
}

const ORDER: readonly Operator[] = ["=", "!=", ">", ">=", "<", "<=", "between"];
const EQUALITY: readonly Operator[] = ["=", "!=", "in", "not_in"];
const NULLS: readonly Operator[] = ["is_null", "is_not_null"];
const CONTAINS: readonly Operator[] = ["contains", "not_contains"];
const OPERATORS: Record<Exclude<ValueType, "any">, readonly Operator[]> = {
  date: ORDER,
  integer: [...ORDER, "in", "not_in"],
  money: [...ORDER, "in", "not_in"],
  number: [...ORDER, "in", "not_in"],
  text: EQUALITY,
  enum: EQUALITY,
  id: EQUALITY,
  boolean: ["=", "!="],
  text_list: CONTAINS,
  code_list: CONTAINS,
};
const OFFSET_LIMIT = { d: 73_000, w: 10_400, m: 2_400, y: 200, h: 1_752_000, min: 105_120_000 };
const LIST_LIMIT = 500;

/** Gives a written test its meaning for the type of its subject. Throws a Refusal that names the place and the way out. */
export function typedTest(subject: Subject, written: WrittenTest): Test {
  const { op, operands, span } = written;
  const settled = settleAny(subject, written);
  if (!operatorsOf(settled).includes(op)) throw wrongOperator(settled, op, span);
  const values = operands.map((operand) => convert(settled, operand));
  const [first, second] = values;
  switch (op) {
    case "is_null":
    case "is_not_null":
      return { op };
    case "in":
    case "not_in":
      if (values.length > LIST_LIMIT)
        throw new Refusal(span, t("A list holds at most {count} values.", { count: LIST_LIMIT }));
      return { op, values };
  }
  if (!first) throw new Refusal(span, t("{name} needs a value to be compared with.", { name: subject.label }));
  if (op === "between") {
    if (!second) throw new Refusal(span, t("BETWEEN needs two values joined by AND."));
    return { op, low: first, high: second };
  }
  if (op === "contains" || op === "not_contains") {
    // In Shopify's functions a list is compared with = and !=.
    if (subject.place === "parameter" && isList(subject.type)) {
      return { op: op === "contains" ? "=" : "!=", value: first };
    }
    return { op, value: first };
  }
  return first.kind === "rolling" ? rollingTest(op, first, operands[0] ?? span) : { op, value: first };
}

/** Two equal operators on one value are a slip: nothing is both 1 and 2. Several entries of a list are none. */
export function createOnce(): (subject: Subject, test: Test, span: Span) => void {
  const said = new Set<string>();
  return ({ label, type }, test, span) => {
    if (isList(type)) return;
    const { op } = normalTest(test);
    if (said.has(`${label} ${op}`)) {
      throw new Refusal(
        span,
        t("{name} is compared twice in the same way; expected BETWEEN, IN (…) or a second clause.", { name: label }),
      );
    }
    said.add(`${label} ${op}`);
  };
}

function operatorName(op: Operator): string {
  return op.toUpperCase().replace("_", " ").replace("IS NOT_NULL", "IS NOT NULL");
}

/** A window is open at its far end whichever operator was written, so that it is always (t − W, t]. */
function rollingTest(op: Comparison, value: Value, span: Span): Test {
  if (op === "=" || op === "!=") {
    throw new Refusal(
      span,
      t("An offset in hours or minutes is an instant, not a day; expected >, <= or BETWEEN before it."),
    );
  }
  return { op: op === ">" || op === ">=" ? ">" : "<=", value };
}

/** What a subject can be compared with, in the order in which they are offered. */
export function operatorsOf({ type, place }: Pick<Subject, "type" | "place">): readonly Operator[] {
  const own =
    type === "any"
      ? [...ORDER, "in" as const, "not_in" as const, ...CONTAINS]
      : isList(type) && place === "parameter"
        ? [...EQUALITY, ...CONTAINS]
        : OPERATORS[type];
  return place === "aggregate" ? own : [...own, ...NULLS];
}

function isList(type: ValueType): boolean {
  return type === "text_list" || type === "code_list";
}

/** A subject of any type takes the type of what it is compared with. */
function settleAny(subject: Subject, { op, operands, span }: WrittenTest): Subject {
  if (subject.type !== "any") return subject;
  const types = new Set(operands.map(({ value }) => typeOf(value)));
  if (types.size > 1)
    throw new Refusal(span, t("{name} is compared with values of different types here.", { name: subject.label }));
  const [type] = types;
  if (CONTAINS.includes(op) && type === "text") return { ...subject, type: "text_list", place: "attribute" };
  return type ? { ...subject, type } : subject;
}

function typeOf(value: Value): ValueType {
  return value.kind === "text" || value.kind === "number" || value.kind === "boolean" ? value.kind : "date";
}

function wrongOperator(subject: Subject, op: Operator, span: Span): Refusal {
  const { label: name, type, place } = subject;
  const written = operatorName(op);
  if (isList(type) && place === "attribute") {
    const instead = op === "!=" || op === "not_in" ? "NOT CONTAINS" : "CONTAINS";
    return new Refusal(
      span,
      t("{name} is a list; write {instead} instead of {written}.", { name, instead, written }),
      instead,
    );
  }
  if (CONTAINS.includes(op)) {
    const instead = op === "contains" ? "=" : "!=";
    return new Refusal(
      span,
      t("{name} is a single value; write {instead} instead of {written}.", { name, instead, written }),
      instead,
    );
  }
  const operators = orList(operatorsOf(subject).map(operatorName));
  return new Refusal(
    span,
    t("{name} cannot be compared with {written}; expected {operators}.", { name, written, operators }),
  );
}

function convert(subject: Subject, literal: Literal): Value {
  const { type, label: name } = subject;
  const { value } = literal;
  switch (type) {
    case "date":
      return convertDate(subject, literal);
    case "integer":
      if (value.kind !== "number") break;
      if (value.value.includes("."))
        throw new Refusal(literal, t("{name} takes whole numbers, not {value}.", { name, value: value.value }));
      if (BigInt.asIntN(64, BigInt(value.value)) !== BigInt(value.value)) {
        throw new Refusal(
          literal,
          t("{value} is outside the range of whole numbers (64 bits).", { value: value.value }),
        );
      }
      return value;
    case "id":
      if (value.kind === "text" && /^\d{1,20}$/.test(value.value)) {
        return convert(subject, { ...literal, value: { kind: "number", value: BigInt(value.value).toString() } });
      }
      if (value.kind !== "number") break;
      if (!/^\d+$/.test(value.value) || BigInt.asUintN(64, BigInt(value.value)) !== BigInt(value.value)) {
        throw new Refusal(literal, t("{name} takes an id, a whole number such as 1012132033639.", { name }));
      }
      return value;
    case "money":
    case "number":
      if (value.kind === "number") return value;
      break;
    case "boolean":
      if (value.kind === "boolean") return value;
      break;
    case "enum":
      if (value.kind === "text") return convertEnum(subject, literal, value.value);
      break;
    case "text":
    case "text_list":
    case "code_list":
    case "any":
      if (value.kind === "text") return value;
  }
  throw new Refusal(literal, takes(name, type, value), example(type, value));
}

function takes(name: string, type: ValueType, value: Value): string {
  return t("{name} takes {expected}, not {value}.", { name, expected: t(EXPECTED[type]), value: describeValue(value) });
}

const EXPECTED: Record<ValueType, Text> = {
  date: "a date such as 2026-01-31, -30d, -48h or today",
  integer: "a whole number",
  money: "an amount such as 10.99",
  number: "a number such as 10.5",
  text: "a text in single quotes",
  enum: "one of its values in single quotes",
  boolean: "true or false",
  id: "an id, a whole number such as 1012132033639",
  text_list: "a text in single quotes",
  code_list: "a text in single quotes",
  any: "a value",
};

function example(type: ValueType, value: Value): string | undefined {
  if (value.kind === "number" && (type === "text" || type === "text_list")) return `'${value.value}'`;
  if (value.kind === "text" && /^-?\d+(\.\d+)?$/.test(value.value) && type !== "date") return value.value;
  return undefined;
}

function describeValue(value: Value): string {
  switch (value.kind) {
    case "text":
      return t("the text '{text}'", {
        text: value.value.length > 40 ? `${value.value.slice(0, 40)}…` : value.value,
      });
    case "number":
      return t("the number {number}", { number: value.value });
    case "boolean":
      return String(value.value);
    case "day":
    case "time":
      return t("the date {date}", { date: value.value });
    default:
      return t("a date offset");
  }
}

function convertEnum({ label, values }: Subject, literal: Literal, text: string): Value {
  if (!values || values.includes(text)) return { kind: "text", value: text };
  const near = nearestName(text, values);
  const said = { value: text, name: label };
  if (near) {
    const message = t("'{value}' is no value of {name}; did you mean '{near}'?", { ...said, near });
    throw new Refusal(literal, message, `'${near}'`);
  }
  const known = orList(values.map((one) => `'${one}'`));
  throw new Refusal(literal, t("'{value}' is no value of {name}; expected {values}.", { ...said, values: known }));
}

function convertDate(subject: Subject, literal: Literal): DateValue {
  const { value } = literal;
  switch (value.kind) {
    case "text": {
      // ShopifyQL writes dates in quotes, the segment language without.
      if (/^\d{4}-\d{2}-\d{2}$/.test(value.value)) return checkedDay(literal, { kind: "day", value: value.value });
      const time = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})$/.exec(value.value);
      if (time) return checkedDay(literal, { kind: "time", value: `${time[1]}T${time[2]}` });
      break;
    }
    case "day":
    case "time":
      return checkedDay(literal, value);
    case "day_offset":
    case "rolling":
      if (Math.abs(value.amount) > OFFSET_LIMIT[value.unit]) {
        throw new Refusal(literal, t("An offset reaches at most 200 years."));
      }
      return value;
  }
  throw new Refusal(literal, takes(subject.label, "date", value));
}

function checkedDay(span: Span, value: DateValue & { kind: "day" | "time" }): DateValue {
  const [year = 0, month = 0, day = 0] = value.value.slice(0, 10).split("-").map(Number);
  if (year < 1000) throw new Refusal(span, t("Years have four digits and begin at 1000."));
  const said = { day: value.value.slice(0, 10), month: value.value.slice(0, 7) };
  if (month < 1 || month > 12) throw new Refusal(span, t("{day} is no day: months go from 01 to 12.", said));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day < 1 || day > days) {
    throw new Refusal(span, t("{day} is no day: {month} has {days} days.", { ...said, days }));
  }
  const [hour = 0, minute = 0, second = 0] = value.value.slice(11).split(":").map(Number);
  if (hour > 23 || minute > 59 || second > 59) {
    throw new Refusal(
      span,
      t("{time} is no time: times go from 00:00:00 to 23:59:59.", { time: value.value.slice(11) }),
    );
  }
  return value;
}
