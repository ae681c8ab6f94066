import { beginErasure, entombShop } from "../ingest/erased/erased-store.server.ts";
import type { Shop } from "../shopify/shop-store.server.ts";
import type { ErasureOptions, ErasureStep } from "./erase-person.server.ts";
import { eraseShopRow, eraseSomeRows, recordErasure } from "./erasures-store.server.ts";
import { TABLES } from "./personal-tables.ts";
import { addCounts, closeRequest, type OpenRequest } from "./privacy-requests-store.server.ts";

/** One statement over this many rows stays short on the embedded database too. */
const ROWS_AT_ONCE = 1_000;

/**
 * Erases a whole shop, which Shopify asks for 48 hours after the app was removed. A shop that has the app again is kept. First
 * the shop is remembered as erased, so that deliveries that come late are dropped unread; then its rows go, again and again
 * until a pass finds none; the proof stays.
 */
export async function eraseShopStep(options: ErasureOptions, request: OpenRequest): Promise<ErasureStep> {
  const { db, shop, marks, now } = options;
  if (isBack(shop, request.receivedAt)) {
    await closeRequest(db, shop.id, request.id, { state: "kept", subjectMark: null, now: now() });
    return { outcome: "kept" };
  }
  await db.tx(async (tx) => {
    await beginErasure(tx, shop.id);
    await entombShop(tx, shop.domain, marks, request.receivedAt);
  });
  // The request itself goes last: it is what a run that was cut off is taken up by.
  const tables = TABLES.filter(({ table }) => table !== "privacy_requests");
  for (let some = true; some;) {
    some = false;
    for (const table of tables) {
      for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE;) {
        deleted = await db.tx(async (tx) => {
          const count = await eraseSomeRows(tx, shop.id, shop.domain, table, ROWS_AT_ONCE);
          if (count > 0) await addCounts(tx, shop.id, request.id, { [table.table]: count });
          return count;
        });
        some ||= deleted > 0;
      }
    }
  }
  await finish(options, request);
  return { outcome: "done" };
}

/** A shop we know only by its deliveries was never installed, so Shopify's word is all there is. */
function isBack({ installedAt, uninstalledAt }: Shop, asked: Date): boolean {
  if (installedAt === null) return false;
  return installedAt > asked || (uninstalledAt !== null && installedAt > uninstalledAt);
}

async function finish({ db, shop, marks, now }: ErasureOptions, request: OpenRequest): Promise<void> {
  await db.tx(async (tx) => {
    const [mark] = marks(`shop|${shop.domain}`);
    await recordErasure(tx, shop.id, {
      requestId: request.id,
      kind: request.kind,
      source: request.source,
      shopMark: mark,
      subjectMark: mark,
      requestedAt: request.receivedAt,
      dueAt: request.dueAt,
      doneAt: now(),
    });
    await eraseShopRow(tx, shop.id);
  });
}
