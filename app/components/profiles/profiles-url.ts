/** The list with a search, with a rule that it obeys, or at a place in it. @param given.rule null: no filter; empty: one is being written */
export function profilesUrl(given: { query: string; rule: string | null; at?: Record<string, string> }): string {
  const { query, rule, at } = given;
  const search = new URLSearchParams({ ...(query && { query }), ...(rule !== null && { rule }), ...at });
  return search.size === 0 ? "/app/profiles" : `/app/profiles?${search}`;
}
