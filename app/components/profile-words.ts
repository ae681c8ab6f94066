import type { Profile } from "../profile/compute-profile.ts";
import { t, type Text } from "../texts/text.ts";
import type { Status } from "./status-badge.tsx";

/** What a profile is called: by name, else by address, else by number. */
export function profileName({
  firstName,
  lastName,
  email,
  phone,
  customerId,
}: Pick<Profile, "firstName" | "lastName" | "email" | "phone" | "customerId">): string {
  const name = [firstName, lastName].filter(Boolean).join(" ");
  return name || email || phone || t("Customer {id}", { id: customerId });
}

/**
 * Shopify's states of e-mail marketing consent, in lower case:
 * https://shopify.dev/docs/api/admin-graphql/latest/enums/CustomerEmailMarketingState
 */
export function consentWords(state: string): Status {
  const { tone, text } = CONSENT[state] ?? UNKNOWN;
  return { tone, text: t(text) };
}

interface Consent {
  tone: Status["tone"];
  text: Text;
}

const UNKNOWN: Consent = { tone: null, text: "Consent unknown" };
const CONSENT: Record<string, Consent> = {
  subscribed: { tone: "success", text: "Subscribed" },
  pending: { tone: "attention", text: "Confirmation pending" },
  unsubscribed: { tone: "warning", text: "Unsubscribed" },
  not_subscribed: { tone: null, text: "Not subscribed" },
  invalid: { tone: "warning", text: "Invalid e-mail address" },
  redacted: { tone: null, text: "Consent erased" },
};
