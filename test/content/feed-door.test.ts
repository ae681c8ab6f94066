import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFeedDoor } from "../../app/content/feed-door.server.ts";
import { makeFeedToken, readFeedToken } from "../../app/content/feed-token.server.ts";
import { createFeed, listFeeds, revokeFeed } from "../../app/content/feeds-store.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { type ContentShop, speakIn, startContentShop } from "./content-shop.ts";

const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const crypto = createCrypto([key(7)]);

let own: ContentShop;
let close: () => void;
let url: string;
let feedId: number;
beforeAll(async () => {
  own = await startContentShop();
  const door = createFeedDoor({ ...own.serving, sql: own.db, crypto });
  const server = createServer(door).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => server.close();
  feedId = await createFeed(own.db, own.shop, "Mailer", new Date());
}, 300_000);
afterAll(async () => {
  close?.();
  await own?.close();
});

const token = (customerId: string | null, feed = feedId): string =>
  makeFeedToken(crypto, { shopId: own.shop, feedId: feed, customerId });
const get = (path: string, given: string, headers = {}): Promise<Response> =>
  fetch(`${url}${path}${path.includes("?") ? "&" : "?"}token=${given}`, { headers });
const titles = async (answer: Response): Promise<unknown> => {
  const { personal, products } = (await answer.json()) as { personal: boolean; products: { title: string }[] };
  return [personal, ...products.map(({ title }) => title)];
};

describe("a feed", () => {
  it("tells a customer's recommended products to the customer's token, with whole addresses", async () => {
    const answer = await get("/feed/recommendations", token("7001"));
    expect(answer.headers.get("cache-control")).toBe("private, max-age=60");
    expect(await answer.json()).toEqual({
      personal: true,
      currency: "GBP",
      products: [
        {
          id: "11",
          title: "Mug",
          url: "https://demo.myshopify.com/products/mug",
          image: "https://cdn.example/mug.png",
          price: "12.50",
          reason: "Because you bought Cup",
        },
      ],
    });
  });

  it("never tells of what is sold out, taken down or called otherwise since the list was made", async () => {
    // A door of its own each time, since one keeps its answers for a minute.
    const told = async (): Promise<unknown> => {
      const server = createServer(createFeedDoor({ ...own.serving, sql: own.db, crypto })).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/feed/recommendations?token=${token("7001")}`);
      server.close();
      return answer.json();
    };
    const set = (values: string) => own.db.query(`UPDATE products SET ${values} WHERE shop_id = 1 AND id = 11`);
    await set("title = 'Large mug', price = 9");
    expect(await told()).toMatchObject({ products: [{ id: "11", title: "Large mug", price: "9.00" }] });
    await own.db.query(
      `INSERT INTO product_variants (shop_id, product_id, variants, source_updated_at, source_triggered_at, source_delivery)
       VALUES (1, 11, '[{"id":"1","inventoryQuantity":0,"inventoryPolicy":"deny"}]', now(), now(), 'd')`,
    );
    expect(await told()).toMatchObject({ personal: false, products: [{ title: "Tea" }] });
    await own.db.query("DELETE FROM product_variants");
    expect(await told()).toMatchObject({ personal: true });
    await set("status = 'draft'");
    expect(await told()).toMatchObject({ personal: false, products: [{ title: "Tea" }] });
    await set("status = 'active', title = 'Mug', price = 12.5");
  });

  it("tells anybody's to the shop's token, and what is popular where nobody or somebody unknown is asked for", async () => {
    expect(await titles(await get("/feed/recommendations?customer=7001", token(null)))).toEqual([true, "Mug"]);
    expect(await titles(await get("/feed/recommendations", token(null)))).toEqual([false, "Tea"]);
    expect(await titles(await get("/feed/recommendations?customer=99", token(null)))).toEqual([false, "Tea"]);
    expect((await get("/feed/recommendations?customer=anna", token(null))).status).toBe(400);
  });

  it("says why in the shop's language, or in the one that is asked for, and keeps no answer for another language", async () => {
    const told = async (locale?: string): Promise<string> => {
      const asked = locale === undefined ? "" : `?locale=${locale}`;
      const answer = await get(`/feed/recommendations${asked}`, token("7001"));
      const text = await answer.text();
      return answer.ok
        ? ((JSON.parse(text) as { products: { reason: string }[] }).products[0]?.reason ?? "")
        : `${answer.status} ${text}`;
    };
    const [english, german] = ["Because you bought Cup", "Weil Sie Cup gekauft haben"];
    expect([await told("de"), await told("en"), await told("de_AT"), await told("fr")]).toEqual([
      german,
      english,
      german,
      english,
    ]);
    // Tools leave out, or leave empty, what they do not know; what a customer speaks is not what the mailing is written in.
    await own.db.query("INSERT INTO customer_locales VALUES (1, 7001, 'en', now(), now(), 'd')");
    await speakIn(own.db, "de-CH");
    const server = createServer(createFeedDoor({ ...own.serving, sql: own.db, crypto })).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    for (const asked of ["", "&locale="]) {
      const answer = await fetch(`http://127.0.0.1:${port}/feed/recommendations?token=${token("7001")}${asked}`);
      expect(await answer.json()).toMatchObject({ products: [{ reason: german }] });
    }
    server.close();
    await own.publish("why", "{{ recommended_products.first.reason }}");
    expect(await (await get("/feed/content/why", token("7001"))).text()).toBe(english);
    expect(await (await get("/feed/content/why?locale=de", token("7001"))).text()).toBe(german);
    await own.db.query("DELETE FROM customer_locales");
    const wrong = "400 locale has to be a language tag such as en or de-AT.";
    expect(await Promise.all(["../de", "de&locale=en", "%00", "e"].map(told))).toEqual([wrong, wrong, wrong, wrong]);
    expect((await get("/feed/recommendations?locale=../de", "no token")).status).toBe(401);
    await speakIn(own.db, null);
  });

  it("tells one customer nothing of another", async () => {
    expect((await get("/feed/recommendations?customer=7002", token("7001"))).status).toBe(403);
    expect(await titles(await get("/feed/recommendations", token("7002")))).toEqual([false, "Tea"]);
  });

  it("sends nothing again that the asker has", async () => {
    const tag = (await get("/feed/recommendations", token("7001"))).headers.get("etag") ?? "";
    const again = await get("/feed/recommendations", token("7001"), { "if-none-match": tag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("renders a published block for tools that fetch while they send", async () => {
    await own.publish("mail", "Hi {{ first_name }}");
    expect(await (await get("/feed/content/mail", token("7001"))).text()).toBe("Hi Anna");
    expect((await get("/feed/content/nothing", token("7001"))).status).toBe(404);
  });

  it("refuses tokens that were altered, are of a feed there is none of, or are revoked, also for what was just asked", async () => {
    const good = token("7001");
    expect((await get("/feed/recommendations", good.replace("7001", "7002"))).status).toBe(401);
    expect((await get("/feed/recommendations", "")).status).toBe(401);
    expect((await get("/feed/recommendations", token("7001", feedId + 1))).status).toBe(401);
    const theirs = makeFeedToken(crypto, { shopId: 2, feedId, customerId: "7001" });
    expect((await get("/feed/recommendations", theirs)).status).toBe(401);
    expect((await get("/feed/recommendations", good)).status).toBe(200);
    expect(await revokeFeed(own.db, own.shop, feedId, new Date())).toBe(true);
    expect((await get("/feed/recommendations", good)).status).toBe(401);
    expect((await listFeeds(own.db, own.shop)).map(({ name, lastUsedAt }) => [name, lastUsedAt !== null])).toEqual([
      ["Mailer", true],
    ]);
  });

  it("knows its tokens while the key is rotated, and not after", () => {
    const holder = { shopId: 1, feedId: 2, customerId: null };
    const old = makeFeedToken(crypto, holder);
    expect(readFeedToken(createCrypto([key(8), key(7)]), old)).toEqual(holder);
    expect(readFeedToken(createCrypto([key(8)]), old)).toBeNull();
  });
});
