import type { FindingCode } from "../profile/quality/validate-record.ts";
import { retold } from "../texts/retold.ts";
import { t, type Text } from "../texts/text.ts";

const WORDS: Record<FindingCode, { title: Text; meaning: Text }> = {
  missing_email: { title: "No e-mail address", meaning: "No audience can hold these customers." },
  malformed_email: { title: "Not an e-mail address", meaning: "No mail can reach what is written there." },
  disposable_email: {
    title: "Throw-away address",
    meaning: "The address is from a service that gives one for minutes.",
  },
  mistyped_email: { title: "Probably mistyped address", meaning: "The domain is a letter away from a large provider." },
  unreachable: { title: "Cannot be reached", meaning: "Neither an e-mail address nor a telephone number works." },
  impossible_date: { title: "Impossible date", meaning: "Something lies in the future, or before web shops." },
  impossible_amount: { title: "Impossible amount", meaning: "An order is negative, absurdly large or over-refunded." },
  unknown_currency: { title: "Unknown currency", meaning: "An order is in a currency that does not exist." },
  duplicate_email: { title: "Shared e-mail address", meaning: "Several customers have the same address." },
  totals_differ: {
    title: "Totals differ from Shopify's",
    meaning: "Shopify counts other orders or amounts than were delivered or read.",
  },
  duplicate_phone: { title: "Shared telephone number", meaning: "Several customers have the same number." },
  duplicate_external_id: {
    title: "Shared id of your own systems",
    meaning: "Your systems told one id of several customers, so what they tell under it alone belongs to none.",
  },
};

export function findingWords(code: FindingCode): { title: string; meaning: string } {
  const { title, meaning } = WORDS[code];
  return { title: t(title), meaning: t(meaning) };
}

/** What was found, as it is stored, in the reader's words. */
export function findingDetail(code: FindingCode, stored: string): string {
  return code === "mistyped_email" ? t("meant {address}?", { address: stored }) : retold(stored, DETAILS);
}

const DETAILS: readonly Text[] = [
  "customer created",
  "earliest order",
  "latest order",
  "negative order",
  "order of more than ten million",
  "refunded more than paid",
  "Shopify counts {told}; held are {held}",
  "{count} order, {amount}",
  "{count} orders, {amount}",
];
