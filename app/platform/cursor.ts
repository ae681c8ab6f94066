/** A place in a list that is ordered by an instant, nulls included, and then by a key. */
export interface Cursor {
  at: Date | null;
  key: string;
}

const SEPARATOR = "~";
const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function writeCursor({ at, key }: Cursor): string {
  return `${at?.toISOString() ?? ""}${SEPARATOR}${key}`;
}

/** @returns null for a text that `writeCursor` did not write, or whose key does not match: an old link starts at the beginning. */
export function readCursor(text: string | null, key: RegExp): Cursor | null {
  const separator = text?.indexOf(SEPARATOR) ?? -1;
  if (text === null || separator < 0) return null;
  const cursor = { instant: text.slice(0, separator), key: text.slice(separator + 1) };
  if (!key.test(cursor.key)) return null;
  if (cursor.instant === "") return { at: null, key: cursor.key };
  return INSTANT.test(cursor.instant) && !Number.isNaN(Date.parse(cursor.instant))
    ? { at: new Date(cursor.instant), key: cursor.key }
    : null;
}
