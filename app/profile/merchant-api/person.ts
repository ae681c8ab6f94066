import { z } from "zod";
import { normaliseEmail } from "../identity/normalise-email.ts";
import { normalisePhone } from "../identity/normalise-phone.ts";
import { cleanText } from "./clean-text.ts";
import type { Problem } from "./problem.ts";

export type NameKind = "customer_id" | "external_id" | "email" | "phone";

/** One name by which a pipeline speaks of somebody. */
export interface Name {
  kind: NameKind;
  /** Normalised. */
  value: string;
}

const GREATEST_ID = 2n ** 63n - 1n;

export const personSchema = z
  .strictObject(
    {
      id: z
        .union([z.string().regex(/^(gid:\/\/shopify\/Customer\/)?[1-9]\d{0,18}$/), z.int().positive()], {
          error: "is no Shopify customer id: give the number, or gid://shopify/Customer/ and the number",
        })
        .optional()
        .describe("Shopify's customer id, as a number, a text or a gid."),
      externalId: z
        .string({ error: "has to be a text" })
        .trim()
        .min(1, "is empty")
        .max(200, "is longer than 200 characters")
        .optional()
        .describe("The id your own systems know the person by."),
      email: z.string({ error: "has to be a text" }).max(254, "is longer than 254 characters").optional(),
      phone: z
        .string({ error: "has to be a text" })
        .max(40, "is longer than 40 characters")
        .optional()
        .describe("Best in international form, +44…; without it the shop's own country is taken."),
    },
    { error: "has to be an object with id, externalId, email or phone, and nothing else" },
  )
  .describe(
    "Who it is: at least one name. Names in one row are remembered as one person's. A row of somebody Shopify does not know yet is kept until it does.",
  );

/**
 * The names of a row, the one that counts first: Shopify's id, then the merchant's own, the e-mail address, the telephone number.
 * @param country the shop's, for numbers written as at home
 */
export function readNames(
  given: z.infer<typeof personSchema>,
  country: string | null,
): { outcome: "read"; names: [Name, ...Name[]] } | { outcome: "refused"; problem: Problem } {
  const refuse = (field: string, detail: string) => ({
    outcome: "refused" as const,
    problem: { code: "invalid_field" as const, field, detail },
  });
  const names: Name[] = [];
  if (given.id !== undefined) {
    const id = String(given.id).replace("gid://shopify/Customer/", "");
    if (BigInt(id) > GREATEST_ID) return refuse("customer.id", "is greater than any Shopify customer id");
    names.push({ kind: "customer_id", value: id });
  }
  if (given.externalId !== undefined) {
    names.push({ kind: "external_id", value: cleanText(given.externalId) });
  }
  if (given.email !== undefined) {
    const email = normaliseEmail(cleanText(given.email));
    if (email === null) return refuse("customer.email", "is no e-mail address");
    names.push({ kind: "email", value: email });
  }
  if (given.phone !== undefined) {
    const phone = normalisePhone(given.phone, country);
    if (phone === null) return refuse("customer.phone", "is no telephone number: give it in international form, +44…");
    names.push({ kind: "phone", value: phone });
  }
  const [first, ...rest] = names;
  if (!first) return refuse("customer", "names nobody: give id, externalId, email or phone");
  return { outcome: "read", names: [first, ...rest] };
}

export const nameKey = ({ kind, value }: Name): string => `${kind} ${value}`;

/** What the facts say about a name and about those it was named together with. */
export interface Evidence {
  /** Living customers whose it is in the shop's own records: the customer of an id, those who have an address. */
  own: readonly string[];
  /** Customers whose Shopify id was given beside it. */
  beside: readonly string[];
  /** Living customers who have an address that was given beside it. */
  byAddress: readonly string[];
}

/**
 * Whose a name is: the shop's records come before what a pipeline says, its customer ids before its addresses. Between several
 * customers it is nobody's, so a name two people share never makes them one.
 */
export function ownerOf({ own, beside, byAddress }: Evidence): { customerId: string | null; contenders: string[] } {
  const candidates = [own, beside, byAddress].find((customers) => customers.length > 0) ?? [];
  const contenders = [...new Set(candidates)].toSorted();
  return contenders.length === 1
    ? { customerId: contenders[0] ?? null, contenders: [] }
    : { customerId: null, contenders };
}
