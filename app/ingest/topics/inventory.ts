import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { id, instant, quantity } from "../payload.ts";

const level = z.object({
  inventory_item_id: id,
  location_id: id,
  available: quantity.nullish(),
  updated_at: instant,
});

/** inventory_levels/update */
export function inventoryLevelChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = level.parse(payload);
  return {
    inventoryLevels: [
      {
        itemId: given.inventory_item_id,
        locationId: given.location_id,
        available: given.available ?? null,
        version: { ...version, updatedAt: given.updated_at },
      },
    ],
  };
}
