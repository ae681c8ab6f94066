import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type ExceptedMember, exceptedMembers } from "../member-pages-store.server.ts";
import { csvLine } from "./csv-line.ts";

const HEADINGS = ["customer_id", "email", "first_name", "last_name", "exception", "words"];
const MEMBERS_AT_ONCE = 1_000;

/** Every member of a segment who is not in its audience, with the reason, as it is now; a line each, read while it is sent. */
export async function* exceptionsFile(sql: Sql, shop: ShopId, audienceId: number): AsyncIterable<string> {
  yield csvLine(HEADINGS);
  for (let after: string | undefined = "-1"; after !== undefined;) {
    const members: ExceptedMember[] = await exceptedMembers(sql, shop, audienceId, after, MEMBERS_AT_ONCE);
    if (members.length > 0) yield members.map(lineOf).join("");
    after = members.length < MEMBERS_AT_ONCE ? undefined : members.at(-1)?.customerId;
  }
}

/** A refusal is kept as the platform's code and its words. */
function lineOf({ customerId, email, firstName, lastName, exception, rejection }: ExceptedMember): string {
  return csvLine([customerId, email, firstName, lastName, exception, rejection]);
}
