import { readViewsFrom } from "../ingest/pixel/old-views-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { countProfiles } from "../profile/profile-pages-store.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import {
  askForBacktest,
  type Backtest,
  type BacktestSubject,
  cancelBacktest,
  DAYS_KEPT,
  findBacktest,
} from "../segment/backtests-store.server.ts";
import { knownPast } from "../segment/known-past.ts";
import type { Problem } from "../segment/language/diagnostics.ts";
import { type MissingData, missingData, withAskedRules } from "../segment/language/needs.ts";
import { parseText, type Reading } from "../segment/language/parse-text.ts";
import { printText } from "../segment/language/print-text.ts";
import { readSql } from "../segment/language/read-sql.ts";
import type { Rule } from "../segment/language/tree.ts";
import { type BacktestPoint, enteredBetween } from "../segment/preview-store.server.ts";
import { countsViews, dictionary } from "../segment/segment.ts";
import { listSegments } from "../segment/segment-store.server.ts";
import type { Vocabulary } from "../segment/language/dictionary.ts";
import { readDictionary, readVocabulary } from "../segment/vocabulary-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { pointsIn } from "./backtest-jobs.server.ts";
import type { Jobs } from "./catalogue.ts";
import { type Person, readPeople } from "./people.server.ts";
import { foreseePublication, type Foreseen } from "./publication.server.ts";
import type { Queue } from "./queue.ts";

export type PreviewAnswer =
  | { outcome: "refused"; problems: Problem[] }
  | ({
      outcome: "read";
      /** As it will be kept. */
      text: string;
      /** As of when everything was counted, in business time. */
      at: Date;
      missing: MissingData[];
      profiles: number;
    } & Foreseen)
  | { outcome: "unknown_shop" };

export type BacktestAnswer =
  | {
      outcome: "found";
      id: string;
      texts: string[];
      /** Whether it is of the rules that were asked about. */
      isOfThese: boolean;
      state: Backtest["state"];
      /** How many points are worked out, and how many there will be. */
      done: number;
      total: number;
      askedAt: Date;
      now: Date;
      keptDays: number;
      /** What there is of each rule. */
      runs: BacktestPoint[][];
      past: Backtest["past"];
    }
  | { outcome: "nothing" }
  | { outcome: "refused"; problems: Problem[] }
  | { outcome: "unknown_shop" };

/** @property now business time */
export interface Clocks {
  timeZone: string;
  now: Date;
}

/** What a rule says and what would follow from it, before anything is published. */
export interface RuleTrials {
  /** What rules of this shop can speak of beside what all shops have. */
  vocabulary(shopDomain: string): Promise<Vocabulary>;
  /** The clocks that moments are told by. */
  clocks(shopDomain: string): Promise<Clocks>;
  translate(
    shopDomain: string,
    sql: string,
  ): Promise<{ outcome: "read"; text: string } | { outcome: "refused"; problems: Problem[] }>;
  /** What would follow if this text were live. @param segmentId null: for a new segment. */
  preview(shopDomain: string, given: { text: string; segmentId: number | null }): Promise<PreviewAnswer>;
  /**
   * Begins to work out the size over the last `days` days, one point a day, on the facts known today, of one rule or of two beside each
   * other. Policies are not counted in.
   */
  beginBacktest(shopDomain: string, given: BacktestSubject): Promise<BacktestAnswer>;
  /** What is kept of that, or as far as it is; of other rules of the segment where there is nothing of these. */
  backtest(shopDomain: string, given: BacktestSubject): Promise<BacktestAnswer>;
  cancelBacktest(shopDomain: string, id: string): Promise<void>;
  /** Who would have entered in the day before `at`, after the customer `after`. */
  entered(
    shopDomain: string,
    given: { text: string; at: Date; after: string | null },
  ): Promise<
    | { outcome: "found"; people: Person[]; /** After whom to go on; null: that is all. */ more: string | null }
    | { outcome: "refused"; problems: Problem[] }
    | { outcome: "unknown_shop" }
  >;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 92;
const MOST_RUNS = 2;
const PEOPLE_IN_A_PAGE = 50;

export function createRuleTrials(options: { db: Db; clock: Pick<Clock, "now">; queue: Queue<Jobs> }): RuleTrials {
  const { db, clock, queue } = options;
  const read = async (shop: Shop, text: string): Promise<Reading> => parseText(text, await readDictionary(db, shop.id));

  async function readSubject(
    shop: Shop,
    { segmentId, texts, days }: BacktestSubject,
  ): Promise<
    { outcome: "read"; subject: BacktestSubject; rules: Rule[] } | { outcome: "refused"; problems: Problem[] }
  > {
    const rules: Rule[] = [];
    for (const text of texts.slice(0, MOST_RUNS)) {
      const reading = await read(shop, text);
      if (reading.outcome === "refused") return reading;
      rules.push(reading.rule);
    }
    const subject = { segmentId, texts: rules.map(printText), days: Math.max(1, Math.min(days, MOST_DAYS)) };
    return { outcome: "read", subject, rules };
  }

  async function kept(shop: Shop, subject: BacktestSubject): Promise<BacktestAnswer> {
    const now = new Date();
    const found = await findBacktest(db, shop.id, subject, now);
    if (!found) return { outcome: "nothing" };
    const { id, texts, state, askedAt, points, past } = found;
    const total = pointsIn(found);
    const each = total / texts.length;
    return {
      outcome: "found",
      id,
      texts,
      isOfThese: texts.join("\n") === subject.texts.join("\n"),
      state,
      done: points.length,
      total,
      askedAt,
      now,
      keptDays: DAYS_KEPT,
      runs: texts.map((_, run) => points.slice(run * each, (run + 1) * each)),
      past,
    };
  }

  return {
    async vocabulary(shopDomain) {
      const shop = await findShop(db, shopDomain);
      return shop ? readVocabulary(db, shop.id) : { traits: {}, metafields: {} };
    },

    async clocks(shopDomain) {
      const shop = await findShop(db, shopDomain);
      return { timeZone: shop?.timeZone ?? "UTC", now: clock.now() };
    },

    async translate(shopDomain, sql) {
      const shop = await findShop(db, shopDomain);
      const reading = await readSql(sql, shop ? await readDictionary(db, shop.id) : dictionary);
      return reading.outcome === "read" ? { outcome: "read", text: printText(reading.rule) } : reading;
    },

    async preview(shopDomain, { text, segmentId }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = await read(shop, text);
      if (reading.outcome === "refused") return reading;
      const { rule } = reading;
      const at = clock.now();
      return {
        outcome: "read",
        text: printText(rule),
        at,
        missing: missingData(rule, await readDictionary(db, shop.id)),
        profiles: await countProfiles(db, shop.id),
        ...(await foreseePublication(db, shop.id, { rule, segmentId, at })),
      };
    },

    async beginBacktest(shopDomain, given) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = await readSubject(shop, given);
      if (reading.outcome === "refused") return reading;
      const { subject, rules } = reading;
      const live = new Map((await listSegments(db, shop.id)).map((segment) => [segment.key, segment.rule]));
      const all = withAskedRules(rules, live);
      const viewsFrom = all.some(countsViews) ? await readViewsFrom(db, shop.id) : null;
      const past = { ...knownPast(all, await readDictionary(db, shop.id)), viewsFrom };
      const begun = { endsAt: clock.now(), askedAt: new Date(), past };
      const backtestId = await askForBacktest(db, shop.id, subject, begun);
      if (backtestId) await queue.ring("backtest", { shopId: shop.id, backtestId }, { key: backtestId });
      return kept(shop, subject);
    },

    async backtest(shopDomain, given) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = await readSubject(shop, given);
      // While a rule is being written nothing is kept of it, and what is of the segment stays in sight.
      return kept(shop, reading.outcome === "read" ? reading.subject : { ...given, texts: [] });
    },

    async cancelBacktest(shopDomain, id) {
      const shop = await findShop(db, shopDomain);
      if (shop && /^\d{1,18}$/.test(id)) await cancelBacktest(db, shop.id, id);
    },

    async entered(shopDomain, { text, at, after }) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const reading = await read(shop, text);
      if (reading.outcome === "refused") return reading;
      const age = clock.now().getTime() - at.getTime();
      if (Number.isNaN(age) || age < 0 || age > MOST_DAYS * DAY_MS) return { outcome: "found", people: [], more: null };
      const ids = await enteredBetween(db, shop.id, reading.rule, {
        from: new Date(at.getTime() - DAY_MS),
        to: at,
        after: (after && readShopifyId(after)) ?? "-1",
        limit: PEOPLE_IN_A_PAGE + 1,
      });
      const page = ids.slice(0, PEOPLE_IN_A_PAGE);
      const more = ids.length > page.length ? (page.at(-1) ?? null) : null;
      return { outcome: "found", people: await readPeople(db, shop.id, page), more };
    },
  };
}
