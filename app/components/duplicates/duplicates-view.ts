import type { DuplicatesAnswer } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { type Agreement, COMPARED, type ComparedColumn } from "../../profile/duplicates/customer-rows.ts";
import type { ReviewedCustomer, ReviewedPair, ReviewView } from "../../profile/duplicates/review-store.server.ts";
import { duplicatesUrl } from "./duplicates-url.ts";
import { consentWords, profileName } from "../profile-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import type { Status } from "../status-badge.tsx";
import { t, type Text } from "../../texts/text.ts";

export interface DuplicatesView {
  view: ReviewView;
  /** Only pairs of this customer are shown; null: everybody's. */
  customerId: string | null;
  /** Pairs that wait for a decision. */
  waiting: number;
  pairs: PairView[];
  /** The pages before and after; null: there is none. */
  previous: string | null;
  next: string | null;
  /** From this per cent on pairs are merged without being asked about: "99"; "off". */
  automaticFrom: string;
  learned: ShownInstant | null;
}

export interface PairView {
  key: string;
  low: string;
  high: string;
  names: { low: string; high: string };
  urls: { low: string; high: string };
  likely: Status | null;
  /** In which way, with a place for `when`. */
  decided: { text: Decided; at: ShownInstant } | null;
  rows: ComparisonRow[];
}

export interface ComparisonRow {
  label: string;
  low: string;
  high: string;
  /** Whether the values are people's own words, and not Muster's. */
  own: boolean;
  /** Null where nothing is compared. */
  agreement: Status | null;
}

const LABELS: Record<ComparedColumn, Text> = {
  first_name: "First name",
  last_name: "Last name",
  email: "E-mail",
  phone: "Phone",
  address: "Street",
  city: "City",
  zip: "Postal code",
  country: "Country",
  birth_date: "Date of birth",
};

const AGREEMENTS: Record<Agreement, { tone: Status["tone"]; text: Text } | null> = {
  missing: null,
  different: { tone: "warning", text: "Differs" },
  similar: { tone: "attention", text: "A little alike" },
  close: { tone: "attention", text: "Alike" },
  near: { tone: "info", text: "Nearly the same" },
  exact: { tone: "success", text: "Same" },
  swapped: { tone: "info", text: "Changed over" },
};

const NONE = "\u2013";

export function duplicatesView(
  answer: Extract<DuplicatesAnswer, { outcome: "found" }>,
  format: Format,
): DuplicatesView {
  const { now, real, view, customerId, waiting, page, automaticFrom, learnedAt } = answer;
  return {
    view,
    customerId,
    waiting,
    pairs: page.pairs.map((pair) => pairView(pair, view, { format, now, real })),
    previous: page.before && duplicatesUrl({ view, customerId }, { side: "before", position: page.before }),
    next: page.after && duplicatesUrl({ view, customerId }, { side: "after", position: page.after }),
    automaticFrom: automaticFrom === null ? "off" : String(Math.round(automaticFrom * 100)),
    learned: learnedAt && showInstant(format, learnedAt, real),
  };
}

interface Showing {
  format: Format;
  now: Date;
  real: Date;
}

function pairView(
  { low, high, probability, reasons, decidedAt, automatic }: ReviewedPair,
  view: ReviewView,
  showing: Showing,
): PairView {
  const { format, real } = showing;
  return {
    key: `${low.customerId} ${high.customerId}`,
    low: low.customerId,
    high: high.customerId,
    names: { low: profileName(low), high: profileName(high) },
    urls: { low: urlOf(low), high: urlOf(high) },
    likely:
      probability === null
        ? null
        : {
            tone: probability >= 0.9 ? "success" : "info",
            text: t("{percent} likely one person", { percent: percent(probability, format) }),
          },
    decided: decidedAt && { text: decidedWords(view, automatic), at: showInstant(format, decidedAt, real) },
    rows: [
      ...COMPARED.flatMap((column) => comparedRow(column, low, high, reasons[column], format)),
      ...factRows(low, high, showing),
    ],
  };
}

/** How a pair was decided about. */
export type Decided = Extract<Text, `${string}apart {when}` | `Merged by ${string}`>;

function decidedWords(view: ReviewView, automatic: boolean): Decided {
  if (view === "not_same") return "Kept apart {when}";
  return automatic ? "Merged by itself {when}" : "Merged by hand {when}";
}

const urlOf = ({ customerId }: ReviewedCustomer): string => `/app/profiles/${customerId}`;

/** Never 100: no resemblance is a proof. */
function percent(probability: number, format: Format): string {
  return format.percent(Math.min(99.9, Math.floor(probability * 1_000) / 10));
}

function comparedRow(
  column: ComparedColumn,
  low: ReviewedCustomer,
  high: ReviewedCustomer,
  agreement: Agreement | undefined,
  format: Format,
): ComparisonRow[] {
  const [left, right] = [cellOf(column, low, format), cellOf(column, high, format)];
  if (left === null && right === null) return [];
  return [
    {
      label: t(LABELS[column]),
      low: left ?? NONE,
      high: right ?? NONE,
      own: true,
      agreement:
        left === null || right === null ? { tone: null, text: t("Only one known") } : agreementWords(agreement),
    },
  ];
}

function agreementWords(agreement: Agreement = "missing"): Status | null {
  const words = AGREEMENTS[agreement];
  return words && { tone: words.tone, text: t(words.text) };
}

function cellOf(column: ComparedColumn, customer: ReviewedCustomer, format: Format): string | null {
  const cells: Record<ComparedColumn, string | null> = {
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.email,
    phone: customer.phone,
    address: customer.line1,
    city: customer.city,
    zip: customer.zip,
    country: customer.country && format.country(customer.country),
    birth_date: customer.birthDate,
  };
  return cells[column]?.trim() || null;
}

/** What is worth knowing before two are made one, and tells nothing about whether they are. */
function factRows(low: ReviewedCustomer, high: ReviewedCustomer, { format, now }: Showing): ComparisonRow[] {
  const row = (label: string, tell: (customer: ReviewedCustomer) => string): ComparisonRow => ({
    label,
    low: tell(low),
    high: tell(high),
    own: false,
    agreement: null,
  });
  const day = (at: Date | null): string => (at ? showInstant(format, at, now).text : NONE);
  return [
    row(t("Orders"), ({ ordersCount, grossMinor, currency }) =>
      currency === null
        ? format.number(ordersCount)
        : `${format.number(ordersCount)} · ${format.money(grossMinor, currency)}`,
    ),
    row(t("Last order"), ({ lastOrderAt }) => day(lastOrderAt)),
    row(t("E-mail marketing"), ({ emailConsent }) => consentWords(emailConsent).text),
    row(t("Customer since"), ({ createdAt }) => day(createdAt)),
  ];
}
