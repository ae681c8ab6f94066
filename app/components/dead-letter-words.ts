import { retold } from "../texts/retold.ts";
import { t, type Text } from "../texts/text.ts";

/** Why a delivery was set aside, as it is stored: a sentence, or the field's path in the body and what is wrong with it. */
export function deadLetterReason(stored: string): string {
  const [, path, fault] = /^(\S+): (.*)$/s.exec(stored) ?? [];
  if (path === undefined || fault === undefined) return retold(stored, SENTENCES);
  return t("{path}: {fault}", { path, fault: retold(fault, FAULTS) });
}

const SENTENCES: readonly Text[] = [
  "The topic {topic} is not one Muster reads.",
  "The body is not JSON.",
  "The body could not be read.",
  "The database refused a value of this delivery.",
  "expected one fact",
];

/** Muster's own, and those of the library that reads bodies: https://zod.dev/error-customization */
const FAULTS: readonly Text[] = [
  "expected a numeric id",
  "expected a date and time",
  "expected a decimal amount",
  "expected a currency code",
  "expected a count",
  "expected an id, an e-mail address or a telephone number",
  "expected a product, a customer, a metafield, an order or a line",
  "not as expected",
  "Invalid input",
  "Invalid input: expected {expected}, received {received}",
  "Invalid option: expected one of {options}",
  "Too small: expected {what} to have {bound}",
  "Too small: expected {what} to be {bound}",
  "Too big: expected {what} to have {bound}",
  "Too big: expected {what} to be {bound}",
];
