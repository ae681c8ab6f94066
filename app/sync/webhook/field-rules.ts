import type { FieldRules } from "../destination.ts";

/** Traits are named members of a JSON object. */
export const fieldRules: FieldRules = {
  usual: (trait) => trait,
  complain: (field) =>
    /^[A-Za-z]\w{0,99}$/.test(field)
      ? null
      : `${field || "An empty name"} is no name: letters, digits and underscores.`,
};
