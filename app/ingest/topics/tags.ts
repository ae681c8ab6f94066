import { z } from "zod";
import { foldCase } from "../../platform/fold-case.ts";
import type { Facts, Version } from "../facts.ts";
import { gid, instant, label } from "../payload.ts";

const tagsChange = z.object({ customerId: gid, tags: z.array(label), occurredAt: instant });

/** customer.tags_added: the tags that came, not all there are. */
export function tagsAdded(payload: unknown, version: Version): Partial<Facts> {
  return { tags: toTagFacts(payload, version, true) };
}

/** customer.tags_removed */
export function tagsRemoved(payload: unknown, version: Version): Partial<Facts> {
  return { tags: toTagFacts(payload, version, false) };
}

function toTagFacts(payload: unknown, version: Version, present: boolean): Facts["tags"] {
  const { customerId, tags, occurredAt } = tagsChange.parse(payload);
  return tags.map((tag) => ({
    customerId,
    tagKey: foldCase(tag),
    tag,
    present,
    version: { ...version, updatedAt: occurredAt },
  }));
}
