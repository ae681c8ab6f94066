import { z } from "zod";
import { cleanText } from "./clean-text.ts";
import { type Name, personSchema, readNames } from "./person.ts";
import { type Problem, problemOf } from "./problem.ts";

export const MOST_ROWS = 500;
/** Of one key, after a burst: with full batches five thousand rows a second. */
export const REQUESTS_OF_A_KEY = { perSecond: 10, burst: 100 };
const MOST_VALUES = 50;
const MOST_TEXT = 1_000;
const MOST_IN_LIST = 100;
/** A pipeline's clock may be somewhat fast. */
const NEWEST_MS = 5 * 60_000;
const OLDEST = new Date("2000-01-01T00:00:00Z");

/** Columns every event has in rules and in SQL, so that a property of that name could never be asked for. */
export const RESERVED_PROPERTIES = ["date", "event", "occurred_at", "customer_id", "count"];
/** Traits that Muster computes itself. */
export const OWN_TRAITS = [
  "average_order_value",
  "days_between_orders",
  "lifecycle_stage",
  "favourite_product",
  "favourite_category",
  "last_seen_date",
];

/** As rules read values: an instant is {"at": milliseconds}, a day {"day": "1990-05-30"}. */
export type StoredValue = string | number | boolean | string[] | { at: number } | { day: string };
export type TraitType = "text" | "number" | "boolean" | "date" | "text_list";

export interface EventRow {
  messageId: string;
  kind: string;
  names: [Name, ...Name[]];
  occurredAt: Date;
  properties: Record<string, StoredValue>;
}

export interface ProfileRow {
  names: [Name, ...Name[]];
  saidAt: Date;
  /** A trait that is taken away has a null, and no type. */
  traits: { name: string; type: TraitType | null; value: StoredValue | null }[];
}

export type Read<Row> = { outcome: "read"; row: Row } | { outcome: "refused"; problem: Problem };

const text = z.string().max(MOST_TEXT, `is longer than ${MOST_TEXT} characters`);
const instant = z.iso.datetime({ offset: true, error: "is no instant such as 2026-01-31T16:00:00Z" });
const shared = [
  text,
  z.number(),
  z.boolean(),
  z.array(text).max(MOST_IN_LIST),
  z.strictObject({ at: instant }).describe("An instant."),
] as const;
const VALUES = `a text of at most ${MOST_TEXT} characters, a number, true or false, a list of at most ${MOST_IN_LIST} texts or {"at": an instant}`;
const property = z.union(shared, { error: `is no value: give ${VALUES}` });
const trait = z.union(
  [
    ...shared,
    z.strictObject({ date: z.iso.date() }).describe("A day, such as a birthday."),
    z.null().describe("Takes the trait away."),
  ],
  { error: `is no value: give ${VALUES}, {"date": a day}, or null to take the trait away` },
);
const propertyName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "letters, digits and _, at most 64, no digit first")
  .refine((name) => !RESERVED_PROPERTIES.includes(name), `${RESERVED_PROPERTIES.join(", ")} are taken`);
const traitName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,63}$/, "small letters, digits and _, at most 64, no digit first")
  .refine((name) => !OWN_TRAITS.includes(name), "Muster computes this trait itself");

const several = <Value extends z.ZodType>(name: z.ZodString, value: Value) =>
  z
    .record(name, value, {
      error: ({ code, issues }) =>
        code === "invalid_key" ? `is no name that can be used: ${String(issues?.[0]?.message)}` : "has to be an object",
    })
    .refine((values) => Object.keys(values).length <= MOST_VALUES, `has more than ${MOST_VALUES} entries`);

const messageId = z
  .string({ error: "is missing: give each message an id of its own, so that a repetition is known" })
  .min(1, "is empty")
  .max(200, "is longer than 200 characters")
  .describe("Yours, unique in the shop. The same id again changes nothing.");

export const eventSchema = z
  .strictObject(
    {
      messageId,
      name: z
        .string({ error: "has to be a text" })
        .regex(/^[A-Za-z0-9_]{1,64}$/, "is no name: letters, digits and _, at most 64")
        .describe("In rules it stands as custom.NAME."),
      customer: personSchema,
      occurredAt: instant.optional().describe("Now, where it is left out."),
      properties: several(propertyName, property).optional(),
    },
    { error: "has to be an object" },
  )
  .meta({ title: "Event" });

export const profileSchema = z
  .strictObject(
    {
      customer: personSchema,
      traits: several(traitName, trait).describe(
        "In rules they stand as traits.NAME. A trait has one type in the shop, that of its first value. Traits that are not named stay as they are.",
      ),
      updatedAt: instant
        .optional()
        .describe(
          "Since when this is so; now, where it is left out. An older word does not replace a newer one: it tells what was so until then.",
        ),
    },
    { error: "has to be an object" },
  )
  .meta({ title: "Profile" });

export interface Context {
  country: string | null;
  /** Business time. */
  now: Date;
}

export function readEventRow(given: unknown, context: Context): Read<EventRow> {
  const parsed = eventSchema.safeParse(given);
  if (!parsed.success) return { outcome: "refused", problem: problemOf(parsed.error) };
  const { messageId: id, name, customer, occurredAt, properties = {} } = parsed.data;
  const named = readNames(customer, context.country);
  if (named.outcome === "refused") return named;
  const at = readTime("occurredAt", occurredAt, context);
  if (at.outcome === "refused") return at;
  return {
    outcome: "read",
    row: {
      messageId: cleanText(id),
      kind: `custom.${name}`,
      names: named.names,
      occurredAt: at.row,
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, stored(value)])),
    },
  };
}

export function readProfileRow(given: unknown, context: Context): Read<ProfileRow> {
  const parsed = profileSchema.safeParse(given);
  if (!parsed.success) return { outcome: "refused", problem: problemOf(parsed.error) };
  const { customer, traits, updatedAt } = parsed.data;
  const named = readNames(customer, context.country);
  if (named.outcome === "refused") return named;
  const at = readTime("updatedAt", updatedAt, context);
  if (at.outcome === "refused") return at;
  return {
    outcome: "read",
    row: {
      names: named.names,
      saidAt: at.row,
      traits: Object.entries(traits).map(([name, value]) => ({
        name,
        type: typeOf(value),
        value: value === null ? null : stored(value),
      })),
    },
  };
}

/** What a message is called, also when the rest of it cannot be read. */
export function messageIdOf(given: unknown): string | null {
  const id = typeof given === "object" && given !== null && "messageId" in given ? given.messageId : null;
  return typeof id === "string" ? id.slice(0, 200) : null;
}

function readTime(field: string, given: string | undefined, { now }: Context): Read<Date> {
  const at = given === undefined ? now : new Date(given);
  if (at >= OLDEST && at.getTime() <= now.getTime() + NEWEST_MS) return { outcome: "read", row: at };
  const detail = at < OLDEST ? "is before the year 2000" : "lies in the future";
  return { outcome: "refused", problem: { code: "invalid_field", field, detail } };
}

type GivenValue = z.infer<typeof property> | { date: string };

function stored(value: GivenValue): StoredValue {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanText);
  if (typeof value !== "object") return value;
  return "date" in value ? { day: value.date } : { at: new Date(value.at).getTime() };
}

function typeOf(value: GivenValue | null): TraitType | null {
  if (value === null) return null;
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (Array.isArray(value)) return "text_list";
  return typeof value === "object" ? "date" : "text";
}
