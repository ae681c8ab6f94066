import type { Node } from "libpg-query";
import { canonicalDecimal } from "./decimal.ts";
import { Refusal, type Span } from "./diagnostics.ts";
import { bodyOf, nameOf } from "./sql-source.ts";
import { type DateValue, type DayUnit, type Duration, isDuration, type Value } from "./tree.ts";
import type { Literal } from "./typed-test.ts";
import { t } from "../../texts/text.ts";

type SpanOf = (node: unknown) => Span;
type IntervalUnit = DayUnit | "h" | "min";

const UNITS: Readonly<Record<string, IntervalUnit>> = {
  minute: "min",
  minutes: "min",
  min: "min",
  mins: "min",
  hour: "h",
  hours: "h",
  h: "h",
  day: "d",
  days: "d",
  d: "d",
  week: "w",
  weeks: "w",
  w: "w",
  month: "m",
  months: "m",
  mon: "m",
  mons: "m",
  year: "y",
  years: "y",
  y: "y",
};
/** PostgreSQL's masks for INTERVAL '30' DAY. */
const MASKS: Readonly<Record<number, IntervalUnit>> = { 2: "m", 4: "y", 8: "d", 1024: "h", 2048: "min" };

/** A constant, a date or an instant; null for anything that is none of these. */
export function readValue(node: Node | undefined, spanOf: SpanOf): Literal | null {
  const value = readConstant(node, spanOf) ?? readMoment(node, spanOf);
  return value && { ...spanOf(node), value };
}

/** INTERVAL '2 hours'; null when the node is no interval. */
function readInterval(node: Node | undefined, spanOf: SpanOf): { amount: number; unit: IntervalUnit } | null {
  const cast = bodyOf(node, "TypeCast");
  if (!cast || nameOf(cast.typeName?.names) !== "interval") return null;
  const text = bodyOf(cast.arg, "A_Const")?.sval?.sval ?? "";
  const mask = bodyOf(cast.typeName?.typmods?.[0], "A_Const")?.ival?.ival;
  const match = /^\s*([+-]?\d{1,9})\s*([a-z]*)\s*$/i.exec(text);
  const unit = match?.[2] ? unitNamed(match[2].toLowerCase()) : mask === undefined ? undefined : MASKS[mask];
  if (!match || !unit) {
    throw new Refusal(
      spanOf(node),
      t(
        "INTERVAL '{text}' cannot be translated; expected one amount of minutes, hours, days, weeks, months or years.",
        { text },
      ),
    );
  }
  return { amount: Number(match[1]), unit };
}

/** An interval as elapsed time. */
export function readDuration(node: Node | undefined, spanOf: SpanOf): Duration {
  const interval = readInterval(node, spanOf);
  if (!interval || interval.unit === "m" || interval.unit === "y" || interval.amount < 1) {
    throw new Refusal(
      spanOf(node),
      t("Expected an interval of minutes, hours, days or weeks, such as INTERVAL '2 hours'."),
    );
  }
  const duration: Duration = { amount: interval.amount, unit: interval.unit };
  if (isDuration(duration)) return duration;
  throw new Refusal(spanOf(node), t("A duration is longer than nothing and at most 73,000 days."));
}

export function isNow(node: Node | undefined): boolean {
  const call = bodyOf(node, "FuncCall");
  const op = bodyOf(node, "SQLValueFunction")?.op;
  return (
    (call !== null && nameOf(call.funcname) === "now") ||
    op === "SVFOP_CURRENT_TIMESTAMP" ||
    op === "SVFOP_LOCALTIMESTAMP"
  );
}

function readConstant(node: Node | undefined, spanOf: SpanOf): Value | null {
  const constant = bodyOf(node, "A_Const");
  if (constant) {
    if (constant.isnull)
      throw new Refusal(spanOf(node), t("A comparison with NULL is never true; expected IS NULL or IS NOT NULL."));
    if (constant.sval) return { kind: "text", value: constant.sval.sval ?? "" };
    if (constant.boolval) return { kind: "boolean", value: constant.boolval.boolval === true };
    if (!constant.ival && !constant.fval) throw new Refusal(spanOf(node), t("A bit string cannot be translated."));
    const number = canonicalDecimal(constant.fval?.fval ?? String(constant.ival?.ival ?? 0));
    if (number === null) throw new Refusal(spanOf(node), t("Expected a plain decimal number of at most 30 digits."));
    return { kind: "number", value: number };
  }
  const cast = bodyOf(node, "TypeCast");
  const text = bodyOf(cast?.arg, "A_Const")?.sval?.sval;
  const type = nameOf(cast?.typeName?.names);
  if (!cast || text === undefined) return null;
  if (type === "date" || type === "timestamp" || type === "timestamptz") return readDate(text, type, spanOf(node));
  if (type === "text" || type === "varchar") return { kind: "text", value: text };
  return null;
}

/** PostgreSQL reads dates in many more ways, which here would be guesses: another order of day and month, another zone. */
function readDate(text: string, type: string, span: Span): DateValue {
  const match = /^\s*(\d{4}-\d{2}-\d{2})(?:[ T]+(\d{2}:\d{2})(:\d{2})?)?\s*$/.exec(text);
  const [, day = "", minute, second = ":00"] = match ?? [];
  if (type === "date" && match && minute === undefined) return { kind: "day", value: day };
  if (type !== "date" && match) return { kind: "time", value: `${day}T${minute ?? "00:00"}${second}` };
  throw new Refusal(
    span,
    t("'{text}' is no date as it is written here; expected {example}, in the shop's time zone.", {
      text,
      example: type === "date" ? "DATE '2026-01-31'" : "TIMESTAMP '2026-01-31 16:00:00'",
    }),
  );
}

/** CURRENT_DATE and now(), moved or not. */
function readMoment(node: Node | undefined, spanOf: SpanOf): DateValue | null {
  if (bodyOf(node, "SQLValueFunction")?.op === "SVFOP_CURRENT_DATE")
    return { kind: "day_offset", amount: 0, unit: "d" };
  if (isNow(node)) return { kind: "rolling", amount: 0, unit: "h" };
  const move = bodyOf(node, "A_Expr");
  const operator = nameOf(move?.name);
  if (!move || (operator !== "-" && operator !== "+")) return null;
  const base = readMoment(move.lexpr, spanOf);
  if (!base || (base.kind !== "day_offset" && base.kind !== "rolling") || base.amount !== 0) return null;
  const days = bodyOf(move.rexpr, "A_Const")?.ival;
  const interval =
    days && base.kind === "day_offset"
      ? { amount: days.ival ?? 0, unit: "d" as const }
      : readInterval(move.rexpr, spanOf);
  if (!interval) throw new Refusal(spanOf(move.rexpr), t("Expected an interval here, such as INTERVAL '30 days'."));
  const amount = (operator === "-" ? -interval.amount : interval.amount) || 0;
  return base.kind === "day_offset"
    ? dayOffset(amount, interval.unit, spanOf(node))
    : rollingOffset(amount, interval.unit, spanOf(node));
}

function dayOffset(amount: number, unit: IntervalUnit, span: Span): DateValue {
  if (unit !== "h" && unit !== "min") return { kind: "day_offset", amount, unit };
  throw new Refusal(span, t("CURRENT_DATE is a whole day; expected now() with hours or minutes."), "now()");
}

/** From now() on, a day is 24 hours, as it is where the session's time zone is UTC. */
function rollingOffset(amount: number, unit: IntervalUnit, span: Span): DateValue {
  if (unit === "h" || unit === "min") return { kind: "rolling", amount, unit };
  if (unit === "d" || unit === "w") return { kind: "rolling", amount: amount * (unit === "w" ? 168 : 24), unit: "h" };
  throw new Refusal(
    span,
    t("Months and years differ in length; expected CURRENT_DATE with months, or now() with hours."),
    "CURRENT_DATE",
  );
}

function unitNamed(name: string): IntervalUnit | undefined {
  return Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
}
