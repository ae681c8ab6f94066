import { createDictionary } from "../../segment/language/dictionary.ts";
import { parseText } from "../../segment/language/parse-text.ts";
import type {
  AggregateTest,
  Clause,
  Comparison,
  Condition,
  Duration,
  PropertyTest,
  Rule,
  Step,
  Test,
  Value,
} from "../../segment/language/tree.ts";
import { t, type Text, tn } from "../../texts/text.ts";
import { AGGREGATE_WORDS, isKnownValue, nameWithin, nameWords, operatorWords, valueWords } from "./words.ts";

/** Past this a sentence is harder to read than the rule. */
const MOST_CHARACTERS = 400;
const HOURS_OF_A_DAY = 24;

/** A rule as a sentence for people who never saw the language; null: it would be too long a one. */
export function ruleWords({ when, stayAtLeast, expireAfter, noReentryFor }: Rule): string | null {
  const policies: [Text, Duration | undefined][] = [
    ["Stays for at least {span}", stayAtLeast],
    ["Leaves after {span} of silence", expireAfter],
    ["Does not come back for {span}", noReentryFor],
  ];
  const words = [
    conditionWords(when, false),
    ...policies.flatMap(([name, span]) => (span ? [t(name, { span: spanWords(span.amount, span.unit) })] : [])),
  ].join(". ");
  return words.length > MOST_CHARACTERS ? null : words;
}

/** The same for a rule as it is written; null too where it asks for names that only the shop knows. */
export function wordsOfText(text: string): string | null {
  const reading = parseText(text, createDictionary());
  return reading.outcome === "read" ? ruleWords(reading.rule) : null;
}

function conditionWords(condition: Condition, isPart: boolean): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      const joint = condition.kind === "all" ? t("; and ") : t("; or ");
      const words = condition.of.map((one) => conditionWords(one, true)).join(joint);
      return isPart ? `(${words})` : words;
    }
    case "not":
      return condition.of.kind === "event" && condition.of.having.length === 0
        ? eventWords(condition.of.event, [t("never"), ...condition.of.where.map(propertyWords)])
        : t("not: {what}", { what: conditionWords(condition.of, true) });
    default:
      return clauseWords(condition);
  }
}

function clauseWords(clause: Clause): string {
  switch (clause.kind) {
    case "attribute":
      return `${nameWords(clause.name)} ${testWords(clause.test)}`;
    case "event": {
      const often = clause.having.length === 0 ? [t("at least once")] : clause.having.map(aggregateWords);
      return eventWords(clause.event, [...often, ...clause.where.map(propertyWords)]);
    }
    case "sequence":
      return clause.steps.map(stepWords).join(t(", then "));
    case "anniversary":
      return t("the yearly return of {name} {test}", { name: nameWithin(clause.name), test: testWords(clause.test) });
    case "distance": {
      const { distance, unit, latitude, longitude } = clause;
      return t("an address within {distance} of {place}", {
        distance: `${distance} ${unit}`,
        place: `${latitude}, ${longitude}`,
      });
    }
    case "sample":
      return t("a random {share}% of all customers", { share: clause.share / 100 });
  }
}

const eventWords = (event: string, parts: readonly string[]): string => `${nameWords(event)}: ${parts.join(", ")}`;

function stepWords({ event, where, within, absent }: Step): string {
  return eventWords(event, [
    ...(absent ? [t("never")] : []),
    ...(within ? [t("within {span}", { span: spanWords(within.amount, within.unit) })] : []),
    ...where.map(propertyWords),
  ]);
}

const COUNTS: Record<Comparison, readonly [Text, Text]> = {
  "=": ["exactly {count} time", "exactly {count} times"],
  "!=": ["not exactly {count} time", "not exactly {count} times"],
  ">": ["more than {count} time", "more than {count} times"],
  ">=": ["at least {count} time", "at least {count} times"],
  "<": ["less than {count} time", "less than {count} times"],
  "<=": ["at most {count} time", "at most {count} times"],
};

function aggregateWords({ fn, property, test }: AggregateTest): string {
  if (fn === "count" && "value" in test && test.op in COUNTS && test.value.kind === "number") {
    const [one, other] = COUNTS[test.op as Comparison];
    return tn(Number(test.value.value), one, other, { count: test.value.value });
  }
  const what = property === undefined ? t(AGGREGATE_WORDS[fn]) : `${t(AGGREGATE_WORDS[fn])} ${nameWithin(property)}`;
  return `${what} ${testWords(test)}`;
}

function propertyWords({ property, test }: PropertyTest): string {
  const when = whenWords(test);
  return property === "date" && when !== null ? when : `${nameWithin(property)} ${testWords(test)}`;
}

/** A moment that is told by its distance from now, when it was: "in the last 90 days"; null: it is told otherwise. */
function whenWords(test: Test): string | null {
  if (!("value" in test) || (test.value.kind !== "day_offset" && test.value.kind !== "rolling")) return null;
  const { amount, unit } = test.value;
  if (test.op === "=") return valueOf(test.value);
  if (amount >= 0) return null;
  const span = spanWords(-amount, unit);
  switch (test.op) {
    case ">":
    case ">=":
      return tn(-amount, "in the last {span}|a single one", "in the last {span}", { span });
    case "<":
      return t("more than {span} ago", { span });
    case "<=":
      return t("at least {span} ago", { span });
    default:
      return null;
  }
}

function testWords(test: Test): string {
  const when = whenWords(test);
  if (when !== null) return t("is {when}", { when });
  switch (test.op) {
    case "is_null":
    case "is_not_null":
      return operatorWords(test.op, "text");
    case "between":
      return `${operatorWords(test.op, "text")} ${valueOf(test.low)} ${t("and")} ${valueOf(test.high)}`;
    case "in":
    case "not_in":
      return `${operatorWords(test.op, "text")} ${test.values.map(valueOf).join(", ")}`;
    default:
      return `${operatorWords(test.op, isDate(test.value) ? "date" : "text")} ${valueOf(test.value)}`;
  }
}

const isDate = ({ kind }: Value): boolean => kind !== "text" && kind !== "number" && kind !== "boolean";

function valueOf(value: Value): string {
  switch (value.kind) {
    case "text":
      return isKnownValue(value.value) ? valueWords(value.value) : t("“{text}”", { text: value.value });
    case "number":
      return value.value;
    case "boolean":
      return value.value ? t("true") : t("false");
    case "day":
      return value.value;
    case "time":
      return value.value.replace("T", " ");
    case "day_offset":
    case "rolling": {
      const { amount, unit } = value;
      if (amount === 0) return unit === "min" || unit === "h" ? t("now") : t("today");
      const span = spanWords(Math.abs(amount), unit);
      return amount < 0 ? t("{span} ago", { span }) : t("in {span}", { span });
    }
  }
}

type Unit = Duration["unit"] | "m" | "y";

/** All that stands before them asks for the dative in German. */
const SPANS: Record<Unit, readonly [Text, Text]> = {
  min: ["{count} minute|a span", "{count} minutes|a span"],
  h: ["{count} hour|a span", "{count} hours|a span"],
  d: ["{count} day|a span", "{count} days|a span"],
  w: ["{count} week|a span", "{count} weeks|a span"],
  m: ["{count} month|a span", "{count} months|a span"],
  y: ["{count} year|a span", "{count} years|a span"],
};

/** Whole days where hours are so many: nobody reads 2,160 hours. */
function spanWords(amount: number, unit: Unit): string {
  if (unit === "h" && amount > 2 * HOURS_OF_A_DAY && amount % HOURS_OF_A_DAY === 0)
    return spanWords(amount / HOURS_OF_A_DAY, "d");
  const [one, other] = SPANS[unit];
  return tn(amount, one, other);
}
