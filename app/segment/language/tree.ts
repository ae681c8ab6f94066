import { z } from "zod";

/**
 * The one tree behind the three faces of a rule (text, SQL and this tree as JSON). It holds no positions and no
 * computed instants: two rules that mean the same by construction are equal trees (see normal-form.ts).
 */
export interface Rule {
  when: Condition;
  /** A member stays at least this long, whatever the condition says meanwhile. */
  stayAtLeast?: Duration | undefined;
  /** A member who does nothing at all for this long is out until the next activity. */
  expireAfter?: Duration | undefined;
  /** Nobody comes back sooner than this after leaving. */
  noReentryFor?: Duration | undefined;
}

export type Condition = Group | Negation | Clause;
export type Group = { kind: "all" | "any"; of: Condition[] };
export type Negation = { kind: "not"; of: Condition };
export type Clause = AttributeClause | EventClause | SequenceClause | AnniversaryClause | DistanceClause | SampleClause;

export type AttributeClause = { kind: "attribute"; name: string; test: Test };

/** The events of one kind that pass every test in `where`, judged by every test in `having`; no `having` means at least one. */
export type EventClause = { kind: "event"; event: string; where: PropertyTest[]; having: AggregateTest[] };
export type PropertyTest = { property: string; test: Test };
export type AggregateFunction = "count" | "distinct" | "sum" | "average" | "min" | "max" | "first" | "last";
/** `property` is absent for `count` alone. */
export type AggregateTest = { fn: AggregateFunction; property?: string | undefined; test: Test };

/** Steps that follow each other in time; only the last may ask for absence, and the first has no `within`. */
export type SequenceClause = { kind: "sequence"; steps: Step[] };
export type Step = { event: string; where: PropertyTest[]; within?: Duration | undefined; absent?: true | undefined };

/** The yearly return of a date: `name` is an attribute that holds one. */
export type AnniversaryClause = { kind: "anniversary"; name: string; test: Test };
/** An address of the customer lies within the distance of the point. Decimal degrees, decimal kilometres or miles. */
export type DistanceClause = {
  kind: "distance";
  latitude: string;
  longitude: string;
  distance: string;
  unit: "km" | "mi";
};
/** A stable random share of all customers, in hundredths of a percent (1,000 is 10 %). */
export type SampleClause = { kind: "sample"; share: number };

export type Comparison = "=" | "!=" | ">" | ">=" | "<" | "<=";
export type Test =
  | { op: Comparison; value: Value }
  | { op: "between"; low: Value; high: Value }
  | { op: "in" | "not_in"; values: Value[] }
  | { op: "contains" | "not_contains"; value: Value }
  | { op: "is_null" | "is_not_null" };

export type Value =
  | { kind: "text"; value: string }
  /** A decimal in canonical form ("10.5", never "10.50"): exact, whatever its size. */
  | { kind: "number"; value: string }
  | { kind: "boolean"; value: boolean }
  | DateValue;
export type DateValue =
  /** A calendar day in the shop's time zone, "2026-01-31". */
  | { kind: "day"; value: string }
  /** A local time in the shop's time zone, "2026-01-31T16:00:00". */
  | { kind: "time"; value: string }
  /** A calendar day relative to today; 0 d is today, −1 d yesterday. */
  | { kind: "day_offset"; amount: number; unit: DayUnit }
  /** An instant relative to now: the edge of a rolling window. */
  | { kind: "rolling"; amount: number; unit: "min" | "h" };
export type DayUnit = "d" | "w" | "m" | "y";
/** Elapsed time: a day is 24 hours. */
export type Duration = { amount: number; unit: "min" | "h" | "d" | "w" };

const MINUTE_MS = 60_000;
const UNIT_MS = { min: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS, w: 7 * 24 * 60 * MINUTE_MS };

/** The length of a duration, or of a rolling offset, in milliseconds. */
export function lengthOf({ amount, unit }: { amount: number; unit: Duration["unit"] }): number {
  return amount * UNIT_MS[unit];
}

/** About 200 years: past that, instants leave what a database can hold. */
const LONGEST_MS = 73_000 * UNIT_MS.d;

export function isDuration(duration: Duration): boolean {
  return duration.amount >= 1 && lengthOf(duration) <= LONGEST_MS;
}

const durationSchema = z.strictObject({ amount: z.number().int().positive(), unit: z.enum(["min", "h", "d", "w"]) });

const valueSchema: z.ZodType<Value> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), value: z.string() }),
  z.strictObject({ kind: z.literal("number"), value: z.string() }),
  z.strictObject({ kind: z.literal("boolean"), value: z.boolean() }),
  z.strictObject({ kind: z.literal("day"), value: z.string() }),
  z.strictObject({ kind: z.literal("time"), value: z.string() }),
  z.strictObject({ kind: z.literal("day_offset"), amount: z.number().int(), unit: z.enum(["d", "w", "m", "y"]) }),
  z.strictObject({ kind: z.literal("rolling"), amount: z.number().int(), unit: z.enum(["min", "h"]) }),
]);

const testSchema: z.ZodType<Test> = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(["=", "!=", ">", ">=", "<", "<="]), value: valueSchema }),
  z.strictObject({ op: z.literal("between"), low: valueSchema, high: valueSchema }),
  z.strictObject({ op: z.enum(["in", "not_in"]), values: z.array(valueSchema).min(1) }),
  z.strictObject({ op: z.enum(["contains", "not_contains"]), value: valueSchema }),
  z.strictObject({ op: z.enum(["is_null", "is_not_null"]) }),
]);

const whereSchema = z.array(z.strictObject({ property: z.string(), test: testSchema }));

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.enum(["all", "any"]), of: z.array(conditionSchema).min(1) }),
    z.strictObject({ kind: z.literal("not"), of: conditionSchema }),
    z.strictObject({ kind: z.literal("attribute"), name: z.string(), test: testSchema }),
    z.strictObject({
      kind: z.literal("event"),
      event: z.string(),
      where: whereSchema,
      having: z.array(
        z.strictObject({
          fn: z.enum(["count", "distinct", "sum", "average", "min", "max", "first", "last"]),
          property: z.string().optional(),
          test: testSchema,
        }),
      ),
    }),
    z.strictObject({
      kind: z.literal("sequence"),
      steps: z
        .array(
          z.strictObject({
            event: z.string(),
            where: whereSchema,
            within: durationSchema.optional(),
            absent: z.literal(true).optional(),
          }),
        )
        .min(2),
    }),
    z.strictObject({ kind: z.literal("anniversary"), name: z.string(), test: testSchema }),
    z.strictObject({
      kind: z.literal("distance"),
      latitude: z.string(),
      longitude: z.string(),
      distance: z.string(),
      unit: z.enum(["km", "mi"]),
    }),
    z.strictObject({ kind: z.literal("sample"), share: z.number().int() }),
  ]),
);

/** The shape of a rule as JSON. Names and types are those of the text or SQL it was read from. */
export const ruleSchema: z.ZodType<Rule> = z.strictObject({
  when: conditionSchema,
  stayAtLeast: durationSchema.optional(),
  expireAfter: durationSchema.optional(),
  noReentryFor: durationSchema.optional(),
});
