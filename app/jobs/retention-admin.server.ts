import type { Clock } from "../platform/clock.ts";
import type { Db } from "../platform/db.server.ts";
import { KEPT_KINDS, KEPT_LIMITS, type KeptKind, keptSince, type Retention } from "../privacy/retention.ts";
import { readRetention, writeRetention } from "../privacy/retention-store.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { t } from "../texts/text.ts";
import { countOlder, holdingViews, type ReadsViews } from "./retention.server.ts";

export interface RetentionAdmin {
  /** `held`: of the segments that hold views for longer than was chosen the one that needs most. */
  read(
    shopDomain: string,
  ): Promise<
    { outcome: "found"; shop: Shop; retention: Retention; held: ReadsViews | null } | { outcome: "unknown_shop" }
  >;
  /** How much of a kind is older than so many days. `more`: counting ended there. */
  older(
    shopDomain: string,
    kind: KeptKind,
    days: number,
  ): Promise<{ outcome: "counted"; count: number; more: boolean } | { outcome: "unknown_shop" }>;
  /** How long each is kept from now on. @param typed days as they came with a form; empty: without end */
  keep(shopDomain: string, typed: Readonly<Record<KeptKind, string>>, by: string): Promise<RetentionSaved>;
}

export type RetentionSaved =
  | { outcome: "saved" }
  /** Of each kind that cannot be kept like that why, and what to do. */
  | { outcome: "refused"; reasons: Reasons }
  | { outcome: "unknown_shop" };

type Reasons = Partial<Record<KeptKind, string>>;

/** To count on would take longer than anybody waits for. */
const MOST_COUNTED = 100_000;

export function createRetentionAdmin({ db, clock }: { db: Db; clock: Pick<Clock, "now"> }): RetentionAdmin {
  return {
    async read(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const retention = await readRetention(db, shop.id);
      const [held = null] = await holdingViews(db, shop.id, retention, clock.now());
      return { outcome: "found", shop, retention, held };
    },

    async older(shopDomain, kind, days) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const before = keptSince(days, kind === "views" ? clock.now() : new Date());
      const count = await countOlder(db, shop, kind, before, MOST_COUNTED + 1);
      return { outcome: "counted", count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
    },

    async keep(shopDomain, typed, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      return db.tx(async (tx): Promise<RetentionSaved> => {
        const { retention, reasons } = readTyped(typed);
        const [held] = await holdingViews(tx, shop.id, retention, clock.now());
        if (held) reasons.views = heldWords(held);
        if (Object.keys(reasons).length > 0) return { outcome: "refused", reasons };
        const before = await readRetention(tx, shop.id);
        await writeRetention(tx, shop.id, retention);
        const name = "What is kept how long";
        await recordChange(tx, shop.id, {
          author: by,
          subject: "settings",
          action: "changed",
          name,
          before,
          after: retention,
        });
        return { outcome: "saved" };
      });
    },
  };
}

/** What cannot be kept as it was typed is left at what is usual, with the reason. */
function readTyped(typed: Readonly<Record<KeptKind, string>>): { retention: Retention; reasons: Reasons } {
  const reasons: Reasons = {};
  const days = KEPT_KINDS.map((kind): [KeptKind, number | null] => {
    const { usual, least, most } = KEPT_LIMITS[kind];
    const text = typed[kind].trim();
    if (text === "" && usual === null) return [kind, null];
    const number = /^\d{1,6}$/.test(text) ? Number(text) : null;
    if (number !== null && number >= least && number <= most) return [kind, number];
    reasons[kind] = reasonAgainst(number, { least, most });
    return [kind, usual];
  });
  return { retention: Object.fromEntries(days) as Retention, reasons };
}

function reasonAgainst(days: number | null, limits: { least: number; most: number }): string {
  if (days === null) return t("Write a whole number of days from {least} to {most}.", limits);
  return days < limits.least
    ? t("It is needed for at least {least} days: write {least} or more.", limits)
    : t("It can be kept for {most} days at most: write {most} or less.", limits);
}

function heldWords({ name, days }: ReadsViews): string {
  return days === null
    ? t(
        "The segment “{name}” counts whatever visitors ever did. Give its conditions a time, such as the last 90 days, or leave this empty.",
        { name },
      )
    : t(
        "The segment “{name}” counts what visitors did in the last {days} days. Write {days} or more, or change its rule first.",
        { name, days },
      );
}
