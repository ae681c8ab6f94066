import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askReplay, discardDeadLetter } from "../../app/ingest/dead-letters-store.server.ts";
import { finishArrivals, insertArrivals } from "../../app/ingest/inbox-store.server.ts";
import { createRetentionAdmin } from "../../app/jobs/retention-admin.server.ts";
import { dropWhatIsOld } from "../../app/jobs/retention-jobs.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { KEPT_KINDS, type KeptKind } from "../../app/privacy/retention.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { createSegment } from "../../app/segment/versions-store.server.ts";
import { pageOfChanges } from "../../app/shopify/audit-store.server.ts";
import type { Shop } from "../../app/shopify/shop-store.server.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

describe.each(await everyDatabase("what is kept how long"))("what is kept how long, on $kind", ({ server }) => {
  let db: Db;
  let shops = 0;
  beforeAll(async () => {
    db = await openTestDatabase(server);
  }, 60_000);
  afterAll(() => db.close());

  const begin = (): Promise<Shop> => openShop(db, `kept-${(shops += 1)}.myshopify.com`, ago(800));
  const sweep = (): Promise<void> => dropWhatIsOld(db, { now: NOW, real: NOW });
  const admin = () => createRetentionAdmin({ db, clock: { now: () => NOW } });
  const usual: Record<KeptKind, string> = {
    views: "",
    deliveries: "90",
    sync_log: "30",
    comparisons: "90",
    automation_runs: "90",
    feedback: "180",
    changes: "730",
  };

  it("empties the bodies of deliveries that were read, and of those set aside once they are understood or discarded", async () => {
    const shop = await begin();
    const arrive = (name: string, receivedAt: Date) =>
      insertArrivals(db, [
        {
          shop: shop.domain,
          topic: "orders/create",
          webhookId: name,
          eventId: null,
          apiVersion: null,
          triggeredAt: receivedAt,
          receivedAt,
          digest: Buffer.from(name.padEnd(32)),
          body: Buffer.from(`body of ${name}`),
        },
      ]);
    for (const name of ["old", "dead", "given up", "unread"]) await arrive(name, ago(95));
    await arrive("young", ago(80));
    const ids = async (...names: string[]) =>
      (
        await db.query<{ id: string }>("SELECT id FROM inbox WHERE shop = $1 AND webhook_id = ANY($2) ORDER BY id", [
          shop.domain,
          names,
        ])
      ).rows.map(({ id }) => id);
    const rows = (await ids("old", "dead", "given up", "young")).map((id) => ({ id, replayed: false }));
    const dead = (await ids("dead", "given up")).map((id) => ({ id, topic: "orders/create", reason: "x" }));
    await db.tx((tx) => finishArrivals(tx, shop.domain, rows, dead, NOW));
    const bodies = async () =>
      (
        await db.query<{ name: string }>(
          "SELECT webhook_id AS name FROM inbox WHERE shop = $1 AND length(body) > 0 ORDER BY id",
          [shop.domain],
        )
      ).rows.map(({ name }) => name);

    expect(await admin().older(shop.domain, "deliveries", 90)).toEqual({ outcome: "counted", count: 1, more: false });
    await sweep();
    expect(await bodies()).toEqual(["dead", "given up", "unread", "young"]);
    // It is still known when it comes again.
    expect(await arrive("old", NOW)).toEqual(["duplicate"]);

    const [waiting = "", givenUp = ""] = await ids("dead", "given up");
    await db.tx((tx) => askReplay(tx, shop.domain, [waiting], NOW));
    await sweep();
    expect(await bodies()).toContain("dead");
    await db.tx((tx) => finishArrivals(tx, shop.domain, [{ id: waiting, replayed: true }], [], NOW));
    await db.tx((tx) => discardDeadLetter(tx, shop.domain, givenUp, NOW));
    await sweep();
    expect(await bodies()).toEqual(["unread", "young"]);
  });

  it("lets go what visitors did, but not what a live rule counts nor what a customer did last, and leaves stays as they were", async () => {
    const shop = await begin();
    const publish = async (name: string, text: string): Promise<void> => {
      const reading = parseText(text, dictionary);
      if (reading.outcome === "refused") throw new Error(text);
      const about = { key: name.toLowerCase(), name, author: "Ada", message: "", now: ago(300), rule: reading.rule };
      await db.tx((tx) => createSegment(tx, shop.id, about));
    };
    await publish("Curious", "storefront.product_viewed MATCHES (date > -720h)");
    await db.query(
      `INSERT INTO customers (shop_id, id, email, created_at, source_updated_at, source_triggered_at, source_delivery)
       SELECT $1, id, id || '@example.com', $2, $2, $2, 'd' FROM unnest(ARRAY[1, 2]) AS given (id)`,
      [shop.id, ago(300)],
    );
    const view = (customer: number | null, days: number) =>
      db.query(
        `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, customer_id, product_id, properties)
         VALUES ($1, 'storefront.product_viewed', 'pixel', $3, $4, $4, 'browser', $2, 5, '{}')`,
        [shop.id, customer, `${customer} ${days}`, ago(days)],
      );
    for (const days of [250, 200, 100, 20]) await view(1, days);
    for (const days of [240, 150]) await view(2, days);
    await view(null, 230);
    const decide = async (): Promise<string[]> => {
      await enqueueProfiles(db, shop.id, ["1", "2"], NOW);
      while ((await recompute(db, shop.id, { limit: 10, now: NOW, coalesceMs: 0 })).taken > 0);
      const { rows } = await db.query<{ customer_id: string; entered_at: Date; left_at: Date | null }>(
        "SELECT customer_id, entered_at, left_at FROM memberships WHERE shop_id = $1 ORDER BY customer_id, entered_at",
        [shop.id],
      );
      const day = (at: Date | null) => (at ? (NOW.getTime() - at.getTime()) / DAY_MS : "now");
      return rows.map((row) => `${row.customer_id}: ${day(row.entered_at)} to ${day(row.left_at)}`);
    };
    const stays = await decide();
    expect(stays).toEqual([
      "1: 250 to 220",
      "1: 200 to 170",
      "1: 100 to 70",
      "1: 20 to now",
      "2: 240 to 210",
      "2: 150 to 120",
    ]);
    const kept = async () =>
      (
        await db.query<{ id: string }>("SELECT source_id AS id FROM events WHERE shop_id = $1 ORDER BY occurred_at", [
          shop.id,
        ])
      ).rows.map(({ id }) => id);

    expect(await admin().keep(shop.domain, { ...usual, views: "60" }, "Ada")).toEqual({ outcome: "saved" });
    await sweep();
    expect(await kept()).toEqual(["2 150", "1 20"]);
    expect(await decide()).toEqual(stays);
    const { rows: changes } = await db.query(
      "SELECT FROM membership_changes WHERE shop_id = $1 AND change IN ('withdrawn', 'resumed')",
      [shop.id],
    );
    expect(changes).toEqual([]);
    // What is known counts: a visit that turns up late.
    await view(2, 10);
    expect((await decide()).slice(-1)).toEqual(["2: 10 to now"]);

    // A rule that is published later and reads further back keeps what there is.
    await publish("Faithful", "storefront.product_viewed MATCHES (date > -4800h)");
    await view(1, 180);
    await view(1, 210);
    await sweep();
    expect(await kept()).toEqual(["1 180", "2 150", "1 20", "2 10"]);
    const found = await admin().read(shop.domain);
    expect(found).toMatchObject({ held: { name: "Faithful", days: 200 } });
  });

  it("refuses what is too short, too long or no number, and names the segment that counts further back", async () => {
    const shop = await begin();
    const reading = parseText("storefront.page_viewed MATCHES (count >= 3)", dictionary);
    if (reading.outcome === "refused") throw new Error("this is a rule");
    const about = { key: "e", name: "Ever here", author: "Ada", message: "", now: ago(300), rule: reading.rule };
    await db.tx((tx) => createSegment(tx, shop.id, about));
    const refused = await admin().keep(
      shop.domain,
      { ...usual, views: "400", deliveries: "6", sync_log: "1.5", changes: "4000", feedback: "" },
      "Ada",
    );
    expect(refused).toEqual({
      outcome: "refused",
      reasons: {
        views:
          "The segment “Ever here” counts whatever visitors ever did. Give its conditions a time, such as the last 90 days, or leave this empty.",
        deliveries: "It is needed for at least 7 days: write 7 or more.",
        sync_log: "Write a whole number of days from 7 to 365.",
        feedback: "Write a whole number of days from 60 to 730.",
        changes: "It can be kept for 3650 days at most: write 3650 or less.",
      },
    });
    expect(await admin().keep(shop.domain, { ...usual, deliveries: "30" }, "Ada")).toEqual({ outcome: "saved" });
    const found = await admin().read(shop.domain);
    expect(found).toMatchObject({ retention: { views: null, deliveries: 30, sync_log: 30 } });
    const { rows } = await pageOfChanges(db, shop.id, {
      subject: "settings",
      author: "Ada",
      window: "first",
      limit: 10,
    });
    expect(rows).toMatchObject([
      { name: "What is kept how long", before: { deliveries: 90 }, after: { deliveries: 30 } },
    ]);
    expect(Object.keys(rows[0]?.after ?? {}).sort()).toEqual([...KEPT_KINDS].sort());
    await admin().keep(shop.domain, usual, "Ada");
    expect((await db.query("SELECT FROM retention WHERE shop_id = $1", [shop.id])).rows).toEqual([]);
  });
});
