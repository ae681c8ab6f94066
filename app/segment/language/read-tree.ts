import { isDeepStrictEqual } from "node:util";
import { type Dictionary } from "./dictionary.ts";
import { normalForm } from "./normal-form.ts";
import { parseText, type Reading } from "./parse-text.ts";
import { printText } from "./print-text.ts";
import { ruleSchema } from "./tree.ts";

/**
 * Reads a tree that came as JSON: from the visual builder, or from the database. Its shape is checked here and its meaning by
 * writing it as text and reading that, so that the three faces cannot come apart; positions are those in the text.
 */
export function readTree(json: unknown, dictionary: Dictionary): Reading {
  const parsed = ruleSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = `This is no rule: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unreadable"}.`;
    return { outcome: "refused", problems: [{ line: 1, column: 1, start: 0, end: 0, message }] };
  }
  const rule = normalForm(parsed.data);
  const reading = parseText(printText(rule), dictionary);
  if (reading.outcome === "refused" || isDeepStrictEqual(reading.rule, rule)) return reading;
  const message = "This rule is not written as the readers write it, so it might be read as another.";
  return { outcome: "refused", problems: [{ line: 1, column: 1, start: 0, end: 0, message }] };
}
