import { foldName, foldStreet } from "../identity/fold-address.ts";
import { mailboxKey } from "../identity/normalise-email.ts";
import { normalisePhone } from "../identity/normalise-phone.ts";

/** Of a customer, what is compared with others. */
export interface ComparedCustomer {
  customerId: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  line1: string | null;
  city: string | null;
  zip: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** "1990-05-30", where the shop holds it as a metafield: Shopify itself has no day of birth. */
  birthDate: string | null;
}

export const COMPARED = [
  "first_name",
  "last_name",
  "email",
  "phone",
  "address",
  "city",
  "zip",
  "country",
  "birth_date",
] as const;
export type ComparedColumn = (typeof COMPARED)[number];

/** In the order of the levels of compare.ts. */
const AGREEMENTS = ["missing", "different", "similar", "close", "near", "exact", "swapped"] as const;
export type Agreement = (typeof AGREEMENTS)[number];
export type Reasons = Partial<Record<ComparedColumn, Agreement>>;

/** The cells of a customer under COMPARED, each in the spelling in which it is compared. */
export function customerRow(customer: ComparedCustomer, homeCountry: string | null): string[] {
  const { firstName, lastName, email, phone, line1, city, zip, country, birthDate } = customer;
  return [
    foldName(firstName ?? ""),
    foldName(lastName ?? ""),
    email === null ? "" : (mailboxKey(email) ?? email),
    phone === null ? "" : (normalisePhone(phone, country ?? homeCountry) ?? phone),
    foldStreet(line1 ?? ""),
    city ?? "",
    (zip ?? "").replace(/\s/g, ""),
    country ?? "",
    birthDate ?? "",
  ];
}

/** What the levels of two customers say, column by column, without what stands in them. */
export function reasonsOf(columns: readonly (unknown | null)[], levels: ArrayLike<number>): Reasons {
  const reasons: Reasons = {};
  let field = 0;
  for (const [at, column] of COMPARED.entries()) {
    if (columns[at] === null) continue;
    const agreement = AGREEMENTS[levels[field++] ?? 0];
    if (agreement !== undefined && agreement !== "missing") reasons[column] = agreement;
  }
  return reasons;
}
