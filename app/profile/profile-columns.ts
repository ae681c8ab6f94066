/** What Muster's own columns of a list of profiles show of each beside its name, in the order in which they do. */
export const MUSTERS_COLUMNS = [
  "email",
  "phone",
  "consent",
  "segments",
  "last_seen",
  "first_order",
  "last_order",
  "orders",
  "spent",
  "average",
] as const;

export type MustersColumn = (typeof MUSTERS_COLUMNS)[number];

/** What the shop's own systems told or a metafield holds, by the name that rules have for it. */
export type OwnColumn = `traits.${string}` | `metafields.${string}`;

export type ProfileColumn = MustersColumn | OwnColumn;

const USUAL: readonly MustersColumn[] = ["segments", "last_seen", "orders", "spent"];

/** With more of them a row is wider than any desk. */
export const MOST_OWN_COLUMNS = 8;

export function isOwnColumn(column: string): column is OwnColumn {
  return column.startsWith("traits.") || column.startsWith("metafields.");
}

/**
 * @param names as they are kept or came with a form; null: nobody chose any.
 * @param own those that the shop has of its own, which stand behind Muster's; what it has no longer is left out
 */
export function readColumns(names: readonly string[] | null, own: readonly OwnColumn[]): ProfileColumn[] {
  if (names === null) return [...USUAL];
  const chosen = own.filter((column) => names.includes(column)).slice(0, MOST_OWN_COLUMNS);
  return [...MUSTERS_COLUMNS.filter((column) => names.includes(column)), ...chosen];
}
