import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { meaningOf } from "../../app/components/destinations/log-words.ts";
import type { IdWindow } from "../../app/platform/id-window.ts";
import { listDestinations } from "../../app/sync/destination-store.server.ts";
import { dropPassesBefore, searchLog } from "../../app/sync/log-store.server.ts";
import { sentOf } from "../../app/sync/member-pages-store.server.ts";
import { speaking } from "../../app/texts/speech.server.ts";
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
      const pageOf = (query: string, window: IdWindow, limit = 10) =>
        searchLog(db, world.shop, destinationId, { query, meant: meaningOf(query), window, limit });
      const search = (query: string, before: string | null = null) =>
        pageOf(query, before === null ? "first" : { olderThan: before }).then(({ rows }) => rows);

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
      // In the order in which they were sent, also past the ninth.
      await db.query(
        `INSERT INTO sync_log (shop_id, destination_id, audience_id, segment_name, at, added, removed, again, refused, calls, members)
         SELECT $1, $2, min(audience_id), 'Past ' || place, now(), 0, 0, 0, 0, '[]', '{}' FROM sync_log, generate_series(1, 12) AS place
         WHERE shop_id = $1 GROUP BY place ORDER BY place`,
        [world.shop, destinationId],
      );
      const names = async (window: IdWindow) => {
        const { rows, more } = await pageOf("Past", window, 5);
        return { rows, more, names: rows.map(({ segmentName }) => segmentName.slice(5)).join(" ") };
      };
      const first = await names("first");
      expect(first).toMatchObject({ names: "12 11 10 9 8", more: { newer: false, older: true } });
      const second = await names({ olderThan: first.rows.at(-1)?.id ?? "" });
      expect(second.names).toBe("7 6 5 4 3");
      expect(await names({ newerThan: second.rows[0]?.id ?? "" })).toEqual({
        ...first,
        more: { newer: false, older: true },
      });

      const { rows } = await db.query("SELECT * FROM sync_log WHERE shop_id = $1", [world.shop]);
      for (const hidden of [addressOf(2), "person-", "@"]) expect(JSON.stringify(rows)).not.toContain(hidden);
      while ((await dropPassesBefore(db, world.shop, new Date(Date.now() + 60_000), 5)) === 5);
      expect(await search("")).toEqual([]);
    } finally {
      await world.vendor.close();
    }
  });
});

describe.each(["en", "de"])("a log that is read in %s", (locale) => {
  test("is found by the words it shows", async () => {
    const world = await createWorld(db, "mailchimp");
    try {
      await world.put([...crowd(2), { id: 3, email: "no address" }]);
      await world.connect();
      await world.settle();
      await world.leave([2]);
      await world.vendor.faults({ rate500: 1 });
      await world.sync();
      await world.vendor.faults({});
      await world.settle();
      const destinationId = (await listDestinations(db, world.shop))[0]?.id ?? 0;
      const found = (query: string) =>
        speaking(locale, async () => {
          const asked = { query, meant: meaningOf(query), window: "first" as const, limit: 20 };
          const passes = await searchLog(db, world.shop, destinationId, asked);
          return passes.rows.map(({ added, removed, refused, again }) => ({ added, removed, refused, again }));
        });
      const all = await found("");
      const WORDS = {
        en: {
          refused: "Refused",
          reason: "malformed address",
          removed: "removed",
          again: "sent again",
          added: "updated",
        },
        de: {
          refused: "Abgelehnt",
          reason: "fehlerhafte Adresse",
          removed: "entfernt",
          again: "erneut",
          added: "hinzugefügt",
        },
      }[locale as "en" | "de"];
      const refused = all.filter((pass) => pass.refused > 0);
      expect(refused).toHaveLength(1);
      expect(await found(WORDS.refused)).toEqual(refused);
      expect(await found(WORDS.reason)).toEqual(refused);
      expect(await found(WORDS.removed)).toEqual(all.filter((pass) => pass.removed > 0));
      expect(await found(WORDS.again)).toEqual(all.filter((pass) => pass.again > 0));
      expect(await found(WORDS.added)).toEqual(all.filter((pass) => pass.added > 0));
      for (const words of Object.values(WORDS)) expect((await found(words)).length).toBeGreaterThan(0);
      expect(await found(locale === "en" ? "Abgelehnt" : "ganz anderes")).toEqual([]);
      expect((await found("refused")).length).toBe(1);
    } finally {
      await world.vendor.close();
    }
  });
});
