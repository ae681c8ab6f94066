/** What a list of profiles can show of each beside its name, in the order in which it does. */
export const PROFILE_COLUMNS = [
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

export type ProfileColumn = (typeof PROFILE_COLUMNS)[number];

const USUAL: readonly ProfileColumn[] = ["segments", "last_seen", "orders", "spent"];

/** @param names as they are kept or came with a form; null: nobody chose any. */
export function readColumns(names: readonly string[] | null): ProfileColumn[] {
  return names === null ? [...USUAL] : PROFILE_COLUMNS.filter((column) => names.includes(column));
}
