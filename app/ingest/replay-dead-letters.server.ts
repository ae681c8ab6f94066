import type { Db } from "../platform/db.server.ts";
import { askReplay, deadLettersAfter } from "./dead-letters-store.server.ts";

/** So few that the embedded database is not held up. */
const AT_ONCE = 500;

/**
 * Puts a dead letter, or all of the shop's, back among the unread deliveries, where the next reading finds them. One that is
 * understood then takes effect as any delivery does, by the version it came with; one that is not stays, with the new reason.
 * @returns how many were put back.
 */
export async function replayDeadLetters(db: Db, shopDomain: string, which: string, now: Date): Promise<number> {
  if (which !== "all") return db.tx((tx) => askReplay(tx, shopDomain, [which], now));
  let asked = 0;
  for (let after = "0"; ;) {
    const ids = await deadLettersAfter(db, shopDomain, after, AT_ONCE);
    const last = ids.at(-1);
    if (last === undefined) return asked;
    asked += await db.tx((tx) => askReplay(tx, shopDomain, ids, now));
    after = last;
  }
}
