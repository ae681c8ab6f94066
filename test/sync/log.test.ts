import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { dropOldPasses, searchLog } from "../../app/sync/log-store.server.ts";
import { sentOf } from "../../app/sync/member-pages-store.server.ts";
import { addressOf, createWorld, crowd } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());

describe.each(["klaviyo", "mailchimp"] as const)("the log of what was sent to %s", (kind) => {
  test("names calls, request ids and what became of everybody, and no address", async () => {
    const world = await createWorld(db, kind);
    try {
      await world.put(crowd(3));
      await world.connect();
      await world.settle();
      await world.leave([2]);
      await world.put([{ id: 3, firstName: "Bo" }]);
      await world.settle();
      const destinationId = (await listDestinations(db, world.shop))[0]?.id ?? 0;
      const search = (query: string, before: string | null = null) =>
        searchLog(db, world.shop, destinationId, { query, before, limit: 10 });

      const all = await search("");
      expect(all.reduce((sum, { added }) => sum + added, 0)).toBe(4);
      expect(all.reduce((sum, { removed }) => sum + removed, 0)).toBe(1);
      const members = (passes: typeof all) => passes.flatMap(({ member }) => member ?? []);
      expect(members(await search("2"))).toEqual(["removed", "added"]);
      expect(members(await search("3"))).toEqual(["updated", "added"]);
      const sent = async (id: string) =>
        (await sentOf(db, world.shop, id, 10)).map(({ segmentName, outcome }) => `${segmentName}: ${outcome}`);
      expect(await sent("2")).toEqual(["Loyal: removed", "Loyal: added"]);
      expect(await sent("3")).toEqual(["Loyal: updated", "Loyal: added"]);
      expect(await sent("33")).toEqual([]);
      expect(await search("nothing of the kind")).toEqual([]);
      expect(await search("loyal")).toHaveLength(all.length);

      const calls = all.flatMap((pass) => pass.calls);
      const ids = calls.flatMap(({ requestId }) => requestId ?? []);
      expect(ids).toHaveLength(calls.length);
      expect(new Set(ids).size).toBe(ids.length);
      expect((await search(ids[0] ?? "")).map(({ id }) => id)).toHaveLength(1);
      expect(calls.every(({ call }) => /^(POST|PUT|DELETE) \//.test(call))).toBe(true);
      expect(await search("", all.at(-1)?.id ?? null)).toEqual([]);

      const { rows } = await db.query("SELECT * FROM sync_log WHERE shop_id = $1", [world.shop]);
      for (const hidden of [addressOf(2), "person-", "@"]) expect(JSON.stringify(rows)).not.toContain(hidden);
      await dropOldPasses(db, new Date(Date.now() + 31 * 86_400_000));
      expect(await search("")).toEqual([]);
    } finally {
      await world.vendor.close();
    }
  });
});
