import type { Sql } from "../platform/db.server.ts";
import { plainLetters } from "../platform/plain-letters.ts";
import { printText } from "../segment/language/print-text.ts";
import { createSegment, type Publication, type Published } from "../segment/versions-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

/** Makes a segment with a key from its name, and writes down who did. */
export async function createNamedSegment(
  tx: Sql,
  shop: ShopId,
  { name, ...publication }: Publication & { name: string },
): Promise<Published> {
  const answer = await createSegment(tx, shop, { ...publication, key: keyOf(name), name });
  if (answer.outcome === "published") {
    const after = { name, rule: printText(publication.rule) };
    await recordChange(tx, shop, { author: publication.author, subject: "segment", action: "created", name, after });
  }
  return answer;
}

/** By which other rules name the segment. */
export function keyOf(name: string): string {
  const key = plainLetters(name, "_");
  return key === "" ? "segment" : key.slice(0, 60);
}
