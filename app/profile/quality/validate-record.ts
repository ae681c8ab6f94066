import { toDecimal } from "../../platform/money.ts";
import { checkEmail } from "./check-email.ts";

/** What a rule can ask for by `data_quality_findings`, and the admin counts. */
export const FINDING_CODES = [
  "missing_email",
  "malformed_email",
  "disposable_email",
  "mistyped_email",
  "unreachable",
  "impossible_date",
  "impossible_amount",
  "unknown_currency",
  "duplicate_email",
  "duplicate_phone",
  "duplicate_external_id",
  "totals_differ",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

export interface Finding {
  code: FindingCode;
  /** For people: a suggestion, or what is meant. */
  detail: string | null;
}

/** Orders, and what was spent on them net of refunds, in minor units. */
export interface Totals {
  orders: number;
  spentMinor: bigint;
}

/** Of one customer, what the validators look at. */
export interface QualityRecord {
  customerId: string;
  email: string | null;
  phone: string | null;
  createdAt: Date | null;
  orders: {
    earliestAt: Date;
    latestAt: Date;
    /** Of single orders, in minor units. */
    leastMinor: bigint;
    greatestMinor: bigint;
    currencies: string[];
    /** Orders of which more was refunded than was paid. */
    overRefunded: number;
  } | null;
  /** What Shopify last counted (customers/purchasing_summary), beside the same of what is held: null where the two cannot be compared yet. */
  totals: { told: Totals; held: Totals; currency: string } | null;
}

const DAY_MS = 86_400_000;
/** There was no web shop before. */
const EARLIEST = new Date("1995-01-01T00:00:00Z");
/** Ten million units of a currency with cents: more than a web shop sells in one order, in any currency but the smallest. */
const GREATEST_MINOR = 1_000_000_000n;
/** Currencies in which everyday prices have five digits and more. */
const SMALL_UNITS = new Set(["IDR", "IRR", "LAK", "LBP", "SLE", "UZS", "VND", "GNF", "PYG", "KHR", "COP", "MMK"]);
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** What is doubtful about one record by itself. @param now business time. */
export function validateRecord(record: QualityRecord, now: Date): Finding[] {
  return [
    ...emailFindings(record),
    ...reachFindings(record),
    ...dateFindings(record, now),
    ...moneyFindings(record),
    ...totalsFindings(record),
  ];
}

function emailFindings({ email }: QualityRecord): Finding[] {
  if (isBlank(email)) return [{ code: "missing_email", detail: null }];
  const problem = checkEmail(email);
  if (!problem) return [];
  return [{ code: problem.code, detail: problem.code === "mistyped_email" ? problem.suggestion : null }];
}

function reachFindings({ email, phone }: QualityRecord): Finding[] {
  const byMail = !isBlank(email) && checkEmail(email)?.code !== "malformed_email";
  const byPhone = !isBlank(phone) && phone.replace(/\D/g, "").length >= 7;
  return byMail || byPhone ? [] : [{ code: "unreachable", detail: null }];
}

function dateFindings({ createdAt, orders }: QualityRecord, now: Date): Finding[] {
  // Clocks differ, and the shop's day may be ahead.
  const latest = new Date(now.getTime() + DAY_MS);
  const named: [string, Date | null | undefined][] = [
    ["customer created", createdAt],
    ["earliest order", orders?.earliestAt],
    ["latest order", orders?.latestAt],
  ];
  const wrong = named.find(([, date]) => date && (date < EARLIEST || date > latest));
  return wrong ? [{ code: "impossible_date", detail: wrong[0] }] : [];
}

function moneyFindings({ orders }: QualityRecord): Finding[] {
  if (!orders) return [];
  const found: Finding[] = [];
  const unknown = orders.currencies.find((code) => !CURRENCIES.has(code));
  if (unknown !== undefined) found.push({ code: "unknown_currency", detail: unknown });
  const isSmall = orders.currencies.some((code) => SMALL_UNITS.has(code));
  if (orders.leastMinor < 0n) found.push({ code: "impossible_amount", detail: "negative order" });
  else if (orders.greatestMinor > GREATEST_MINOR && !isSmall) {
    found.push({ code: "impossible_amount", detail: "order of more than ten million" });
  } else if (orders.overRefunded > 0) found.push({ code: "impossible_amount", detail: "refunded more than paid" });
  return found;
}

/** Shopify's totals check ours and are never added to them. */
function totalsFindings({ totals, orders }: QualityRecord): Finding[] {
  if (!totals || orders?.currencies.some((code) => code !== totals.currency)) return [];
  const { told, held, currency } = totals;
  if (told.orders === held.orders && told.spentMinor === held.spentMinor) return [];
  const words = (of: Totals): string =>
    `${of.orders} ${of.orders === 1 ? "order" : "orders"}, ${toDecimal(of.spentMinor, currency)} ${currency}`;
  return [{ code: "totals_differ", detail: `Shopify counts ${words(told)}; held are ${words(held)}` }];
}

function isBlank(text: string | null): text is null {
  return text === null || text.trim() === "";
}
