import { expect, it } from "vitest";
import { erasePerson } from "../../app/privacy/personal-rows-store.server.ts";
import { ensureShop } from "../../app/shopify/shop-store.server.ts";
import { sendEvents } from "../../app/sync/events/send-events.server.ts";
import { openAnyDatabase } from "../support/database.ts";

it("sends nothing of somebody who is erased while others' events are sent: a platform would make them anew", async () => {
  const db = await openAnyDatabase();
  const shop = (await ensureShop(db, "events.myshopify.com")).id;
  const insert = (text: string) => db.query(`INSERT INTO ${text}`, [shop]);
  await insert(`destinations (id, shop_id, kind, credentials, settings, state, segment_events, created_at)
    VALUES (1, $1, 'klaviyo', '', '{}', 'live', true, now())`);
  await insert(`segments (id, shop_id, key, name, definition, version, published_at, created_at)
    VALUES (1, $1, 'one', 'One', '{}', 1, now(), now())`);
  await insert(
    `audiences (id, shop_id, destination_id, segment_id, remote_id, state) VALUES (1, $1, 1, 1, 'k1', 'live')`,
  );
  await insert(`segment_events (shop_id, audience_id, customer_id, change, at, backfill, email, due_at)
    SELECT $1, 1, id, 'left', now(), false, id || '@home.example', now() - interval '1 minute' FROM generate_series(101, 130) AS id`);

  const everybody = Array.from({ length: 30 }, (_, at) => String(101 + at));
  const sent: string[] = [];
  let erasure: Promise<unknown> | null = null;
  const send = async ({ name }: { name: string }): Promise<void> => {
    sent.push(name);
    const subject = {
      customers: everybody,
      orders: [],
      emails: [],
      phones: [],
      tokens: [],
      clients: [],
      externals: [],
    };
    erasure ??= db.tx((tx) => erasePerson(tx, shop, { ...subject, alone: false }));
    await erasure;
  };
  await sendEvents({ db, shop, audienceId: 1, send, firstLoad: false, now: () => new Date() });
  // These were on their way together.
  expect(sent).toHaveLength(20);
  expect((await db.query("SELECT FROM segment_events")).rows).toEqual([]);
  await db.close();
});
