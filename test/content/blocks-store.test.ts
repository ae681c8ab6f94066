import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createBlock,
  deleteBlock,
  discardBlockDraft,
  listBlocks,
  listBlockVersions,
  publishBlock,
  readBlock,
  readLiveBlock,
  saveBlockDraft,
  undeleteBlock,
} from "../../app/content/blocks-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { type ContentShop, startContentShop } from "./content-shop.ts";
import { NOW } from "./someone.ts";

let own: ContentShop;
beforeAll(async () => {
  own = await startContentShop();
}, 60_000);
afterAll(() => own?.close());

const OTHER = 2 as ShopId;
const by = { author: "Staff 1", at: NOW };
const publish = (id: number, source: string, over: number, fallbacks = {}, shop = own.shop) =>
  own.db.tx((tx) =>
    publishBlock(tx, shop, id, { name: "Hero", source, fallbacks, author: "Staff 1", message: source, over, now: NOW }),
  );

describe("blocks", () => {
  it("have a draft beside the live version, and versions one after the other", async () => {
    const made = { handle: "hero", name: "Hero", place: "email" as const, source: "one", fallbacks: {}, ...by };
    const id = (await createBlock(own.db, own.shop, made)) ?? 0;
    expect(await createBlock(own.db, own.shop, made)).toBeNull();
    expect(await readLiveBlock(own.db, own.shop, "hero")).toBeNull();
    expect((await readBlock(own.db, own.shop, id))?.draft?.source).toBe("one");
    await discardBlockDraft(own.db, own.shop, id);
    expect((await readBlock(own.db, own.shop, id))?.draft?.source).toBe("one");

    expect(await publish(id, "one", 0)).toEqual({ outcome: "published", version: 1 });
    expect(await publish(id, "two", 0)).toEqual({ outcome: "outdated", version: 1 });
    expect(await publish(id, "one", 1)).toEqual({ outcome: "unchanged" });
    expect(await publish(id, "one", 1, { first_name: "you" })).toEqual({ outcome: "published", version: 2 });
    expect(await readLiveBlock(own.db, own.shop, "hero")).toEqual({
      id,
      place: "email",
      number: 2,
      source: "one",
      fallbacks: { first_name: "you" },
    });

    expect(await saveBlockDraft(own.db, own.shop, id, { name: "Hero 2", source: "three", fallbacks: {}, ...by })).toBe(
      true,
    );
    expect((await readLiveBlock(own.db, own.shop, "hero"))?.source).toBe("one");
    expect(await readBlock(own.db, own.shop, id)).toMatchObject({
      name: "Hero 2",
      liveVersion: 2,
      draft: { source: "three" },
    });
    await discardBlockDraft(own.db, own.shop, id);
    expect((await readBlock(own.db, own.shop, id))?.draft).toBeNull();
    expect(
      (await listBlockVersions(own.db, own.shop, id)).map(({ number, message }) => `${number} ${message}`),
    ).toEqual(["2 one", "1 one"]);
  });

  it("are gone when they are deleted, keep their handle, and come back as they were", async () => {
    const [{ id = 0 } = {}] = await listBlocks(own.db, own.shop);
    expect(await deleteBlock(own.db, own.shop, id, NOW)).toBe(true);
    expect(await deleteBlock(own.db, own.shop, id, NOW)).toBe(false);
    expect(await publish(id, "x", 2)).toEqual({ outcome: "not_found" });
    expect(await saveBlockDraft(own.db, own.shop, id, { name: "x", source: "x", fallbacks: {}, ...by })).toBe(false);
    expect(await readLiveBlock(own.db, own.shop, "hero")).toBeNull();
    expect((await listBlocks(own.db, own.shop)).map(({ deletedAt }) => deletedAt)).toEqual([NOW]);
    expect(await undeleteBlock(own.db, own.shop, id)).toBe(true);
    expect((await readLiveBlock(own.db, own.shop, "hero"))?.number).toBe(2);
  });

  it("are seen and changed by their own shop alone", async () => {
    const [{ id = 0 } = {}] = await listBlocks(own.db, own.shop);
    expect(await listBlocks(own.db, OTHER)).toEqual([]);
    expect(await readBlock(own.db, OTHER, id)).toBeNull();
    expect(await listBlockVersions(own.db, OTHER, id)).toEqual([]);
    expect(await publish(id, "theirs", 2, {}, OTHER)).toEqual({ outcome: "not_found" });
    expect(await deleteBlock(own.db, OTHER, id, NOW)).toBe(false);
    expect((await readLiveBlock(own.db, own.shop, "hero"))?.source).toBe("one");
  });
});
