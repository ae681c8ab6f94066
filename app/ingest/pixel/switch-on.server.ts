import { z } from "zod";
import type { Sql } from "../../platform/db.server.ts";
import type { AskAdmin } from "../../shopify/ask-admin.server.ts";
import { CREATE_WEB_PIXEL, UPDATE_WEB_PIXEL } from "../../shopify/operations.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { readPixel, recordPixel } from "../../shopify/shop-store.server.ts";

const payload = z.object({
  webPixel: z.object({ id: z.string() }).nullable(),
  userErrors: z.array(z.object({ code: z.string().nullish(), message: z.string() })),
});
const created = z.object({ webPixelCreate: payload });
const updated = z.object({ webPixelUpdate: payload });

export type SwitchedOn =
  { outcome: "on" } | { outcome: "later"; afterMs: number } | { outcome: "refused"; reason: string };

/**
 * Switches the shop's web pixel on at Shopify, or tells a pixel that is on where to send to. Doing it again changes nothing.
 * @param endpoint the collector, as browsers reach it.
 */
export async function switchPixelOn(sql: Sql, shop: ShopId, ask: AskAdmin, endpoint: string): Promise<SwitchedOn> {
  const { key, webPixelId } = await readPixel(sql, shop);
  if (key === null) return { outcome: "refused", reason: "The shop has no name for its pixel." };
  const settings = JSON.stringify({ accountID: key, endpoint });
  if (webPixelId !== null) {
    const answer = await ask(UPDATE_WEB_PIXEL, { id: webPixelId, settings }, updated);
    if (answer.outcome !== "answered") return answer;
    if (answer.data.webPixelUpdate.webPixel) return { outcome: "on" };
    // The app was removed since, and its pixel with it.
    await recordPixel(sql, shop, null);
  }
  const answer = await ask(CREATE_WEB_PIXEL, { settings }, created);
  if (answer.outcome !== "answered") return answer;
  const { webPixel, userErrors } = answer.data.webPixelCreate;
  if (!webPixel) return { outcome: "refused", reason: userErrors[0]?.message ?? "Shopify gave no reason." };
  await recordPixel(sql, shop, webPixel.id);
  return { outcome: "on" };
}
