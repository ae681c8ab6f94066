import { readsOf } from "./evaluation/reads.ts";
import { type Dictionary, metafieldOf } from "./language/dictionary.ts";
import type { Rule } from "./language/tree.ts";
import { CONSENT_CHANNELS, RECORD_COLUMNS } from "./sources.ts";

/** What rules ask for and Muster holds no whole history of, by the names of the language. */
export interface KnownPast {
  /** Read for every instant as it is now. */
  held: string[];
  /** Read as it is now from its last change on; before it, as missing. */
  sinceChange: string[];
}

/** Places that a distance is measured to are addresses, by the name of the attribute that reads them too. */
const ADDRESSES = "customer_cities";
const CONSTANT: ReadonlySet<string> = new Set(["customer_added_date"]);
const SINCE_CHANGE: ReadonlySet<string> = new Set(["customer_tags", "data_quality_findings", "suspected_duplicate"]);

/** What a run of these rules over the past cannot know as it was then: `translation/attribute-sql.ts` reads it so. */
export function knownPast(rules: readonly Rule[], dictionary: Dictionary): KnownPast {
  const reads = rules.map((rule) => readsOf(rule, dictionary));
  const names = [
    ...new Set(reads.flatMap(({ attributes, places }) => [...attributes, ...(places ? [ADDRESSES] : [])])),
  ];
  const isSinceChange = (name: string): boolean =>
    SINCE_CHANGE.has(name) || Object.hasOwn(CONSENT_CHANNELS, name) || metafieldOf(name) !== null;
  const isHeld = (name: string): boolean =>
    (Object.hasOwn(RECORD_COLUMNS, name) && !CONSTANT.has(name)) || name === "traits.last_seen_date";
  return { held: names.filter(isHeld), sinceChange: names.filter(isSinceChange) };
}
