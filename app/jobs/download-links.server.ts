import type { Crypto } from "../platform/crypto.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";

const GOOD_FOR_MS = 3_600_000;

/** The part of a path that lets whoever has it fetch one file of a shop for the next hour, without a session. */
export interface DownloadLinks {
  token(shop: ShopId, file: string): string;
  /** Null: it has run out, or is not one of ours. */
  open(token: string): { shop: ShopId; file: string } | null;
}

/** @param place what the links of one kind of file are sealed for */
export function createDownloadLinks(crypto: Pick<Crypto, "seal" | "open">, place: string): DownloadLinks {
  return {
    token: (shop, file) =>
      crypto.seal(JSON.stringify([shop, file, Date.now() + GOOD_FOR_MS]), place).toString("base64url"),
    open(token) {
      try {
        const text = crypto.open(Buffer.from(token, "base64url"), place).toString("utf8");
        const [shop, file, until] = JSON.parse(text) as [ShopId, string, number];
        return until > Date.now() ? { shop, file } : null;
      } catch {
        return null;
      }
    },
  };
}

/** A name that every system takes for a file: "Loyal, again" is loyal-again. */
export function fileName(title: string, rest: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${slug || "segment"}-${rest}.csv`;
}
