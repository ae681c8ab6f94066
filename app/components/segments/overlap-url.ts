/** The page that compares these segments. */
export function overlapUrl(segmentIds: readonly number[]): string {
  const search = new URLSearchParams(segmentIds.map((id) => ["segment", String(id)]));
  return search.size === 0 ? "/app/segments/overlap" : `/app/segments/overlap?${search}`;
}
