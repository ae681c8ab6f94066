import type { Db } from "../platform/db.server.ts";
import { readProfile } from "../profile/profile-pages-store.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import { drawArm, customerSubject, type Arm } from "../recommendation/holdout/arm.ts";
import { readCustomerArms } from "../recommendation/holdout/arms-store.server.ts";
import { type ArmOutcomes, readOutcomes } from "../recommendation/holdout/outcomes-store.server.ts";
import type { CustomerList, ShownProduct } from "../recommendation/list.ts";
import {
  countLists,
  readRules,
  readTraining,
  type Training,
  writeRules,
} from "../recommendation/lists-store.server.ts";
import type { Recommender } from "../recommendation/recommender.server.ts";
import {
  findProducts,
  type PlacementUse,
  type ProductChoice,
  readPlacementUse,
  readTitles,
} from "../recommendation/report-store.server.ts";
import type { Rules } from "../recommendation/rules.ts";
import type { RecommendationSettings } from "../recommendation/settings.ts";
import { readSettings, writeSettings } from "../recommendation/settings-store.server.ts";
import { createWrittenLists } from "../recommendation/written-lists.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import type { Jobs } from "./catalogue.ts";
import { createPageFigures } from "./figures.ts";
import type { Queue } from "./queue.ts";

export interface RecommendationReport {
  shop: Shop;
  /** Real time, as trainings and feedback have it. */
  now: Date;
  rules: Rules;
  settings: RecommendationSettings;
  /** Titles of the products that the rules name and that are there. */
  titles: ReadonlyMap<string, string>;
  training: Training | null;
  lists: { products: number; profiles: number };
  /** Since when people are counted; null: since the beginning. */
  holdoutSince: Date | null;
  outcomes: Record<Arm, ArmOutcomes>;
  placements: PlacementUse[];
}

export type ListPreview =
  /** `saved`: what the saved rules show; null where those are what is shown. */
  | { outcome: "customer"; currency: string | null; list: CustomerList; arm: Arm | null; saved: ShownProduct[] | null }
  | { outcome: "product" | "visitor"; currency: string | null; items: ShownProduct[]; saved: ShownProduct[] | null }
  /** Nothing was made yet. */
  | { outcome: "nothing_yet" | "unknown_customer" | "unknown_product" | "unknown_shop" };

export type RecommendationsSaved = { outcome: "saved" } | { outcome: "unknown_shop" };

/** What the page about recommendations reads and changes. A shop is named by its domain, as the session token names it. */
export interface RecommendationAdmin {
  report(shopDomain: string): Promise<({ outcome: "found" } & RecommendationReport) | { outcome: "unknown_shop" }>;
  /**
   * What would be shown now.
   * @param about ids as they came with a form; neither: a visitor nobody knows
   * @param rules in the place of the saved ones; null: those
   */
  preview(
    shopDomain: string,
    about: { customerId: string; productId: string },
    rules: Rules | null,
  ): Promise<ListPreview>;
  products(shopDomain: string, query: string): Promise<ProductChoice[]>;
  /** @param by who does it, by name; the same below */
  saveRules(shopDomain: string, rules: Rules, by: string): Promise<RecommendationsSaved>;
  saveSettings(shopDomain: string, settings: RecommendationSettings, by: string): Promise<RecommendationsSaved>;
}

export interface RecommendationAdminOptions {
  db: Db;
  queue: Queue<Jobs>;
  recommender: Pick<Recommender, "listsOf" | "listsToTry">;
}

const DAY_MS = 86_400_000;
const USED_DAYS = 30;
const MOST_PRODUCTS = 8;
/** A count that takes longer is shown as it was before. */
const COUNT_WAIT_MS = 100;

export function createRecommendationAdmin({ db, queue, recommender }: RecommendationAdminOptions): RecommendationAdmin {
  const figures = createPageFigures();
  const written = createWrittenLists(db);
  const changed = async (shop: Shop): Promise<RecommendationsSaved> => {
    await queue.ring("recommendations", { shopId: shop.id }, { key: String(shop.id) });
    return { outcome: "saved" };
  };

  return {
    async report(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const now = new Date();
      const rules = await readRules(db, shop.id);
      const { settings, holdoutSince } = await readSettings(db, shop.id);
      const kept = <T>(name: string, compute: () => Promise<T>): Promise<T> =>
        figures.kept(`${shop.id}|${name}`, COUNT_WAIT_MS, compute);
      return {
        outcome: "found",
        shop,
        now,
        rules,
        settings,
        holdoutSince,
        titles: await readTitles(db, shop.id, [...rules.pinned, ...rules.hidden]),
        training: await readTraining(db, shop.id),
        lists: await kept("lists", () => countLists(db, shop.id)),
        outcomes: await kept(`outcomes since ${holdoutSince?.getTime()}`, () =>
          readOutcomes(db, shop.id, holdoutSince ?? new Date(0)),
        ),
        placements: await kept("placements", () =>
          readPlacementUse(db, shop.id, new Date(now.getTime() - USED_DAYS * DAY_MS)),
        ),
      };
    },

    async preview(shopDomain, about, rules) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const { currency } = shop;
      const kept = rules === null ? recommender.listsOf(shop.id) : await recommender.listsToTry(shop.id);
      const lists = rules === null ? kept : kept?.under(rules);
      const against = rules === null ? undefined : kept;
      if (about.customerId !== "") {
        const id = readShopifyId(about.customerId);
        if (id === null || !(await readProfile(db, shop.id, id))) return { outcome: "unknown_customer" };
        const { holdoutShare: share } = (await readSettings(db, shop.id)).settings;
        const recorded = (await readCustomerArms(db, shop.id, [id])).get(id);
        const arm = share === 0 ? null : (recorded ?? drawArm(shop.id, customerSubject(id), share));
        const heldOut = arm === "held_out";
        const list = lists?.forCustomer(id, [], heldOut) ?? (await written.ofCustomer(shop.id, id));
        const saved = against?.forCustomer(id, [], heldOut).items ?? null;
        return list ? { outcome: "customer", currency, list, arm, saved } : { outcome: "nothing_yet" };
      }
      if (about.productId !== "") {
        const id = readShopifyId(about.productId);
        if (id === null || !(await readTitles(db, shop.id, [id])).has(id)) return { outcome: "unknown_product" };
        const items = lists?.forProduct(id) ?? (await written.beside(shop.id, [id]));
        const saved = against?.forProduct(id) ?? null;
        return items.length > 0 || saved ? { outcome: "product", currency, items, saved } : { outcome: "nothing_yet" };
      }
      const items = lists?.forVisitor([]) ?? (await written.popular(shop.id));
      const saved = against?.forVisitor([]) ?? null;
      return items.length > 0 || saved ? { outcome: "visitor", currency, items, saved } : { outcome: "nothing_yet" };
    },

    async products(shopDomain, query) {
      const shop = await findShop(db, shopDomain);
      return shop ? findProducts(db, shop.id, query, MOST_PRODUCTS) : [];
    },

    async saveRules(shopDomain, rules, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      await db.tx(async (tx) => {
        const before = { ...(await readRules(tx, shop.id)) };
        await writeRules(tx, shop.id, rules);
        const about = { subject: "recommendations", action: "changed", name: "Rules" } as const;
        await recordChange(tx, shop.id, { author: by, ...about, before, after: { ...rules } });
      });
      return changed(shop);
    },

    async saveSettings(shopDomain, settings, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      await db.tx(async (tx) => {
        const before = { ...(await readSettings(tx, shop.id)).settings };
        await writeSettings(tx, shop.id, settings, new Date());
        const about = { subject: "recommendations", action: "changed", name: "Settings" } as const;
        await recordChange(tx, shop.id, { author: by, ...about, before, after: { ...settings } });
      });
      return changed(shop);
    },
  };
}
