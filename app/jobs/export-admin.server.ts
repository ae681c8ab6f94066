import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { segmentNames } from "../segment/segment-pages-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { readExport } from "../sync/csv/build-export.server.ts";
import { askForExport, findExport, listExports, type SegmentExport } from "../sync/csv/exports-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import { createDownloadLinks, fileName } from "./download-links.server.ts";
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

export function createExportAdmin({ db, crypto, queue }: ExportAdminOptions): ExportAdmin {
  const now = (): Date => new Date();
  const links = createDownloadLinks(crypto, "segment_exports|token");

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
          path: each.finishedAt ? `/exports/${links.token(shop.id, each.id)}` : null,
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
      const opened = links.open(token);
      if (!opened) return null;
      const { shop, file: exportId } = opened;
      const found = await findExport(db, shop, exportId, now());
      if (!found?.finishedAt) return null;
      return {
        name: fileName(found.segmentName, found.askedAt.toISOString().slice(0, 10)),
        size: found.bytes,
        tag: `"${exportId}-${found.bytes}"`,
        bytes: (range) => readExport({ db, shop, crypto, exportId, now }, range),
      };
    },
  };
}
