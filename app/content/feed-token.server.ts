import { equalBytes, type Crypto } from "../platform/crypto.server.ts";

/** Whom a token of a feed speaks for. */
export interface FeedHolder {
  shopId: number;
  feedId: number;
  /** Null: the token of the whole shop, with which any customer may be asked for. */
  customerId: string | null;
}

const SHAPE = /^mf1\.(\d{1,9})\.(\d{1,9})\.(\d{1,19}|-)\.([A-Za-z0-9_-]{43})$/;

/**
 * A token that says what it is for, signed (HMAC-SHA256 under a key derived from MUSTER_ENCRYPTION_KEY): one can be made for every
 * customer, and none has to be kept. It ends when its feed is revoked.
 */
export function makeFeedToken({ marks }: Pick<Crypto, "marks">, holder: FeedHolder): string {
  return `${bodyOf(holder)}.${marks(`feed ${bodyOf(holder)}`)[0].toString("base64url")}`;
}

/** Null for anything that was not made here, whichever of the configured keys it was made under. */
export function readFeedToken({ marks }: Pick<Crypto, "marks">, token: string): FeedHolder | null {
  const [, shopId, feedId, customer, signature] = SHAPE.exec(token) ?? [];
  if (shopId === undefined || feedId === undefined || customer === undefined || signature === undefined) return null;
  const holder = { shopId: Number(shopId), feedId: Number(feedId), customerId: customer === "-" ? null : customer };
  const given = Buffer.from(signature, "base64url");
  // Every key is tried, so that the time taken does not tell which one it was.
  const signed = marks(`feed ${bodyOf(holder)}`).map((mark) => equalBytes(mark, given));
  return signed.includes(true) ? holder : null;
}

function bodyOf({ shopId, feedId, customerId }: FeedHolder): string {
  return `mf1.${shopId}.${feedId}.${customerId ?? "-"}`;
}
