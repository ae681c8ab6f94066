import { z } from "zod";
import { toMinor } from "../platform/money.ts";

// The pieces Shopify's webhook bodies are made of. Bodies are loose: only what is read is described, everything else is let through.

/** NUL and lone surrogates cannot be stored as text in PostgreSQL; the inbox keeps the bytes as they came. */
const text = z.string().transform((value) => value.toWellFormed().replaceAll("\0", ""));
export const optionalText = text.nullish().transform((value) => (value ? value : null));

/** Part of a key: PostgreSQL refuses index entries of some 2,700 bytes, and not as a fault of the value. */
export const token = text.pipe(z.string().min(1).max(255));
export const optionalToken = z
  .union([z.literal("").transform(() => null), token])
  .nullish()
  .transform((value) => value ?? null);

/** A tag or a code. */
export const label = text.transform((value) => value.trim()).pipe(z.string().min(1).max(255));
/** Tags as most bodies have them, "new, loose leaf". */
export const labelList = text
  .nullish()
  .transform((value) => (value ?? "").split(",").flatMap((part) => part.trim().slice(0, 255) || []));

/** A language as Shopify writes it, "en" or "pt-BR"; anything else says nothing. */
export const optionalLocale = optionalText.transform((value) =>
  value !== null && /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/.test(value) ? value : null,
);

/** A numeric id; integers past 2^53 arrive here as strings. One id has one spelling, so no leading zeros. */
export const id = z
  .union([z.string(), z.number().int().nonnegative()])
  .transform(String)
  .refine((value) => /^(0|[1-9]\d{0,17})$/.test(value), "expected a numeric id");
/** A global id, "gid://shopify/Customer/1", as the numeric id it ends in. */
export const gid = z
  .string()
  .transform((value): string | number => /^gid:\/\/shopify\/\w+\/(\d+)(\?|$)/.exec(value)?.[1] ?? "")
  .pipe(id);
export const optionalId = id.nullish().transform((value) => value ?? null);

/** ISO 8601 with its zone; JavaScript would read other texts as times too, some of them in the zone of this machine. */
export const instant = z.string().transform((value, context) => {
  const date = new Date(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) ? value : NaN);
  // Beyond these years the value is a mistake, and PostgreSQL would refuse some of them.
  if (date.getTime() > -62_000_000_000_000 && date.getTime() < 253_000_000_000_000) return date;
  context.addIssue({ code: "custom", message: "expected a date and time" });
  return z.NEVER;
});
export const optionalInstant = instant.nullish().transform((value) => value ?? null);

export const quantity = z
  .number()
  .int()
  .min(-2_000_000_000)
  .max(2_000_000_000)
  // JSON has a -0, and no figure of the app does.
  .transform((value) => value + 0);

export const currency = z.string().regex(/^[A-Z]{3}$/, "expected a currency code");

const money = z.object({ amount: z.string(), currency_code: currency }).transform((value, context) => {
  const minor = toMinor(value.amount, value.currency_code);
  if (minor !== null) return { minor, currency: value.currency_code };
  context.addIssue({ code: "custom", message: "expected a decimal amount" });
  return z.NEVER;
});
export type MoneyValue = z.infer<typeof money>;

export const moneySet = z.object({ shop_money: money, presentment_money: money.nullish() });
