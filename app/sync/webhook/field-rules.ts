import type { FieldRules } from "../destination.ts";
import { t } from "../../texts/text.ts";

/** Traits are named members of a JSON object. */
export const fieldRules: FieldRules = {
  usual: (trait) => trait,
  complain: (field) =>
    /^[A-Za-z]\w{0,99}$/.test(field)
      ? null
      : t("{field} is no name: letters, digits and underscores.", { field: field || t("An empty name") }),
};
