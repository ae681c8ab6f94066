import { z } from "zod";
import type { Db } from "../../platform/db.server.ts";
import type { AdminAnswer, AskAdmin } from "../../shopify/ask-admin.server.ts";
import { APP_INSTALLATION, DELETE_METAFIELDS, METAFIELDS_AT_ONCE, SET_METAFIELDS } from "../../shopify/operations.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { readRules } from "../lists-store.server.ts";
import { type Caps, markOf, metafieldsOf, PER_LIST, placesOf } from "./metafields.ts";
import { type PendingList, pendingLists, recordSeen, type SeenList } from "./storefront-store.server.ts";

export type Published =
  /** Shopify has every list as it is. */
  | { outcome: "settled"; written: number; deleted: number }
  /** Go on after this time. */
  | { outcome: "later"; afterMs: number; written: number; deleted: number }
  | { outcome: "refused"; reason: string };

const LISTS_AT_ONCE = Math.floor(METAFIELDS_AT_ONCE / PER_LIST);
/** Every order changes some number of buyers; a list in which nothing else changed is written once a day. */
const NUMBERS_AFTER_MS = 24 * 3_600_000;

const installed = z.object({ currentAppInstallation: z.object({ id: z.string() }) });
const wasSet = z.object({
  metafieldsSet: z.object({
    userErrors: z.array(
      z.object({ code: z.string().nullish(), elementIndex: z.number().nullish(), message: z.string() }),
    ),
  }),
});
const wasDeleted = z.object({ metafieldsDelete: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) });

/**
 * Tells Shopify the lists that changed since it was told last, a call's worth of them at a time, and takes back those that are gone.
 * What was told is recorded after each call, so a stop in between repeats one call at most, and that changes nothing.
 */
export async function publishLists(options: {
  db: Db;
  shop: ShopId;
  ask: AskAdmin;
  signal: AbortSignal;
  /** Real time. */
  now(): Date;
}): Promise<Published> {
  const { db, shop, ask, signal, now } = options;
  const answer = await ask(APP_INSTALLATION, {}, installed);
  if (answer.outcome === "later") return { ...answer, written: 0, deleted: 0 };
  if (answer.outcome === "refused") return answer;
  const installation = answer.data.currentAppInstallation.id;
  const done = { written: 0, deleted: 0 };
  for (;;) {
    const pending = await pendingLists(db, shop, now(), LISTS_AT_ONCE);
    if (pending.length === 0) return { outcome: "settled", ...done };
    const { gone, changed, same } = sort(pending);
    await recordSeen(
      db,
      shop,
      same.map((list) => waiting(list, now())),
    );
    const removal = gone.length > 0 ? await remove(gone, installation, ask) : null;
    if (removal && removal.outcome !== "answered") return stop(removal, done);
    await recordSeen(db, shop, gone.map(seenAs(null)));
    done.deleted += gone.length;
    const writing = await write(changed, { installation, caps: await readRules(db, shop) }, ask);
    if (writing.outcome !== "written") return stop(writing, done);
    await recordSeen(db, shop, [
      ...writing.taken.map((list) => seenAs(markOf(list.items ?? []))(list)),
      ...writing.refused.map(seenAs(null)),
    ]);
    done.written += writing.taken.length;
    if (writing.restMs > 0 || signal.aborted) return { outcome: "later", afterMs: writing.restMs, ...done };
  }
}

/** `same`: only numbers within its reasons changed. */
function sort(pending: readonly PendingList[]): Record<"gone" | "changed" | "same", PendingList[]> {
  const sorted: Record<"gone" | "changed" | "same", PendingList[]> = { gone: [], changed: [], same: [] };
  for (const list of pending) {
    if (list.items === null || list.items.length === 0) sorted.gone.push(list);
    else if (list.mark === markOf(list.items) && !list.due) sorted.same.push(list);
    else sorted.changed.push(list);
  }
  return sorted;
}

function waiting({ productId, computedAt, mark }: PendingList, now: Date): SeenList {
  return { productId, seenAt: computedAt, mark, dueAt: new Date(now.getTime() + NUMBERS_AFTER_MS) };
}

function seenAs(mark: string | null): (list: PendingList) => SeenList {
  return ({ productId, computedAt }) => ({ productId, seenAt: computedAt, mark, dueAt: null });
}

async function remove(
  gone: readonly PendingList[],
  installation: string,
  ask: AskAdmin,
): Promise<AdminAnswer<z.infer<typeof wasDeleted>>> {
  // A product that is gone took its metafields with it, and Shopify may say so: there is nothing left to do.
  return ask(
    DELETE_METAFIELDS,
    { metafields: gone.flatMap(({ productId }) => placesOf(productId, installation)) },
    wasDeleted,
  );
}

type Written =
  | { outcome: "written"; taken: PendingList[]; refused: PendingList[]; restMs: number }
  | Exclude<AdminAnswer<never>, { outcome: "answered" }>;

/** A call is taken whole or not at all: lists that Shopify objects to are left out, and the others sent again. */
async function write(
  changed: readonly PendingList[],
  { installation, caps }: { installation: string; caps: Caps },
  ask: AskAdmin,
): Promise<Written> {
  let left = [...changed];
  const refused: PendingList[] = [];
  let restMs = 0;
  while (left.length > 0) {
    const metafields = left.flatMap(({ productId, items }) => metafieldsOf(productId, items ?? [], installation, caps));
    const answer = await ask(SET_METAFIELDS, { metafields }, wasSet);
    if (answer.outcome !== "answered") return answer;
    restMs = answer.restMs;
    const { userErrors } = answer.data.metafieldsSet;
    if (userErrors.length === 0) break;
    const faulty = new Set(userErrors.map(({ elementIndex }) => Math.floor((elementIndex ?? 0) / PER_LIST)));
    refused.push(...left.filter((_, place) => faulty.has(place)));
    left = left.filter((_, place) => !faulty.has(place));
  }
  return { outcome: "written", taken: left, refused, restMs };
}

function stop(
  answer: Exclude<AdminAnswer<never>, { outcome: "answered" }>,
  done: { written: number; deleted: number },
): Published {
  return answer.outcome === "later" ? { ...answer, ...done } : answer;
}
