import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type ComparedMember, comparedMembers } from "../comparisons-store.server.ts";
import { type ExceptedMember, exceptedMembers } from "../member-pages-store.server.ts";
import { csvLine } from "./csv-line.ts";

const HEADINGS = ["customer_id", "email", "first_name", "last_name", "exception", "words"];
const MEMBERS_AT_ONCE = 1_000;

/** Every member of a segment who is not in its audience, with the reason, as it is now; a line each, read while it is sent. */
export async function* exceptionsFile(sql: Sql, shop: ShopId, audienceId: number): AsyncIterable<string> {
  yield csvLine(HEADINGS);
  for (let after: string | undefined = "-1"; after !== undefined;) {
    const members: ExceptedMember[] = await exceptedMembers(sql, shop, audienceId, after, MEMBERS_AT_ONCE);
    // A refusal is kept as the platform's code and its words.
    if (members.length > 0) yield members.map((member) => lineOf({ ...member, words: member.rejection })).join("");
    after = members.length < MEMBERS_AT_ONCE ? undefined : members.at(-1)?.customerId;
  }
}

/** The same as an earlier comparison found it, under the names and addresses of now; and who was in the audience and should not have been. */
export async function* comparisonFile(sql: Sql, shop: ShopId, comparisonId: string): AsyncIterable<string> {
  yield csvLine(HEADINGS);
  for (const member of await comparedMembers(sql, shop, comparisonId)) yield lineOf(member);
}

function lineOf({ customerId, email, firstName, lastName, exception, words }: ComparedMember): string {
  return csvLine([customerId, email, firstName, lastName, exception, words]);
}
