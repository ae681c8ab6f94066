import type { FieldRules } from "../destination.ts";
import { t } from "../../texts/text.ts";

const USUAL: Readonly<Record<string, string>> = {
  orders_count: "MORDERS",
  spent: "MSPENT",
  average_order: "MAVERAGE",
  currency: "MCURRENCY",
  first_order_on: "MFIRST",
  last_order_on: "MLAST",
  last_seen_on: "MSEEN",
};
const TAKEN: readonly string[] = ["EMAIL", "FNAME", "LNAME", "ADDRESS", "PHONE", "BIRTHDAY"];

/** Traits become merge fields, whose tags have ten characters. */
export const fieldRules: FieldRules = {
  usual: (trait) => USUAL[trait] ?? recommended(trait) ?? trait.toUpperCase().replace(/\W/g, "_").slice(0, 10),
  complain(field) {
    if (TAKEN.includes(field)) return t("{field} is one of Mailchimp's own merge tags.", { field });
    if (/^[A-Z][A-Z0-9_]{0,9}$/.test(field)) return null;
    return t("{field} is no merge tag: up to ten capital letters, digits and underscores.", {
      field: field || t("An empty name"),
    });
  },
};

/** "recommended_1_title" is REC1TITLE. */
function recommended(trait: string): string | null {
  const [, place, what] = /^recommended_(\d)_(\w{1,6})$/.exec(trait) ?? [];
  return place === undefined || what === undefined ? null : `REC${place}${what.toUpperCase()}`;
}
