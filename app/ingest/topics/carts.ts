import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { instant, optionalId, optionalText, quantity, token } from "../payload.ts";

const cart = z.object({
  token,
  created_at: instant,
  updated_at: instant,
  line_items: z
    .array(z.object({ product_id: optionalId, variant_id: optionalId, title: optionalText, quantity }))
    .default([]),
});

/** carts/create, carts/update. The body names no person: a checkout or order with its token does. */
export function cartChanged(payload: unknown, version: Version): Partial<Facts> {
  const given = cart.parse(payload);
  return {
    carts: [
      {
        token: given.token,
        items: given.line_items.reduce((sum, line) => sum + line.quantity, 0),
        lines: given.line_items.map((line) => ({
          productId: line.product_id,
          variantId: line.variant_id,
          title: line.title,
          quantity: line.quantity,
        })),
        startedAt: given.created_at,
        version: { ...version, updatedAt: given.updated_at },
      },
    ],
  };
}
