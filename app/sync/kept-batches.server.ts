import type { Db } from "../platform/db.server.ts";
import type { StoredPlace } from "./destinations.ts";
import { forgetBatch, keepBatch, type KeptBatch, releaseBatch, takeBatches } from "./vendor-batches-store.server.ts";

/** The batches a platform works on for one destination, kept where every process finds them. */
export interface KeptBatches {
  take(audience: string): Promise<KeptBatch[]>;
  keep(audience: string, batch: Pick<KeptBatch, "id" | "marks">): Promise<void>;
  release(audience: string, id: string): Promise<void>;
  forget(audience: string, id: string): Promise<void>;
}

/** @param options.now real time */
export function createKeptBatches({ db, now }: { db: Db; now(): Date }): (place: StoredPlace) => KeptBatches {
  return ({ shop, destinationId }) => ({
    take: (audience) => takeBatches(db, shop, { destinationId, audience }, now()),
    keep: (audience, batch) => keepBatch(db, shop, { destinationId, audience }, batch, now()),
    release: (audience, id) => releaseBatch(db, shop, { destinationId, audience }, id, now()),
    forget: (audience, id) => forgetBatch(db, shop, { destinationId, audience }, id),
  });
}
