import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Change, changesBegin, NOBODY, readChanges } from "./changes-store.server.ts";

/** What happened since the last look. */
export interface Changed {
  customerIds: string[];
  /** Orders that are nobody's now. */
  orderIds: string[];
  /** Somebody was erased, and it is not said who. */
  isErased: boolean;
}

/** Who changed in a shop since the last look, for one process that keeps what it knows of them in memory. */
export interface ChangeFollower {
  /** From which position it reads on. */
  from(): bigint;
  /**
   * Hands over everybody who changed; when that fails they are handed over again the next time.
   * @returns false: it was away for too long to know, and everything has to be read anew.
   */
  take(apply: (changed: Changed) => Promise<void>): Promise<boolean>;
}

/** Follows from here on: what was committed before is not told, so it has to be called before that is read. */
export async function followChanges(sql: Sql, shop: ShopId): Promise<ChangeFollower> {
  let from = await changesBegin(sql);
  /** Taken already, of those that are told again while an older transaction is running. */
  let taken = new Map<string, bigint>();
  return {
    from: () => from,
    async take(apply) {
      const read = await readChanges(sql, shop, from);
      if (read === null) return false;
      const { changes, next } = read;
      const fresh = changes.filter((change) => taken.get(nameOf(change)) !== change.position);
      const ofNobody = fresh.filter(({ customerId }) => customerId === NOBODY).map(({ orderId }) => orderId);
      const customerIds = fresh.map(({ customerId }) => customerId).filter((id) => id !== NOBODY);
      const orderIds = ofNobody.filter((id) => id !== "0");
      if (fresh.length > 0) await apply({ customerIds, orderIds, isErased: ofNobody.includes("0") });
      from = next;
      taken = new Map(
        changes.filter(({ position }) => position >= next).map((change) => [nameOf(change), change.position]),
      );
      return true;
    },
  };
}

function nameOf({ customerId, orderId }: Change): string {
  return `${customerId} ${orderId}`;
}
