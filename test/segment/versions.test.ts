import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ALL_PARTS } from "../../app/ingest/parts.ts";
import { noFacts } from "../../app/ingest/facts.ts";
import { mergeFacts } from "../../app/ingest/facts-store.server.ts";
import { topics } from "../../app/ingest/topics.ts";
import { buildSegments } from "../../app/jobs/build.server.ts";
import { startBacktestJobs } from "../../app/jobs/backtest-jobs.server.ts";
import { catalogue } from "../../app/jobs/catalogue.ts";
import { createLocalQueue } from "../../app/jobs/local-queue.server.ts";
import { recompute } from "../../app/jobs/recompute.server.ts";
import type { BacktestAnswer } from "../../app/jobs/rule-trials.server.ts";
import { createSegmentAdmin } from "../../app/jobs/segment-admin.server.ts";
import { openShop } from "../../app/jobs/take-in.server.ts";
import { createLog } from "../../app/platform/log.server.ts";
import type { Db } from "../../app/platform/db.server.ts";
import { enqueueProfiles } from "../../app/profile/profile-store.server.ts";
import { addAutomation, setAutomationState } from "../../app/segment/automations/automations-store.server.ts";
import { listRuns } from "../../app/segment/automations/runs-store.server.ts";
import { previewDependents } from "../../app/segment/dependent-previews-store.server.ts";
import { addPoint, type BacktestSubject, backtestsToRun } from "../../app/segment/backtests-store.server.ts";
import { readBuilds } from "../../app/segment/builds-store.server.ts";
import { type KnownPast, knownPast } from "../../app/segment/known-past.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import type { Rule } from "../../app/segment/language/tree.ts";
import {
  backtestRule,
  countMembers,
  enteredBetween,
  explainRule,
  previewRule,
} from "../../app/segment/preview-store.server.ts";
import { findTimelineEntries } from "../../app/profile/timeline-entries-store.server.ts";
import { dictionary } from "../../app/segment/segment.ts";
import {
  createSegment,
  discardDraft,
  listVersions,
  publishDraft,
  publishRule,
  readDraft,
  restoreVersion,
  saveDraft,
} from "../../app/segment/versions-store.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { MAILABLE, UNASKED } from "../../app/sync/projection-store.server.ts";
import { everyDatabase, openTestDatabase } from "../support/database.ts";

const NOW = new Date("2026-11-10T00:00:00.000Z");
const by = { author: "Ada", message: "as agreed", now: NOW };

function rule(text: string): Rule {
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  return reading.rule;
}

// PostgreSQL puts everybody in or out by one statement first; the embedded database goes straight to the stretches.
describe.each(await everyDatabase("a new rule that is filled by one statement before it is decided"))(
  "on $kind",
  ({ server }) => {
    let db: Db;
    let shop: ShopId;

    /** Customer n orders n times, on the first n days of November, for 100 each. */
    beforeAll(async () => {
      db = await openTestDatabase(server);
      shop = (await openShop(db, "versions.myshopify.com", NOW)).id;
      await db.query("UPDATE shops SET currency = 'EUR' WHERE id = $1", [shop]);
      for (let customer = 1; customer <= 3; customer += 1) {
        for (let day = 1; day <= customer; day += 1) {
          const at = `2026-11-0${day}T00:00:00Z`;
          const body = {
            id: customer * 10 + day,
            created_at: at,
            updated_at: at,
            customer: { id: customer, email: `${customer}@example.com`, created_at: at, updated_at: at },
            total_price_set: { shop_money: { amount: "100.00", currency_code: "EUR" } },
          };
          const version = { updatedAt: new Date(at), triggeredAt: new Date(at), delivery: at };
          const facts = { ...noFacts(), ...topics["orders/create"]?.(body, version) };
          await db.tx(async (tx) => enqueueProfiles(tx, shop, await mergeFacts(tx, shop, facts), NOW));
        }
      }
      while ((await recompute(db, shop, { limit: 100, now: NOW, coalesceMs: 0 })).more);
    }, 60_000);

    afterAll(async () => {
      await db.close();
    });

    async function build(): Promise<void> {
      while ((await buildSegments(db, shop, { limit: 2, now: NOW, coalesceMs: 0 })).more);
    }

    async function membersOf(segmentId: number): Promise<string[]> {
      const { rows } = await db.query<{ id: string }>(
        "SELECT customer_id AS id FROM memberships WHERE shop_id = $1 AND segment_id = $2 AND left_at IS NULL ORDER BY 1",
        [shop, segmentId],
      );
      return rows.map(({ id }) => id);
    }

    it("a segment goes from a preview to a draft to versions and back, and everybody is decided each time", async () => {
      const often = rule("orders_placed MATCHES (count >= 2)");
      expect(
        await previewRule(db, shop, {
          rule: often,
          segmentId: null,
          at: NOW,
          sample: 1,
          mailable: MAILABLE,
          unasked: UNASKED,
        }),
      ).toEqual({
        members: 2,
        enters: 2,
        leaves: 0,
        mailable: 0,
        unasked: 2,
        estimated: false,
        among: ["2"],
        entering: ["2"],
        leaving: [],
      });
      const made = await db.tx((tx) => createSegment(tx, shop, { key: "often", name: "Often", rule: often, ...by }));
      if (made.outcome !== "published") throw new Error(made.outcome);
      const { segmentId } = made;
      await build();
      expect(await membersOf(segmentId)).toEqual(["2", "3"]);

      const spenders = rule("amount_spent < 250");
      expect(await saveDraft(db, shop, segmentId, { rule: spenders, author: "Ada", at: NOW })).toBe(true);
      expect((await readDraft(db, shop, segmentId))?.rule).toEqual(spenders);
      expect(
        await previewRule(db, shop, {
          rule: spenders,
          segmentId,
          at: NOW,
          sample: 5,
          mailable: MAILABLE,
          unasked: UNASKED,
        }),
      ).toEqual({
        members: 2,
        enters: 1,
        leaves: 1,
        mailable: 0,
        unasked: 1,
        estimated: false,
        among: ["1", "2"],
        entering: ["1"],
        leaving: ["3"],
      });
      expect(await membersOf(segmentId)).toEqual(["2", "3"]);
      expect(await db.tx((tx) => publishDraft(tx, shop, segmentId, by))).toEqual({
        outcome: "published",
        segmentId,
        version: 2,
      });
      expect(await readDraft(db, shop, segmentId)).toBeNull();
      await build();
      expect(await membersOf(segmentId)).toEqual(["1", "2"]);
      const builds = await readBuilds(db, shop);
      expect(builds.find((each) => each.segmentId === segmentId)).toMatchObject({
        done: 3,
        total: 3,
        target: "2  EUR",
      });
      expect(builds.every(({ finishedAt }) => finishedAt !== null)).toBe(true);

      await db.tx((tx) => restoreVersion(tx, shop, segmentId, 1, { author: "Bob", now: NOW }));
      await build();
      expect(await membersOf(segmentId)).toEqual(["2", "3"]);
      expect(
        (await listVersions(db, shop, segmentId)).map(({ number, text, author, message }) => [
          number,
          text,
          author,
          message,
        ]),
      ).toEqual([
        [3, "orders_placed MATCHES (count >= 2)", "Bob", "Version 1 restored"],
        [2, "amount_spent < 250", "Ada", "as agreed"],
        [1, "orders_placed MATCHES (count >= 2)", "Ada", "as agreed"],
      ]);
      const { rows } = await db.query(
        `SELECT customer_id, change, cause, version FROM membership_changes WHERE shop_id = $1 AND segment_id = $2 ORDER BY id`,
        [shop, segmentId],
      );
      expect(rows.map((row) => Object.values(row as object).join(" "))).toEqual([
        "2 entered rule 1",
        "3 entered rule 1",
        "1 entered rule 2",
        "3 left rule 2",
        "1 left rule 3",
        "3 entered rule 3",
      ]);
    });

    it("refuses what would go round in a circle, name nobody or take another's key", async () => {
      const publish = (key: string, text: string) =>
        db.tx((tx) => createSegment(tx, shop, { key, name: key, rule: rule(text), ...by }));
      expect(await publish("a", "segments CONTAINS 'b'")).toEqual({ outcome: "unknown_segments", keys: ["b"] });
      expect(await publish("a", "segments CONTAINS 'loyal'")).toMatchObject({ outcome: "published", version: 1 });
      expect(await publish("b", "segments CONTAINS 'a'")).toMatchObject({ outcome: "published" });
      expect(await publish("loyal", "amount_spent > 5")).toEqual({ outcome: "taken" });
      const { rows } = await db.query<{ id: number }>("SELECT id FROM segments WHERE shop_id = $1 AND key = 'a'", [
        shop,
      ]);
      const id = rows[0]?.id ?? 0;
      const again = (text: string) => db.tx((tx) => publishRule(tx, shop, id, { rule: rule(text), ...by }));
      expect(await again("segments CONTAINS 'b'")).toEqual({ outcome: "cycle", keys: ["a", "b", "a"] });
      expect(await again("segments CONTAINS 'loyal'")).toEqual({ outcome: "unchanged", segmentId: id });
      expect(await db.tx((tx) => publishRule(tx, shop, 999_999, { rule: rule("amount_spent > 5"), ...by }))).toEqual({
        outcome: "not_found",
      });
      await discardDraft(db, shop, id);
    });

    it("counts, looks back and explains", async () => {
      const twice = rule("orders_placed MATCHES (date > -168h, count >= 2)");
      expect(await countMembers(db, shop, twice, NOW)).toBe(0);
      const days = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-08"].map((day) => new Date(`${day}T12:00:00Z`));
      const points = await Array.fromAsync(backtestRule(db, shop, twice, days));
      expect(points.map(({ members, entered, left }) => [members, entered, left])).toEqual([
        [0, 0, 0],
        [2, 2, 0],
        [2, 0, 0],
        [1, 0, 1],
      ]);
      expect(await explainRule(db, shop, twice, "3", new Date("2026-11-03T12:00:00Z"))).toEqual({
        matches: true,
        member: true,
        changesAt: new Date("2026-11-09T00:00:00Z"),
        memberChangesAt: new Date("2026-11-09T00:00:00Z"),
        evidence: [
          {
            clause: "orders_placed MATCHES (date > -168h, count >= 2)",
            holds: true,
            changesAt: new Date("2026-11-09T00:00:00Z"),
            found: [{ name: "count", value: 3 }],
            events: [3, 2, 1].map((day) => ({ kind: "orders_placed", at: new Date(`2026-11-0${day}T00:00:00Z`) })),
          },
        ],
      });
      expect(await explainRule(db, shop, twice, "99", NOW)).toBeNull();
    });

    describe("automations of a segment with a new rule", () => {
      async function told(key: string): Promise<{ segmentId: number; runs(): Promise<string[]> }> {
        const often = rule("number_of_orders >= 3");
        const made = await db.tx((tx) => createSegment(tx, shop, { key, name: key, rule: often, ...by }));
        if (made.outcome !== "published") throw new Error(made.outcome);
        const { segmentId } = made;
        await build();
        expect(await membersOf(segmentId)).toEqual(["3"]);
        const given = { segmentId, name: "Tell", onEntry: true, onExit: true, secret: null, since: new Date(0) };
        const settings = { kind: "flow_trigger" as const };
        await addAutomation(db, shop, { ...given, settings }, NOW);
        const paused = await addAutomation(db, shop, { ...given, settings }, NOW);
        await setAutomationState(db, shop, paused ?? 0, { state: "paused", reason: null });
        const runs = async (): Promise<string[]> => {
          const asked = { customerId: null, state: null, window: "first" as const, limit: 50 };
          const { rows: all } = await listRuns(db, shop, segmentId, asked);
          expect(all.every(({ automationId }) => automationId !== paused)).toBe(true);
          return all.map(({ customerId, change, reason }) => `${customerId} ${change} ${reason}`).sort();
        };
        return { segmentId, runs };
      }
      const publish = (segmentId: number, text: string, announced: boolean) =>
        db.tx((tx) => publishRule(tx, shop, segmentId, { rule: rule(text), ...by, announced }));

      it("run for nobody whom it moves, unless that was asked for: then once for each", async () => {
        const { segmentId, runs } = await told("moved");
        await publish(segmentId, "number_of_orders >= 2", false);
        await build();
        expect(await membersOf(segmentId)).toEqual(["2", "3"]);
        expect(await runs()).toEqual([]);
        await publish(segmentId, "number_of_orders <= 2", true);
        await build();
        expect(await membersOf(segmentId)).toEqual(["1", "2"]);
        expect(await runs()).toEqual(["1 entered rule", "3 left rule"]);
        // Deciding everybody anew for another reason tells nobody.
        await db.query("UPDATE segment_builds SET target = 'other clocks' WHERE shop_id = $1", [shop]);
        await db.query("DELETE FROM memberships WHERE shop_id = $1 AND segment_id = $2 AND customer_id = 2", [
          shop,
          segmentId,
        ]);
        await build();
        expect(await membersOf(segmentId)).toEqual(["1", "2"]);
        expect(await runs()).toHaveLength(2);
      });

      it("run once too for who was decided between the publication and the build", async () => {
        const { segmentId, runs } = await told("between");
        await publish(segmentId, "number_of_orders <= 2", true);
        await enqueueProfiles(db, shop, new Map([["3", ALL_PARTS]]), NOW);
        while ((await recompute(db, shop, { limit: 100, now: NOW, coalesceMs: 0 })).more);
        expect(await runs()).toEqual(["3 left rule"]);
        await build();
        expect(await runs()).toEqual(["1 entered rule", "2 entered rule", "3 left rule"]);
      });
    });

    describe("segments that ask for the one whose rule is new", () => {
      /** Asks for `base` directly, through the first, through both and with a policy; one asks for something else. */
      async function chain(name: string, policy: string): Promise<{ base: number; ids: Map<string, number> }> {
        const rules = [
          ["base", `number_of_orders >= 2 ${policy}`],
          ["asks", `segments CONTAINS '${name}_base' AND number_of_orders <= 2`],
          ["through", `segments NOT CONTAINS '${name}_asks' OR segments IS NULL`],
          ["stays", `segments CONTAINS '${name}_through' AND segments CONTAINS '${name}_base' STAY AT LEAST 1h`],
          ["apart", "number_of_orders >= 2"],
        ] as const;
        const ids = new Map<string, number>();
        for (const [key, text] of rules) {
          const made = await db.tx((tx) =>
            createSegment(tx, shop, { key: `${name}_${key}`, name: key, rule: rule(text), ...by }),
          );
          if (made.outcome !== "published") throw new Error(made.outcome);
          ids.set(key, made.segmentId);
        }
        await build();
        return { base: ids.get("base") ?? 0, ids };
      }

      it.each([
        ["without policies", "plain", ""],
        ["with a policy of its own", "policy", "STAY AT LEAST 1h"],
      ])("are seen before as they turn out, %s", async (_, name, policy) => {
        const { base, ids } = await chain(name, policy);
        const present = async () =>
          new Map(await Promise.all([...ids].map(async ([key, id]) => [key, await membersOf(id)] as const)));
        const before = await present();
        expect(Object.fromEntries(before)).toEqual({
          base: ["2", "3"],
          asks: ["2"],
          through: ["1", "3"],
          stays: ["3"],
          apart: ["2", "3"],
        });
        const asked = { segmentId: base, at: NOW, sample: 5, mailable: MAILABLE, unasked: UNASKED };
        const next = rule(`number_of_orders <= 2 ${policy}`);
        const foreseen = await previewDependents(db, shop, { ...asked, rule: next });
        expect(
          foreseen.map(({ segment, preview: { entering, leaving, members, estimated } }) => [
            segment.name,
            entering,
            leaving,
            members,
            estimated,
          ]),
        ).toEqual([
          ["asks", ["1"], [], 2, false],
          ["through", [], ["1"], 1, false],
          ["stays", [], ["3"], 0, false],
        ]);
        await db.tx((tx) => publishRule(tx, shop, base, { rule: next, ...by }));
        await build();
        const after = await present();
        expect(Object.fromEntries(after)).toEqual({
          base: ["1", "2"],
          asks: ["1", "2"],
          through: ["3"],
          stays: [],
          apart: ["2", "3"],
        });
        // What goes round in a circle is refused when it is published, and follows nowhere.
        const circle = rule(`segments CONTAINS '${name}_asks'`);
        expect(await previewDependents(db, shop, { ...asked, rule: circle })).toEqual([]);
      });

      it("have automations that run for nobody, now or later, or for all who move where that was asked for", async () => {
        const { base, ids } = await chain("told", "");
        const asks = ids.get("asks") ?? 0;
        const given = { segmentId: asks, name: "Tell", onEntry: true, onExit: true, secret: null, since: new Date(0) };
        await addAutomation(db, shop, { ...given, settings: { kind: "flow_trigger" } }, NOW);
        const runs = async (): Promise<string[]> => {
          const asked = { customerId: null, state: null, window: "first" as const, limit: 50 };
          const { rows: all } = await listRuns(db, shop, asks, asked);
          return all.map(({ customerId, change, reason }) => `${customerId} ${change} ${reason}`);
        };
        const publish = async (text: string, announced: boolean): Promise<void> => {
          await db.tx((tx) => publishRule(tx, shop, base, { rule: rule(text), ...by, announced }));
          await build();
        };
        await publish("number_of_orders <= 2", true);
        expect(await runs()).toEqual(["1 entered rule"]);
        await publish("number_of_orders >= 2", false);
        expect(await membersOf(asks)).toEqual(["2"]);
        await enqueueProfiles(db, shop, new Map([["1", ALL_PARTS]]), NOW);
        while ((await recompute(db, shop, { limit: 100, now: NOW, coalesceMs: 0 })).more);
        expect(await runs()).toEqual(["1 entered rule"]);
        await publish("number_of_orders <= 1", true);
        expect((await runs()).toSorted()).toEqual(["1 entered rule", "1 entered rule", "2 left rule"]);
        const { rows } = await db.query("SELECT FROM segments WHERE shop_id = $1 AND moves_announced", [shop]);
        expect(rows).toEqual([]);
      });
    });

    it("a preview counts entry and exit policies in, and among those who enter whom one may write to", async () => {
      await db.query("UPDATE profiles SET email_consent = 'subscribed' WHERE shop_id = $1 AND customer_id <> 3", [
        shop,
      ]);
      await db.query(
        `INSERT INTO platform_consents (shop_id, channel, address, source, unsubscribed_at, lasting) VALUES ($1, 'email', '2@example.com', 'klaviyo', $2, false)`,
        [shop, NOW],
      );
      const preview = (text: string) =>
        previewRule(db, shop, {
          rule: rule(text),
          segmentId: null,
          at: NOW,
          sample: 5,
          mailable: MAILABLE,
          unasked: UNASKED,
        });
      // All ordered first on the 1st and customer n last on day n; now the 10th begins.
      const recent = "orders_placed MATCHES (date > -180h)";
      expect(await preview(recent)).toMatchObject({ entering: ["3"], members: 1, mailable: 0 });
      expect(await preview(`${recent} STAY AT LEAST 9d`)).toMatchObject({ entering: ["3"] });
      expect(await preview(`${recent} STAY AT LEAST 10d`)).toMatchObject({
        entering: ["1", "2", "3"],
        mailable: 1,
        unasked: 1,
      });
      await db.query("UPDATE profiles SET email_consent = 'unsubscribed' WHERE shop_id = $1 AND customer_id = 3", [
        shop,
      ]);
      expect(await preview(recent)).toMatchObject({ mailable: 0, unasked: 0 });
      expect(await preview("number_of_orders > 0 EXPIRE AFTER 8d")).toMatchObject({
        entering: ["3"],
        estimated: false,
      });
    });

    it("names who would have entered on a day of the past, some at a time", async () => {
      const bought = rule("number_of_orders > 0");
      const between = (from: string, to: string, after = "-1", limit = 10) =>
        enteredBetween(db, shop, bought, { from: new Date(from), to: new Date(to), after, limit });
      expect(await between("2026-10-31T12:00:00Z", "2026-11-01T12:00:00Z")).toEqual(["1", "2", "3"]);
      expect(await between("2026-10-31T12:00:00Z", "2026-11-01T12:00:00Z", "-1", 2)).toEqual(["1", "2"]);
      expect(await between("2026-10-31T12:00:00Z", "2026-11-01T12:00:00Z", "2")).toEqual(["3"]);
      expect(await between("2026-11-01T12:00:00Z", "2026-11-02T12:00:00Z")).toEqual([]);
    });

    it("says where on the timeline stands what a rule counted", async () => {
      const at = (day: number): Date => new Date(`2026-11-0${day}T00:00:00Z`);
      const counted = [3, 1, 4].map((day) => ({ kind: "orders_placed", at: at(day) }));
      await db.query("UPDATE orders SET name = '#1033' WHERE shop_id = $1 AND id = 33", [shop]);
      expect(await findTimelineEntries(db, shop, ["3"], counted)).toEqual([
        { key: "3order:33", at: at(3), name: "#1033" },
        { key: "3order:31", at: at(1), name: null },
        null,
      ]);
      expect(await findTimelineEntries(db, shop, ["1"], [{ kind: "orders_placed", at: at(3) }])).toEqual([null]);
      await db.query(
        `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, customer_id, properties)
       SELECT $1, 'custom.signed_up', 'api', n::text, $2, $2, 1, '{}' FROM generate_series(1, 2) n`,
        [shop, at(5)],
      );
      const twice = Array.from({ length: 2 }, () => ({ kind: "custom.signed_up", at: at(5) }));
      const found = await findTimelineEntries(db, shop, ["1"], twice);
      expect(new Set(found.map((entry) => entry?.key)).size).toBe(2);
    });

    it("a run over the past is worked out apart from whoever asked, goes on where it was cut off, and can be cancelled", async () => {
      const log = createLog("silent");
      const once = { ...catalogue, backtest: { ...catalogue.backtest, attempts: 1 } };
      const [idle, working] = [createLocalQueue({ catalogue, log }), createLocalQueue({ catalogue: once, log })];
      const [asking, other] = [idle, working].map((queue) =>
        createSegmentAdmin({ db, clock: { now: () => NOW }, queue }),
      );
      if (!asking || !other) throw new Error("two are made");
      const domain = "versions.myshopify.com";
      const twice = "orders_placed MATCHES (date > -168h, count >= 2)";
      const both = { segmentId: null, texts: [twice, "number_of_orders  >= 3"], days: 9 };
      const rows = (answer: BacktestAnswer) =>
        answer.outcome === "found"
          ? answer.runs.map((run) => run.map(({ members, entered, left }) => [members, entered, left].join(" ")))
          : answer.outcome;
      const kept = (subject: BacktestSubject = both) => asking.backtest(domain, subject);

      expect(await kept()).toEqual({ outcome: "nothing" });
      expect(await asking.beginBacktest(domain, both)).toMatchObject({ state: "running", done: 0, total: 20 });
      const begun = await kept();
      if (begun.outcome !== "found") throw new Error(begun.outcome);
      // Somebody got as far as the 1st, the day before customers 2 and 3 had ordered twice.
      const first = { at: new Date("2026-11-01T00:00:00Z"), members: 0, entered: 0, left: 0 };
      expect(await addPoint(db, shop, begun.id, 0, first)).toBe(true);
      expect(await addPoint(db, shop, begun.id, 0, { ...first, members: 9 })).toBe(false);
      expect(await kept()).toMatchObject({ state: "running", done: 1 });

      onTestFinished(startBacktestJobs({ db, queue: working, log }));
      await expect
        .poll(() => kept(), { timeout: 10_000 })
        .toMatchObject({ state: "finished", done: 20, isOfThese: true });
      expect(rows(await kept())).toEqual([
        ["0 0 0", "2 2 0", "2 0 0", "2 0 0", "2 0 0", "2 0 0", "2 0 0", "1 0 1", "0 0 1", "0 0 0"],
        ["0 0 0", "0 0 0", "1 1 0", ...Array.from({ length: 7 }, () => "1 0 0")],
      ]);
      expect(await kept({ ...both, texts: [twice] })).toEqual({ outcome: "nothing" });

      // One that is begun again and cancelled leaves what was kept.
      const again = await asking.beginBacktest(domain, both);
      if (again.outcome !== "found") throw new Error(again.outcome);
      expect(again).toMatchObject({ state: "running", done: 0 });
      await openShop(db, "elsewhere.myshopify.com", NOW);
      await asking.cancelBacktest("elsewhere.myshopify.com", again.id);
      expect(await kept()).toMatchObject({ state: "running" });
      await asking.cancelBacktest(domain, again.id);
      expect(await kept()).toMatchObject({ id: begun.id, state: "finished" });

      // Of a segment the newest is shown, whatever its rule; one that cannot be worked out says so.
      const made = await db.tx((tx) =>
        createSegment(tx, shop, { key: "past", name: "Past", rule: rule(twice), ...by }),
      );
      if (made.outcome !== "published") throw new Error(made.outcome);
      const ofSegment = { segmentId: made.segmentId, texts: [twice], days: 9 };
      await db.query(
        `INSERT INTO backtests (shop_id, segment_id, texts, days, ends_at, past, asked_at)
         SELECT shop_id, $2, '{nonsense}', days, ends_at, past, asked_at FROM backtests WHERE shop_id = $1`,
        [shop, ofSegment.segmentId],
      );
      onTestFinished(startBacktestJobs({ db, queue: createLocalQueue({ catalogue: once, log }), log }));
      await expect
        .poll(() => kept(ofSegment))
        .toMatchObject({ state: "failed", isOfThese: false, texts: ["nonsense"] });
      await db.query("UPDATE backtests SET asked_at = asked_at - interval '7 days'");
      expect(await kept(ofSegment)).toEqual({ outcome: "nothing" });
      expect(await backtestsToRun(db, new Date())).toEqual([]);
      expect((await db.query("SELECT FROM backtests")).rowCount).toBe(0);
    });

    it("a run over the past reads as it is now what it says of itself, and as it was then what it does not", async () => {
      const tell = async (topic: string, day: number, body: object): Promise<void> => {
        const at = new Date(`2026-11-0${day}T00:00:00Z`);
        const said = { created_at: at.toISOString(), updated_at: at.toISOString(), ...body };
        const facts = topics[topic]?.(said, { updatedAt: at, triggeredAt: at, delivery: `${topic} ${day}` });
        await db.tx(async (tx) =>
          enqueueProfiles(tx, shop, await mergeFacts(tx, shop, { ...noFacts(), ...facts }), NOW),
        );
      };
      const ordered = "2026-11-01T00:00:00Z";
      const buyer = { id: 9, first_name: "Ada", created_at: ordered, updated_at: ordered };
      const order = {
        id: 91,
        created_at: ordered,
        total_price_set: { shop_money: { amount: "5.00", currency_code: "EUR" } },
        customer: buyer,
        line_items: [{ id: 911, product_id: 77, quantity: 1, price: "5.00" }],
      };
      await tell("products/create", 1, { id: 77, tags: "new", variants: [] });
      await tell("orders/create", 1, { ...order, tags: "web" });
      await tell("customers/update", 8, { ...buyer, first_name: "Bea", updated_at: "2026-11-08T00:00:00Z" });
      await tell("products/update", 8, { id: 77, tags: "sale", variants: [] });
      await tell("orders/updated", 8, { ...order, tags: "gift" });
      await db.query(
        `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, customer_id, properties)
         SELECT $1, 'custom.moved', 'api', 'moved ' || day, date '2026-11-01' + day, $2, 9, jsonb_build_object('to', day)
         FROM generate_series(0, 7, 7) day`,
        [shop, NOW],
      );
      while ((await recompute(db, shop, { limit: 100, now: NOW, coalesceMs: 0 })).more);

      const days = [new Date("2026-11-05T00:00:00Z"), new Date("2026-11-09T00:00:00Z")];
      // Each became what the rule asks for on the 8th.
      const told: [string, number[], Partial<KnownPast>][] = [
        ["first_name = 'Bea'", [1, 1], { held: [{ name: "first_name" }] }],
        ["orders_placed MATCHES (tag CONTAINS 'gift')", [1, 1], { held: [{ event: "orders_placed", name: "tag" }] }],
        [
          "products_purchased MATCHES (tag CONTAINS 'sale')",
          [1, 1],
          { held: [{ event: "products_purchased", name: "tag" }] },
        ],
        ["custom.moved MATCHES (to = 7)", [0, 1], { held: [], sinceChange: [], latest: [] }],
      ];
      for (const [text, members, past] of told) {
        const points = await Array.fromAsync(backtestRule(db, shop, rule(text), days));
        expect
          .soft(
            points.map((point) => point.members),
            text,
          )
          .toEqual(members);
        expect.soft(knownPast([rule(text)], dictionary), text).toMatchObject(past);
      }
      await tell("orders/cancelled", 9, { ...order, cancelled_at: "2026-11-09T00:00:00Z" });
      const bought = rule("products_purchased MATCHES (id = 77)");
      expect((await Array.fromAsync(backtestRule(db, shop, bought, days))).map(({ members }) => members)).toEqual([
        0, 0,
      ]);
      expect(knownPast([bought], dictionary).amended).toBe(true);
    });
  },
);
