import type { z } from "zod";
import { type Rules, rulesSchema } from "../../recommendation/rules.ts";
import { t, type Text } from "../../texts/text.ts";

/** What is wrong with a field, in words a merchant can act on. */
const ADVICE: Record<string, Text> = {
  slots: "A list has 1 to 24 products.",
  perVendor: "At least one product of a vendor has to be allowed.",
  perType: "At least one product of a type has to be allowed.",
  priceFrom: "A price is a number, 0 or more.",
  priceTo: "A price is a number, 0 or more.",
  threshold: "The confidence is from 50 to 99%.",
  explorationShare: "New products are tried out in 0 to 10% of the places.",
  holdoutShare: "0 to 50% of the people can be held out.",
};

export function adviceOn(error: z.ZodError): string {
  return t(ADVICE[String(error.issues[0]?.path[0])] ?? "The form was incomplete. Reload the page and try again.");
}

/** Rules as the form sends them, saved or not. */
export function readRules(text: unknown): { outcome: "read"; rules: Rules } | { outcome: "refused"; reason: string } {
  const read = rulesSchema.safeParse(parse(String(text)));
  if (!read.success) return { outcome: "refused", reason: adviceOn(read.error) };
  const { priceFrom, priceTo } = read.data;
  if (priceFrom !== null && priceTo !== null && priceFrom > priceTo) {
    return { outcome: "refused", reason: t("The price to is below the price from: no product could be shown.") };
  }
  return { outcome: "read", rules: read.data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
