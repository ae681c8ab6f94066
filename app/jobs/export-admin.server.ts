import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { readExport } from "../sync/csv/build-export.server.ts";
import { askForExport, findExport, listExports, type SegmentExport } from "../sync/csv/exports-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

export type ListedExport = SegmentExport & {
  /** The path it can be fetched from for the next hour, without a session; null while it is being built. */
  path: string | null;
};

/** What pages read and ask about files of segments. Ids are as they stand in an address. */
export interface ExportAdmin {
  list(
    shopDomain: string,
    segmentId: string,
  ): Promise<
    | { outcome: "found"; shop: Shop; now: Date; segment: { id: number; name: string }; exports: ListedExport[] }
    | { outcome: "unknown_shop" | "unknown_segment" }
  >;
  ask(shopDomain: string, segmentId: string): Promise<{ outcome: "asked" | "unknown_shop" | "unknown_segment" }>;
  /** A finished file by the token of its path. */
  fetch(token: string): Promise<FetchedExport | null>;
}

export interface FetchedExport {
  name: string;
  size: number;
  /** Tells this file from any other, for `If-Range`. */
  tag: string;
  bytes(range: { start: number; end: number }): Promise<AsyncIterable<Buffer> | null>;
}

export interface ExportAdminOptions {
  db: Db;
  crypto: Crypto;
  queue: Queue<Jobs>;
}

const TOKEN_PLACE = "segment_exports|token";
const TOKEN_MS = 3_600_000;

export function createExportAdmin({ db, crypto, queue }: ExportAdminOptions): ExportAdmin {
  const now = (): Date => new Date();
  const tokenFor = (shop: ShopId, exportId: string): string =>
    crypto.seal(JSON.stringify([shop, exportId, Date.now() + TOKEN_MS]), TOKEN_PLACE).toString("base64url");

  return {
    async list(shopDomain, segmentId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const segment = (await segmentNames(db, shop.id)).find(({ id }) => String(id) === segmentId);
      if (!segment) return { outcome: "unknown_segment" };
      const exports = await listExports(db, shop.id, segment.id, now());
      return {
        outcome: "found",
        shop,
        now: now(),
        segment: { id: segment.id, name: segment.name },
        exports: exports.map((each) => ({
          ...each,
          path: each.finishedAt ? `/exports/${tokenFor(shop.id, each.id)}` : null,
        })),
      };
    },

    async ask(shopDomain, segmentId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const segment = (await segmentNames(db, shop.id)).find(({ id }) => String(id) === segmentId);
      const exportId = segment ? await askForExport(db, shop.id, segment.id, now()) : null;
      if (exportId === null) return { outcome: "unknown_segment" };
      await queue.ring("segment-export", { shopId: shop.id, exportId }, { key: exportId });
      return { outcome: "asked" };
    },

    async fetch(token) {
      const opened = openToken(crypto, token);
      if (!opened) return null;
      const { shop, exportId } = opened;
      const found = await findExport(db, shop, exportId, now());
      if (!found?.finishedAt) return null;
      const day = found.askedAt.toISOString().slice(0, 10);
      const slug =
        found.segmentName
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, "-")
          .replace(/^-|-$/g, "") || "segment";
      return {
        name: `${slug}-${day}.csv`,
        size: found.bytes,
        tag: `"${exportId}-${found.bytes}"`,
        bytes: (range) => readExport({ db, shop, crypto, exportId, now }, range),
      };
    },
  };
}

function openToken(crypto: Crypto, token: string): { shop: ShopId; exportId: string } | null {
  try {
    const text = crypto.open(Buffer.from(token, "base64url"), TOKEN_PLACE).toString("utf8");
    const [shop, exportId, until] = JSON.parse(text) as [ShopId, string, number];
    return until > Date.now() ? { shop, exportId } : null;
  } catch {
    return null;
  }
}
