/** Which segments are compared, by the address of the page. */
export function readOverlapUrl(search: URLSearchParams): number[] {
  return search
    .getAll("segment")
    .filter((id) => /^\d{1,9}$/.test(id))
    .map(Number);
}

/** The page that compares these segments. */
export function overlapUrl(segmentIds: readonly number[]): string {
  const search = new URLSearchParams(segmentIds.map((id) => ["segment", String(id)]));
  return search.size === 0 ? "/app/segments/overlap" : `/app/segments/overlap?${search}`;
}
