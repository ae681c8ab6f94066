import { t, type Text } from "../texts/text.ts";

/** The merchant's words for the names under which the stages keep reasons. An unknown name is shown as it is. */
export function exceptionWords(name: string): string {
  const words = EXCEPTIONS[name];
  return words ? t(words) : name.replaceAll("_", " ");
}

/** The names whose words are meant. */
export function exceptionsNamed(means: (words: Text) => boolean): string[] {
  return Object.entries(EXCEPTIONS).flatMap(([name, words]) => (means(words) ? [name] : []));
}

const EXCEPTIONS: Record<string, Text> = {
  no_consent: "without consent",
  no_email: "without e‑mail address",
  rejected: "refused by the destination",
  pending: "pending",
  same_address: "sharing an address",
  malformed_address: "malformed address",
  contact_archived: "contact archived",
  member_in_compliance_state: "member in compliance state",
  forgotten_email_not_subscribed: "forgotten email not subscribed",
};

export function destinationName(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}
