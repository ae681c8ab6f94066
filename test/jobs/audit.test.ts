import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeView } from "../../app/components/settings/change-view.ts";
import { createAdminActions } from "../../app/jobs/admin-actions.server.ts";
import { createAdminReads } from "../../app/jobs/admin-reads.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import { createAutomationAdmin } from "../../app/jobs/automation-admin.server.ts";
import type { Jobs } from "../../app/jobs/catalogue.ts";
import { createDestinationAdmin } from "../../app/jobs/destination-admin.server.ts";
import type { Queue } from "../../app/jobs/queue.ts";
import { createRecommender } from "../../app/recommendation/recommender.server.ts";
import { createRecommendationAdmin } from "../../app/jobs/recommendation-admin.server.ts";
import { dropWhatIsOld } from "../../app/jobs/retention-jobs.server.ts";
import { createSegmentAdmin } from "../../app/jobs/segment-admin.server.ts";
import { createCallOut } from "../../app/platform/call-out.server.ts";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { createFormat } from "../../app/platform/format.ts";
import { createMetrics } from "../../app/platform/metrics.server.ts";
import { rulesSchema } from "../../app/recommendation/rules.ts";
import { settingsSchema } from "../../app/recommendation/settings.ts";
import type { IdWindow } from "../../app/platform/id-window.ts";
import { pageOfChanges, recordChange } from "../../app/shopify/audit-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { createDestinations } from "../../app/sync/destinations.ts";
import { speaking } from "../../app/texts/speech.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const DOMAIN = "audit.myshopify.com";
const SHOP = 1 as ShopId;
const NOW = new Date("2026-11-24T12:00:00Z");
const URL_SECRET = "path-that-is-a-secret";

let db: Db;
beforeAll(async () => {
  db = await openAnyDatabase();
  await db.query(`
    INSERT INTO shops (id, domain, currency, time_zone) VALUES (1, '${DOMAIN}', 'EUR', 'Europe/Berlin'), (2, 'other.myshopify.com', 'EUR', 'UTC');
    INSERT INTO destinations (id, shop_id, kind, credentials, settings, state, account_name, created_at)
      VALUES (1, 1, 'klaviyo', '', '{}', 'live', 'Shop', now())`);
});
afterAll(() => db.close());

/** All of the log of the shop, the oldest first, without the times. */
async function log() {
  const rows = (await pageOfChanges(db, SHOP, { subject: null, author: null, window: "first", limit: 1_000 })).rows;
  return rows.toReversed().map(({ author, subject, action, name, before, after }) => {
    return [author, subject, action, name, before, after];
  });
}

function admins() {
  const clock = { now: () => NOW };
  const queue = { ring: async () => {} } as unknown as Queue<Jobs>;
  const crypto = createCrypto([randomBytes(32).toString("base64")]);
  const nowhere = "http://localhost:1";
  const callOut = createCallOut({ sandboxOrigin: undefined });
  const destinations = createDestinations({ crypto, callOut, klaviyoUrl: nowhere, mailchimpUrl: nowhere });
  const adminOf = () => Promise.reject(new Error("nothing is asked of Shopify here"));
  return {
    segments: createSegmentAdmin({ db, clock, queue }),
    automations: createAutomationAdmin({
      db,
      clock,
      queue,
      crypto,
      adminOf,
      callOut,
      sandboxOrigin: undefined,
    }),
    connections: createDestinationAdmin({ db, destinations, queue, crypto, appUrl: nowhere }),
    recommendations: createRecommendationAdmin({
      db,
      queue,
      recommender: createRecommender({ db, log: createLog("silent"), now: () => clock.now(), onTrained() {} }),
    }),
    actions: createAdminActions({ db, crypto, destinations, queue }),
  };
}

describe("the log of what staff changed", () => {
  it("has who changed what, with how it was before and after, and no secret", async () => {
    const { segments, automations, connections, recommendations, actions } = admins();
    const rule = { message: "", confirmed: 0, announced: false };
    const published = await segments.publish(DOMAIN, {
      ...rule,
      segmentId: null,
      name: "Loyal",
      version: 0,
      author: "Ada",
      text: "number_of_orders >= 3",
    });
    const segmentId = published.outcome === "published" ? published.segmentId : 0;
    const again = { ...rule, segmentId, version: 1, author: "Ben", name: "Most loyal", text: "number_of_orders >= 5" };
    expect(await segments.publish(DOMAIN, again)).toMatchObject({ outcome: "published" });
    await segments.publish(DOMAIN, { ...again, version: 2, author: "Saved as it was" });

    const form = {
      segmentId,
      id: null,
      kind: "webhook" as const,
      tag: "",
      present: false,
      onEntry: true,
      onExit: false,
    };
    const url = `https://till.example/${URL_SECRET}`;
    const saved = await automations.save(DOMAIN, { ...form, name: "Tell the till", url }, "Ada");
    const id = saved.outcome === "saved" ? saved.id : 0;
    await automations.save(DOMAIN, { ...form, id, name: "Tell the till", url, onExit: true }, "Ben");
    await automations.pause(DOMAIN, id, "Ada");
    await automations.pause(DOMAIN, id, "Paused already");
    await automations.resume(DOMAIN, id, "Ada");
    const rotated = await automations.rotate(DOMAIN, id, "Ada");
    await automations.remove(DOMAIN, id, "kept", "Ben");

    const choice = { remoteId: null, nonSubscribed: false, guardShare: 0.2, traits: [] };
    await connections.choose(DOMAIN, { destinationId: "1", segmentId }, choice, "Ada");
    await connections.choose(DOMAIN, { destinationId: "1", segmentId }, { ...choice, nonSubscribed: true }, "Ben");
    await connections.everySegment(DOMAIN, "1", false, "Ada");
    await segments.remove(DOMAIN, segmentId, { lists: "kept", exits: "silent", author: "Ada" });
    await segments.restore(DOMAIN, segmentId, "Ben");
    const moment = { date: "2026-12-01", time: "09:00" };
    const six = "number_of_orders >= 6";
    await segments.schedule(DOMAIN, { ...again, ...moment, until: null, version: 2, text: six });
    await segments.unschedule(DOMAIN, segmentId, "Ada");

    await recommendations.saveSettings(DOMAIN, settingsSchema.parse({ threshold: 0.9 }), "Ada");
    await recommendations.saveRules(DOMAIN, rulesSchema.parse({ hidden: ["7"] }), "Ada");
    await actions.mergeDuplicatesFrom(DOMAIN, 0.95, "Ben");
    const made = await actions.createApiKey(DOMAIN, { name: "Till", scopes: ["events:write"] }, "Ada");
    const [key] = (await db.query<{ id: number }>("SELECT id FROM api_keys")).rows;
    await actions.revokeApiKey(DOMAIN, key?.id ?? 0, "Ben");
    await actions.revokeApiKey(DOMAIN, key?.id ?? 0, "Revoked already");
    await actions.chooseColumns(DOMAIN, ["email", "nonsense", "traits.nobody_told"], "Ada");

    const loyal = { name: "Loyal", rule: "number_of_orders >= 3" };
    const most = { name: "Most loyal", rule: "number_of_orders >= 5" };
    const till = {
      name: "Tell the till",
      segment: "Most loyal",
      entries: true,
      address: expect.stringMatching(/^till\.example \(\w{8}\)$/),
    };
    const [opened, closed] = [
      { ...till, exits: false },
      { ...till, exits: true },
    ];
    const kept = { nonSubscribed: false, guardShare: 0.2, traits: [] };
    const written = await log();
    expect(written).toEqual([
      ["Ada", "segment", "created", "Loyal", null, loyal],
      ["Ben", "segment", "published", "Most loyal", loyal, most],
      ["Ada", "automation", "created", "Tell the till", null, opened],
      ["Ben", "automation", "changed", "Tell the till", opened, closed],
      ["Ada", "automation", "paused", "Tell the till", null, null],
      ["Ada", "automation", "resumed", "Tell the till", null, null],
      ["Ada", "automation", "given a new secret", "Tell the till", null, null],
      ["Ben", "automation", "removed", "Tell the till", closed, null],
      // The destination takes every segment, so the audience was there.
      ["Ada", "destination", "changed", "Most loyal in klaviyo: Shop", { ...kept, guardShare: null }, kept],
      ["Ben", "destination", "changed", "Most loyal in klaviyo: Shop", kept, { ...kept, nonSubscribed: true }],
      ["Ada", "destination", "changed", "klaviyo: Shop", { everySegment: true }, { everySegment: false }],
      ["Ada", "segment", "removed", "Most loyal", null, { lists: "kept", automations: "silent" }],
      ["Ben", "segment", "restored", "Most loyal", null, null],
      ["Ben", "segment", "scheduled", "Most loyal", null, { rule: six, scheduledFor: "2026-12-01T08:00:00.000Z" }],
      [
        "Ada",
        "segment",
        "taken off the schedule",
        "Most loyal",
        { rule: six, scheduledFor: "2026-12-01T08:00:00.000Z" },
        null,
      ],
      [
        "Ada",
        "recommendations",
        "changed",
        "Settings",
        expect.objectContaining({ threshold: 0.8 }),
        expect.objectContaining({ threshold: 0.9 }),
      ],
      [
        "Ada",
        "recommendations",
        "changed",
        "Rules",
        expect.objectContaining({ hidden: [] }),
        expect.objectContaining({ hidden: ["7"] }),
      ],
      ["Ben", "settings", "changed", "Duplicates merged by themselves", { from: null }, { from: expect.closeTo(0.95) }],
      ["Ada", "api_key", "created", "Till", null, { name: "Till", scopes: ["events:write"] }],
      ["Ben", "api_key", "revoked", "Till", null, null],
      [
        "Ada",
        "settings",
        "changed",
        "Columns of the list of profiles",
        { columns: ["segments", "last_seen", "orders", "spent"] },
        { columns: ["email"] },
      ],
    ]);
    const secrets = [
      URL_SECRET,
      ...(saved.outcome === "saved" ? [saved.secret ?? ""] : []),
      ...(rotated.outcome === "rotated" ? [rotated.secret] : []),
      ...(made.outcome === "created" ? [made.key, made.key.slice(-8)] : []),
    ];
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) expect(JSON.stringify(written)).not.toContain(secret);
  });

  it("is told in German, each thing that was done and each thing that changed", async () => {
    const changes = (await pageOfChanges(db, SHOP, { subject: null, author: null, window: "first", limit: 1_000 }))
      .rows;
    const told = (locale: string): string[] =>
      speaking(locale, () => {
        const views = changes.map((change) => changeView(change, NOW, createFormat({ locale, timeZone: "UTC" })));
        const done = changes.map(({ action }, index) => views[index]?.what.slice(-action.length) ?? "");
        return [...done, ...views.flatMap(({ differences }) => differences.flatMap(({ label }) => label.split(", ")))];
      });
    const [english, german] = [told("en"), told("de")];
    expect(english.length).toBeGreaterThan(40);
    expect(english.filter((text, index) => text === german[index])).toEqual([]);
    const columns = changes.find(({ name }) => name?.startsWith("Columns"));
    if (!columns) throw new Error("It is in the log.");
    const view = speaking("de", () => changeView(columns, NOW, createFormat({ locale: "de", timeZone: "UTC" })));
    expect(view.what).toBe("Einstellungen Spalten der Profilliste: geändert");
    expect(view.differences).toEqual([
      { label: "Spalten", before: "Segmente, zuletzt gesehen, Bestellungen, ausgegeben", after: "E-Mail" },
    ]);
  });

  it("is written with the change or neither is", async () => {
    const { actions, segments } = admins();
    const before = await log();
    await db.query("ALTER TABLE audit_log RENAME TO audit_log_away");
    const given = {
      segmentId: null,
      name: "Unlogged",
      text: "number_of_orders >= 9",
      author: "Ada",
      message: "",
      version: 0,
      confirmed: 0,
      announced: false,
    };
    await expect(segments.publish(DOMAIN, given)).rejects.toThrow("audit_log");
    await expect(actions.createApiKey(DOMAIN, { name: "Unlogged", scopes: ["events:write"] }, "Ada")).rejects.toThrow(
      "audit_log",
    );
    await expect(actions.mergeDuplicatesFrom(DOMAIN, 0.5, "Ada")).rejects.toThrow("audit_log");
    await db.query("ALTER TABLE audit_log_away RENAME TO audit_log");
    const { rows } = await db.query(
      `SELECT name FROM segments WHERE name = 'Unlogged' UNION SELECT name FROM api_keys WHERE name = 'Unlogged'
       UNION SELECT 'merged' FROM duplicate_models WHERE automatic_from < 0.9`,
    );
    expect(rows).toEqual([]);
    expect(await log()).toEqual(before);
  });

  it("is read page by page, by subject and by person, and never another shop's", async () => {
    const reads = createAdminReads({ db, clock: { now: () => NOW }, metrics: createMetrics() });
    await db.query("DELETE FROM audit_log");
    for (let n = 1; n <= 120; n += 1) {
      const author = n % 3 === 0 ? "Ada" : "Ben";
      const subject = n % 2 === 0 ? ("feed" as const) : ("segment" as const);
      await recordChange(db, SHOP, { author, subject, action: "changed", name: String(n) });
    }
    await recordChange(db, 2 as ShopId, { author: "Zoe", subject: "feed", action: "changed", name: "theirs" });
    const page = async (asked: { subject?: string; author?: string; window?: IdWindow }) => {
      const found = await reads.changes(DOMAIN, { subject: "", author: "", window: "first", ...asked });
      if (found.outcome !== "found") throw new Error(found.outcome);
      const { rows, more } = found.page;
      const [newest, last] = [rows[0]?.id ?? "", rows.at(-1)?.id ?? ""];
      return { names: rows.map(({ name }) => Number(name)), more, newest, last, authors: found.authors };
    };
    const down = (from: number, count: number, step = 1) => Array.from({ length: count }, (_, k) => from - k * step);
    const first = await page({});
    expect(first).toMatchObject({ names: down(120, 50), more: { newer: false, older: true }, authors: ["Ada", "Ben"] });
    const second = await page({ window: { olderThan: first.last } });
    const last = await page({ window: { olderThan: second.last } });
    expect(last).toMatchObject({ names: down(20, 20), more: { newer: true, older: false } });
    expect(await page({ window: { newerThan: last.newest } })).toEqual(second);
    expect(await page({ window: { newerThan: second.newest } })).toEqual(first);
    expect((await page({ subject: "feed" })).names).toEqual(down(120, 50, 2));
    expect((await page({ subject: "feed", author: "Ada" })).names).toEqual(down(120, 20, 6));
    expect((await page({ author: "Zoe" })).names).toEqual([]);
    expect((await page({ subject: "nonsense" })).names).toEqual(down(120, 50));
  });

  it("is shown as differences in words", () => {
    const change = {
      id: "1",
      at: NOW,
      author: "Ada",
      subject: "recommendations" as const,
      action: "changed",
      name: "Settings",
      before: { holdoutShare: 0.05, strategies: { home: "personal", cart: "x" }, hidden: [], on: true },
      after: { holdoutShare: 0.1, strategies: { home: "popular", cart: "x" }, hidden: ["7", "8"], on: true },
    };
    const view = changeView(change, NOW, createFormat({ locale: "en", timeZone: "UTC" }));
    expect(view).toMatchObject({ who: "Ada", what: "Recommendations Settings: changed" });
    expect(view.differences).toEqual([
      { label: "holdout share", before: "0.05", after: "0.1" },
      { label: "strategies, home", before: "personal", after: "popular" },
      { label: "hidden", before: "–", after: "7, 8" },
    ]);
    const made = changeView(
      { ...change, before: null, after: { name: "Till" } },
      NOW,
      createFormat({ locale: "en", timeZone: "UTC" }),
    );
    expect(made.differences).toEqual([{ label: "name", before: null, after: "Till" }]);
  });

  it("is forgotten after two years, as what automations did is after 90 days, unless it still waits", async () => {
    await db.query(`
      DELETE FROM audit_log;
      INSERT INTO audit_log (shop_id, at, author, subject, action, name) VALUES
        (1, now() - interval '731 days', 'Ada', 'feed', 'changed', 'old'), (1, now() - interval '729 days', 'Ada', 'feed', 'changed', 'kept');
      INSERT INTO automations (id, shop_id, segment_id, kind, name, on_entry, on_exit, settings, state, since, created_at)
        SELECT 900, 1, min(id), 'flow_trigger', 'Flow', true, false, '{"kind": "flow_trigger"}', 'active', now(), now() FROM segments WHERE shop_id = 1;
      INSERT INTO automation_runs (id, shop_id, automation_id, change, at, reason, state, message_id, created_at) VALUES
        (901, 1, 900, 'entered', now(), 'happened', 'done', 'a', now() - interval '91 days'),
        (902, 1, 900, 'entered', now(), 'happened', 'waiting', 'b', now() - interval '91 days'),
        (903, 1, 900, 'entered', now(), 'happened', 'failed', 'c', now() - interval '89 days');
      INSERT INTO automation_attempts (shop_id, run_id, at, words, ms) SELECT 1, id, now(), 'Done.', 1 FROM automation_runs WHERE id > 900`);
    await dropWhatIsOld(db, { now: NOW, real: new Date() });
    const kept = async (sql: string) => (await db.query<{ what: string }>(sql)).rows.map(({ what }) => what);
    expect(await kept("SELECT name AS what FROM audit_log")).toEqual(["kept"]);
    expect(await kept("SELECT id::text AS what FROM automation_runs WHERE id > 900 ORDER BY id")).toEqual([
      "902",
      "903",
    ]);
    expect(await kept("SELECT run_id::text AS what FROM automation_attempts WHERE run_id > 900 ORDER BY 1")).toEqual([
      "902",
      "903",
    ]);
  });
});
