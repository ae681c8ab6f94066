export interface Condition {
  operator: string;
  field: string;
  values: string[];
}

/**
 * Reads Klaviyo's filter language, `any(email,["a","b"])`, `greater-than(joined_group_at,2026-01-01T00:00:00Z)`, several
 * joined by commas or by `and(…)`. Null when it is not in that language.
 */
export function parseFilter(text: string): Condition[] | null {
  const whole = /^and\(([\s\S]*)\)$/.exec(text.trim());
  const parts = splitOutside(whole?.[1] ?? text);
  const conditions = parts.map(parseCondition);
  return conditions.every((each) => each !== null) ? conditions : null;
}

function parseCondition(text: string): Condition | null {
  const found = /^([a-z-]+)\(\s*"?([\w.]+)"?\s*,([\s\S]*)\)$/.exec(text.trim());
  if (found === null) return null;
  const [, operator = "", field = "", rest = ""] = found;
  const list = /^\[([\s\S]*)\]$/.exec(rest.trim());
  const values = list === null ? [rest] : splitOutside(list[1] ?? "");
  const read = values.filter((each) => each.trim() !== "").map(parseValue);
  return read.length > 0 && read.every((each) => each !== null) ? { operator, field, values: read } : null;
}

function parseValue(text: string): string | null {
  const trimmed = text.trim();
  const quote = trimmed[0];
  if (quote !== '"' && quote !== "'") return /^[\w:.+-]+$/.test(trimmed) ? trimmed : null;
  if (trimmed.length < 2 || !trimmed.endsWith(quote)) return null;
  return trimmed.slice(1, -1).replace(/\\(["'\\])/g, "$1");
}

/** Splits at commas that are in no quotes and no brackets. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? "";
    if (quote !== "") {
      if (char === "\\") index++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
