import type { z } from "zod";

/** Why a row was not taken. `detail` goes on from the field's name and never repeats its value. */
export interface Problem {
  code: "invalid_field" | "person_erased" | "trait_type";
  /** Where in the row: "properties.plan". Empty: the row itself. */
  field: string;
  detail: string;
}

/** What is wrong with a row, as the schema's own words say it. */
export function problemOf({ issues }: z.ZodError): Problem {
  const issue = issues[0];
  const keys = issue?.code === "unrecognized_keys" ? [issue.keys[0] ?? ""] : [];
  const field = [...(issue?.path ?? []), ...keys].map(String).join(".").slice(0, 200);
  const detail = keys.length > 0 ? "is no field of this: leave it out" : (issue?.message ?? "cannot be read");
  return { code: "invalid_field", field, detail };
}
