import type { Erased } from "../../ingest/erased/erased.ts";
import { foldEmail, foldPhone, type Mention, mentionKey } from "../../ingest/erased/mentions.ts";
import { type Name, nameKey } from "./person.ts";

/** Names as tombstones know them. */
export function mentionsOfNames(names: readonly Name[]): Mention[] {
  return names.map(mentionOf);
}

/**
 * Whether a row is about somebody who was erased. Ids are erased for good. An address is barred in what is older than the
 * erasure, and until a customer of the shop has it again: a pipeline that was not told of the erasure would bring it back.
 * @param held names that living customers have now, by `nameKey`
 */
export function isBarred(names: readonly Name[], at: Date, erased: Erased, held: ReadonlySet<string>): boolean {
  return names.some((name) => {
    const tombstone = erased.get(mentionKey(mentionOf(name)));
    if (!tombstone) return false;
    if (name.kind === "customer_id" || name.kind === "external_id") return true;
    return at <= tombstone.erasedAt || !held.has(nameKey(name));
  });
}

function mentionOf({ kind, value }: Name): Mention {
  switch (kind) {
    case "customer_id":
      return { kind: "customer", value };
    case "external_id":
      return { kind: "external", value };
    case "email":
      return { kind, value: foldEmail(value) };
    case "phone":
      return { kind, value: foldPhone(value) };
  }
}
