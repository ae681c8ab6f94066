import type { Sql } from "../../platform/db.server.ts";
import type { Readdressed } from "../../profile/profile-store.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { type Moved, standingUnder, writeConsents } from "./consent-store.server.ts";

/**
 * What platforms said of people under an address that they gave up in the shop holds of the new one too: it was the person who unsubscribed,
 * and not the mailbox. (A bounce is the mailbox'.) Belongs into the transaction that changes the addresses, before audiences are worked out.
 * @returns the customers of whom something was said.
 */
export async function carryConsents(
  tx: Sql,
  shop: ShopId,
  readdressed: readonly Readdressed[],
  now: Date,
): Promise<string[]> {
  const moved = readdressed.flatMap(movesOf).filter(({ from, to }) => from !== "" && to !== "" && from !== to);
  if (moved.length === 0) return [];
  const standing = await standingUnder(tx, shop, moved);
  for (const [source, its] of Map.groupBy(standing, (one) => one.source)) {
    await writeConsents(tx, shop, source, its, now, false);
  }
  return [...new Set(standing.map(({ customerId }) => customerId))];
}

function movesOf({ customerId, emailBefore, email, phoneBefore, phone }: Readdressed): Moved[] {
  const mailbox = (address: string | null): string => address?.trim().toLowerCase() ?? "";
  const digits = (number: string | null): string => number?.replace(/\D/g, "") ?? "";
  const [before, after] = [digits(phoneBefore), digits(phone)];
  return [
    { customerId, channel: "email", from: mailbox(emailBefore), to: mailbox(email) },
    { customerId, channel: "sms", from: before, to: after },
    { customerId, channel: "whatsapp", from: before, to: after },
  ];
}
