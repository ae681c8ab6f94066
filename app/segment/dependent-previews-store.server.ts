import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { segmentsAsking, segmentsRead } from "./language/needs.ts";
import { type Preview, type PreviewOptions, previewRule, type SupposedRule } from "./preview-store.server.ts";
import type { Segment } from "./segment.ts";
import { listSegments } from "./segment-store.server.ts";

export interface DependentPreview {
  segment: Pick<Segment, "id" | "name">;
  preview: Preview;
}

/**
 * What a rule would change in the segments that ask for the one whose live rule it became, be it through others, in the order in which
 * they are decided. Those in which nobody would move are left out.
 */
export async function previewDependents(
  sql: Sql,
  shop: ShopId,
  { segmentId, rule, ...asked }: Omit<PreviewOptions, "asked"> & { segmentId: number },
): Promise<DependentPreview[]> {
  const live = await listSegments(sql, shop);
  const own = live.find(({ id }) => id === segmentId);
  if (!own) return [];
  const segments = new Map(live.map((segment) => [segment.key, segment]));
  const rules = new Map(live.map((segment) => [segment.key, segment.rule])).set(own.key, rule);
  const supposed: SupposedRule[] = [{ key: own.key, rule }];
  const found: DependentPreview[] = [];
  for (const key of segmentsAsking(rules, own.key)) {
    const segment = segments.get(key);
    if (!segment) continue;
    const preview = await previewRule(sql, shop, {
      ...asked,
      rule: segment.rule,
      segmentId: segment.id,
      asked: whatItAsksFor(segment, supposed),
    });
    if (preview.enters + preview.leaves > 0) found.push({ segment: { id: segment.id, name: segment.name }, preview });
    supposed.push(segment);
  }
  return found;
}

/** Of the rules that change or follow, those a segment asks for, be it through others. */
function whatItAsksFor({ rule }: Pick<Segment, "rule">, supposed: readonly SupposedRule[]): SupposedRule[] {
  const keys = segmentsRead(rule.when);
  return supposed
    .toReversed()
    .filter((one) => {
      if (!keys.has(one.key)) return false;
      for (const key of segmentsRead(one.rule.when)) keys.add(key);
      return true;
    })
    .toReversed();
}
