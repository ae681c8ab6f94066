import { type Mention, mentionKey } from "./mentions.ts";

/** Of someone or something that was erased. */
export interface Tombstone {
  /** The request named no customer, so the address stands for the person. */
  alone: boolean;
  erasedAt: Date;
}

/** Which of some mentions were erased, by their key. */
export type Erased = ReadonlyMap<string, Tombstone>;

/**
 * Whether a delivery speaks of somebody who was erased. A customer or an order is erased for good. An address or a token counts
 * only in what is older than the erasure, since its owner may come back as a new customer; and an address that the erased
 * customer had counts only where no other customer is named, who may have it now.
 * @param at when the delivery was triggered.
 */
export function speaksOfErased(mentions: readonly Mention[], at: Date, erased: Erased): boolean {
  if (erased.size === 0) return false;
  const others = mentions.some((mention) => mention.kind === "customer" && !erased.has(mentionKey(mention)));
  return mentions.some((mention) => {
    const { kind, value } = mention;
    if (kind === "number") return erased.has(`customer ${value}`) || erased.has(`order ${value}`);
    const tombstone = erased.get(mentionKey(mention));
    if (!tombstone) return false;
    if (kind === "customer" || kind === "order" || kind === "external") return true;
    return at <= tombstone.erasedAt && (kind === "token" || tombstone.alone || !others);
  });
}
