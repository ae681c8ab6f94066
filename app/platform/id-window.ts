/** A list in the order of ids, the latest first: from its beginning, or what is older or newer than a row of it. */
export type IdWindow = "first" | { olderThan: string } | { newerThan: string };

/** As the address of a page has it (`?older=`, `?newer=`); what is no id reads as if it were not there. */
export function readIdWindow(search: URLSearchParams): IdWindow {
  const [older, newer] = [search.get("older"), search.get("newer")];
  if (older !== null && ID.test(older)) return { olderThan: older };
  return newer !== null && ID.test(newer) ? { newerThan: newer } : "first";
}

const ID = /^[1-9]\d{0,17}$/;

/** What a query takes of the window: bounds on the id, null where there is none, and in which direction it reads. */
export function idRange(window: IdWindow): { below: string | null; above: string | null; order: "ASC" | "DESC" } {
  if (window === "first") return { below: null, above: null, order: "DESC" };
  if ("olderThan" in window) return { below: window.olderThan, above: null, order: "DESC" };
  return { below: null, above: window.newerThan, order: "ASC" };
}

export interface IdPage<Row> {
  rows: Row[];
  more: { newer: boolean; older: boolean };
}

/** @param found in the order of `idRange`, with one more than a page where there are more */
export function cutIdPage<Row>(found: readonly Row[], window: IdWindow, limit: number): IdPage<Row> {
  const rows = found.slice(0, limit);
  const beyond = found.length > limit;
  if (window !== "first" && "newerThan" in window)
    return { rows: rows.reverse(), more: { newer: beyond, older: true } };
  return { rows, more: { newer: window !== "first", older: beyond } };
}

/** Where the pages beside this one are, at `path` with `asked` besides; null: there is none. */
export function idPages<Row extends { id: string }>(
  { rows, more }: IdPage<Row>,
  path: string,
  asked: Readonly<Record<string, string>> = {},
): { previous: string | null; next: string | null } {
  const given = Object.entries(asked).filter(([, value]) => value !== "");
  const to = (side: "newer" | "older", id: string | undefined): string | null =>
    id === undefined ? null : `${path}?${new URLSearchParams([...given, [side, id]])}`;
  return {
    previous: more.newer ? to("newer", rows[0]?.id) : null,
    next: more.older ? to("older", rows.at(-1)?.id) : null,
  };
}
