import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { readTimeline } from "../../app/profile/timeline-store.server.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { library } from "../../app/segment/library.ts";
import { previewRule } from "../../app/segment/preview-store.server.ts";
import { dictionary } from "../../app/segment/segment.ts";
import { readEngagement } from "../../app/sync/engagement/read-engagement.server.ts";
import { addressOf, createWorld, crowd, type World } from "./world.ts";
import { openAnyDatabase } from "../support/database.ts";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
}, 180_000);
afterAll(() => db.close());

const DAY = 86_400_000;

describe.each(["klaviyo", "mailchimp"] as const)("what people do with mails of %s", (kind) => {
  let world: World;
  let destinationId: number;
  beforeEach(async () => {
    world = await createWorld(db, kind);
    await world.put(crowd(6));
    destinationId = await world.connect().then(async () => {
      const { rows } = await db.query<{ id: number }>("SELECT id FROM destinations WHERE shop_id = $1", [world.shop]);
      return rows[0]?.id ?? 0;
    });
    await world.settle();
    await db.query("UPDATE profiles SET exists_from = '2020-01-01' WHERE shop_id = $1", [world.shop]);
  });
  afterEach(() => world.vendor.close());

  const read = (atOnce = true) =>
    readEngagement({
      db,
      shop: world.shop,
      marks: world.marks,
      destinationId,
      destinations: world.destinations,
      now: world.now,
      atOnce,
    });

  const events = async () => {
    const { rows } = await db.query<{ who: number; kind: string; properties: Record<string, string> }>(
      "SELECT customer_id::int AS who, kind, properties FROM events WHERE shop_id = $1 AND source = $2 ORDER BY customer_id, kind",
      [world.shop, kind],
    );
    return rows;
  };

  const engaged = async (): Promise<string[]> => {
    const ready = library.find(({ key }) => key === "engaged");
    const reading = parseText(ready?.text ?? "", dictionary);
    if (reading.outcome !== "read") throw new Error("the ready segment is no rule");
    const asked = {
      rule: reading.rule,
      segmentId: null,
      at: new Date(),
      sample: 10,
      mailable: "true",
      unasked: "false",
    };
    return (await previewRule(db, world.shop, asked)).entering;
  };

  test("becomes events of theirs once, whatever fails meanwhile, and decides who is engaged", async () => {
    const now = Date.now();
    const engage = (id: number, action: string, more: object = {}) =>
      world.vendor.engage({ email: addressOf(id), action, ...more });
    for (const id of [1, 2, 3, 4]) await engage(id, "deliver");
    await engage(1, "open");
    await engage(2, "click", { url: "https://shop.example/scarf" });
    await engage(3, "open", { machine: true });
    await engage(4, "open", { at: new Date(now - 8 * DAY).toISOString() });
    await engage(5, "bounce");
    await world.vendor.faults({ rate429: 0.1, rate500: 0.1, badBody: 0.1, truncated: 0.1, seed: 5 });
    for (let tries = 0; (await read()).outcome !== "read"; tries += 1) expect(tries).toBeLessThan(40);
    await world.vendor.faults({});
    expect(await read()).toMatchObject({ outcome: "read", recorded: 0 });
    expect(await read(false)).toEqual({ outcome: "fresh" });

    const found = await events();
    expect(found.map(({ who, kind: event }) => `${who} ${event}`)).toEqual([
      "1 email.delivered",
      "1 email.opened",
      "2 email.clicked",
      "2 email.delivered",
      "3 email.delivered",
      "3 email.opened",
      "4 email.delivered",
      "4 email.opened",
      "5 email.bounced",
    ]);
    expect(found.find(({ kind: event }) => event === "email.clicked")?.properties).toEqual({
      service: kind,
      campaign_id: "spring",
      url: "https://shop.example/scarf",
    });
    const machine = found.filter(({ properties }) => properties["machine"] === "yes").map(({ who }) => who);
    // Mailchimp's reports do not tell.
    expect(machine).toEqual(kind === "klaviyo" ? [3] : []);
    expect(await engaged()).toEqual(kind === "klaviyo" ? ["1", "2"] : ["1", "2", "3"]);

    const { rows: queued } = await db.query("SELECT customer_id FROM profile_queue WHERE shop_id = $1", [world.shop]);
    expect(queued).toHaveLength(5);
    const timeline = await readTimeline(db, world.shop, "2", {
      members: ["2"],
      before: null,
      now: new Date(),
      limit: 9,
    });
    expect(timeline.entries.filter((entry) => entry.kind === "event")).toMatchObject([
      { event: "email.clicked", about: "https://shop.example/scarf" },
      { event: "email.delivered" },
    ]);
    expect(world.vendor.ledger()).toMatchObject({ consentRaised: 0, overLimit: 0, duplicateEffects: 0 });
  });

  test("takes whoever complains or unsubscribes out of every audience, and says why", async () => {
    await world.vendor.engage({ email: addressOf(1), action: "complain" });
    if (kind === "klaviyo") await world.vendor.personDecides("unsubscribe", addressOf(2));
    expect(await read()).toMatchObject({ outcome: "read", audiences: [expect.any(Number)] });
    await world.settle();
    const [audience] = await world.vendor.audiences();
    expect(audience?.members).not.toContain(addressOf(1));
    if (kind === "klaviyo") expect(audience?.members).not.toContain(addressOf(2));
    expect(audience?.members).toContain(addressOf(3));
    const { rows } = await db.query(
      "SELECT address, state, reason FROM consent_evidence WHERE shop_id = $1 ORDER BY address",
      [world.shop],
    );
    expect(rows).toContainEqual({ address: addressOf(1), state: "unsubscribed", reason: "complaint" });
    expect(world.vendor.ledger()).toMatchObject({ consentRaised: 0 });
  });

  test("leaves nothing here of who is no customer", async () => {
    await db.query("DELETE FROM profiles WHERE shop_id = $1 AND customer_id = 6", [world.shop]);
    await world.vendor.engage({ email: addressOf(6), action: "open" });
    await read();
    expect(await events()).toEqual([]);
  });
});
