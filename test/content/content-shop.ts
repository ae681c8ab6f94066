import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createBlock, publishBlock } from "../../app/content/blocks-store.server.ts";
import { createContentDoor } from "../../app/content/content-door.server.ts";
import { createRenderer } from "../../app/content/renderer.server.ts";
import { createServeBlock, type ServeBlock } from "../../app/content/serve-block.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createLog, type Log } from "../../app/platform/log.server.ts";
import type { ShownProduct } from "../../app/recommendation/list.ts";
import type { Recommender } from "../../app/recommendation/recommender.server.ts";
import type { ShopLists } from "../../app/recommendation/shop-lists.ts";
import { recordInstall } from "../../app/shopify/shop-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { NOW } from "./someone.ts";
import { openAnyDatabase } from "../support/database.ts";

const SECRET = "a secret of the app";
const SHOP = "demo.myshopify.com";

const MUG: ShownProduct = {
  id: "11",
  title: "Mug",
  url: "/products/mug",
  image: "https://cdn.example/mug.png",
  price: "12.50",
  reason: { kind: "because_bought", productId: "12", title: "Cup", both: 4, of: 9 },
};
const POPULAR: ShownProduct = {
  ...MUG,
  id: "13",
  title: "Tea",
  url: "/products/tea",
  reason: { kind: "popular", orders: 3 },
};

/** Anna (7001) is in a segment and has a list; 7005 is part of her profile; Noor (7002) is known, and nothing else. */
const STORY = `
INSERT INTO shops (id, domain, name, currency, time_zone, country) VALUES
  (1, '${SHOP}', 'Demo store', 'GBP', 'Europe/London', 'GB'), (2, 'other.myshopify.com', 'Other', 'EUR', 'UTC', 'DE');
INSERT INTO profiles (shop_id, customer_id, email, first_name, last_name, email_consent, orders_count, gross_minor, refunded_minor,
  currency, computed_at, recommended) VALUES
  (1, 7001, 'anna@example.com', 'Anna', 'Schmidt', 'subscribed', 3, 24850, 2500, 'GBP', now(),
    '${JSON.stringify({ personal: true, confidence: 0.9, items: [MUG] })}'),
  (1, 7002, 'noor@example.com', NULL, NULL, 'subscribed', 0, 0, 0, NULL, now(), NULL),
  (2, 7001, 'otto@other.example', 'Otto', 'Elsewhere', 'subscribed', 0, 0, 0, NULL, now(), NULL);
INSERT INTO products (shop_id, id, title, handle, status, image_url, price, published_at, source_updated_at, source_triggered_at,
  source_delivery) VALUES (1, 11, 'Mug', 'mug', 'active', 'https://cdn.example/mug.png', 12.50, now(), now(), now(), 'd');
INSERT INTO customers (shop_id, id, source_updated_at, source_triggered_at, source_delivery) VALUES (1, 7001, now(), now(), 'd');
INSERT INTO customer_merges VALUES (1, 7005, 7001, now(), now(), 'd');
INSERT INTO segments (id, shop_id, key, name, definition, created_at, published_at) VALUES
  (1, 1, 'interested', 'Interested in Product X', '{}', now(), now()), (2, 1, 'lapsed', 'Lapsed', '{}', now(), now()),
  (3, 2, 'interested', 'Elsewhere', '{}', now(), now());
INSERT INTO memberships VALUES (1, 1, 7001, '2026-11-20 18:30Z', NULL, now()), (1, 2, 7001, '2026-04-10', '2026-06-30', now()),
  (2, 3, 7002, '2026-04-10', NULL, now());
`;

/** The shop says that its pages are in this language. */
export function speakIn(db: Db, locale: string | null): Promise<void> {
  const told = { name: "Demo store", currency: "GBP", timeZone: "Europe/London", country: "GB", locale };
  return recordInstall(db, 1 as ShopId, told, NOW);
}

export interface ContentShop {
  db: Db;
  shop: ShopId;
  url: string;
  logged: string[];
  /** What doors over the same shop share. */
  serving: { serve: ServeBlock; recommender: Pick<Recommender, "listsOf">; log: Log };
  /** Makes a block and publishes it. */
  publish(handle: string, source: string, of?: number): Promise<number>;
  /** An address below the shop's proxy, as Shopify signs it. */
  signed(path: string, query?: Record<string, string>): string;
  close(): Promise<void>;
}

/** The storefront's door of blocks over a database of its own. */
export async function startContentShop(): Promise<ContentShop> {
  const db = await openAnyDatabase();
  await db.query(STORY);
  const logged: string[] = [];
  const log = createLog("info", { write: (line) => logged.push(line) });
  const renderer = createRenderer({ threads: 1, deadlineMs: 1_000 });
  const lists = { forVisitor: () => [POPULAR] } as Partial<ShopLists> as ShopLists;
  const recommender = { listsOf: (shop: ShopId) => (shop === (1 as ShopId) ? lists : undefined) };
  const serve = createServeBlock({ sql: db, renderer, recommender, now: () => NOW });
  const door = createContentDoor({ sql: db, secrets: [SECRET], serve, log });
  const answer = (request: IncomingMessage, response: ServerResponse): void => door(request, response);
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    db,
    shop: 1 as ShopId,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logged,
    serving: { serve, recommender, log },
    async publish(handle, source, of = 1) {
      const shop = of as ShopId;
      const written = { source, fallbacks: { first_name: "you" }, name: handle, author: "Staff", at: NOW };
      const id = await createBlock(db, shop, { ...written, handle, place: "storefront" });
      if (id === null) throw new Error("The handle is taken.");
      await db.tx((tx) => publishBlock(tx, shop, id, { ...written, message: "", over: 0, now: NOW }));
      return id;
    },
    signed(path, query = {}) {
      const all: Record<string, string> = { shop: SHOP, timestamp: String(Math.floor(Date.now() / 1000)), ...query };
      const message = Object.keys(all)
        .toSorted()
        .map((name) => `${name}=${all[name]}`)
        .join("");
      return `${path}?${new URLSearchParams({ ...all, signature: createHmac("sha256", SECRET).update(message).digest("hex") })}`;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      renderer.close();
      await db.close();
    },
  };
}
