import type { FieldRules } from "../destination.ts";
import { t } from "../../texts/text.ts";

/** Traits become flat properties under a prefix, so that nobody else's are overwritten. */
export const fieldRules: FieldRules = {
  usual: (trait) => `muster_${trait}`,
  complain: (field) =>
    /^[A-Za-z][\w ]{0,99}$/.test(field)
      ? null
      : t("{field} is no property name: letters, digits, spaces and underscores.", {
          field: field || t("An empty name"),
        }),
};
