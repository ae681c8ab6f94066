import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { moveSweep, nextToCheck, readQualityRecords, writeDuplicates, writeFindings } from "./findings-store.server.ts";
import { validateRecord } from "./validate-record.ts";

/**
 * Looks at the data of these customers as it is now, and keeps what is found. Who does not exist, or is part of another's
 * profile, has no findings.
 * @returns whose findings came or went.
 */
export async function checkProfiles(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  now: Date,
  partOfOthers: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const records = await readQualityRecords(tx, shop, customerIds);
  const own = records.filter(({ customerId }) => !partOfOthers.has(customerId));
  const findings = new Map(own.map((record) => [record.customerId, validateRecord(record, now)]));
  return writeFindings(tx, shop, customerIds, findings, now);
}

const PROFILES_AT_ONCE = 200;

/**
 * Looks at every profile of the shop, a few at a time, and at the end for what only all of them together show. Goes on where a
 * run that was cut off had come to.
 * @param times.now business time, for what lies in the future; times.real for when the sweep ended.
 * @returns customers whose findings changed.
 */
export async function sweepProfiles(
  db: Db,
  shop: ShopId,
  { signal, times }: { signal: AbortSignal; times(): { now: Date; real: Date } },
): Promise<string[]> {
  const changed = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const { now, real } = times();
    const step = await db.tx(async (tx) => {
      const { customerIds, position } = await nextToCheck(tx, shop, PROFILES_AT_ONCE);
      const single = await checkProfiles(tx, shop, customerIds, now);
      const shared = position === null ? await writeDuplicates(tx, shop, now) : [];
      await moveSweep(tx, shop, position, real);
      return { position, changed: [...single, ...shared] };
    });
    for (const id of step.changed) changed.add(id);
    if (step.position === null) return [...changed];
  }
}
