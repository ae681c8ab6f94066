/** PostgreSQL has no text with a NUL or half a surrogate pair. */
export function cleanText(given: string): string {
  return given.replaceAll("\u0000", "").toWellFormed();
}
