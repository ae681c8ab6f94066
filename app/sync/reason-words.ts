import { retold } from "../texts/retold.ts";
import { t, type Text, told } from "../texts/text.ts";
import { TRAITS } from "./traits.ts";

/** What was stored or thrown in English of why something is paused, was refused or has to wait, in the reader's language. */
export function reasonWords(stored: string): string {
  const [, unreached] = /^The receiver was not reached: (.+)$/s.exec(stored) ?? [];
  if (unreached !== undefined) return t("The receiver was not reached: {reason}", { reason: told(unreached) });
  const words = told(stored);
  return words === stored ? retold(stored, REASONS) : words;
}

/** The same as a sentence of its own, with its full stop. Null: no reason was stored. */
export function reasonSentence(stored: string | null): string {
  return reasonWords(stored ?? "No reason was given").replace(/\.?$/, ".");
}

/** Those with something in them. A platform's own words are in none of them and stay as they are. */
const REASONS: readonly Text[] = [
  "The receiver answered {status}",
  "The key lacks the permission {permission} at Klaviyo",
  "The merge field {field} is of type {type} at Mailchimp; {label} needs one of type {needed}",
  "Mailchimp will not have the merge field {field}: an audience has 30 of them on most plans",
  "The audience could not be created (HTTP {status})",
  "Refused with HTTP {status}",
  "It answered: {outcome}",
  "{vendor} does not accept the key",
  "The key lacks a permission at {vendor}",
  "{vendor} has retired the version of its interface that is used here",
  "{vendor} answered {status} with an unexpected body",
  "{vendor} answered {status}",
  "{vendor} could not be reached: {trouble}",
  ...TRAITS.map(({ text }) => text),
];
