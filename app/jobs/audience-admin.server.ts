import type { Db, Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import {
  askForComparison,
  type AudienceChoice,
  chooseAudience,
  readChoices,
  releaseRemovals,
  renewAudience,
  saveGuard,
  startAudience,
} from "../sync/audience-store.server.ts";
import { type Comparison, findComparison, listComparisons } from "../sync/comparisons-store.server.ts";
import { comparisonFile, exceptionsFile } from "../sync/csv/exceptions-file.server.ts";
import type { Place } from "../sync/destination.ts";
import {
  type DestinationKind,
  findAudience,
  type MappedTrait,
  setEverySegment,
} from "../sync/destination-store.server.ts";
import { type Destinations, FIELD_RULES } from "../sync/destinations.ts";
import { confirmHeld } from "../sync/guard.ts";
import { ensureAudiences, projectAgain } from "../sync/projection-store.server.ts";
import { t } from "../texts/text.ts";
import {
  type Changed,
  type Changes,
  type Missing,
  PARTED,
  type Parting,
  refusal,
} from "./destination-changes.server.ts";
import { type DownloadLinks, fileName } from "./download-links.server.ts";

/** What the pages about one connection read and change of its audiences. Ids and `by` as in `DestinationAdmin`. */
export interface AudienceAdmin {
  /** The audiences there are at the vendor, to choose an existing one. */
  existing(
    shopDomain: string,
    destinationId: string,
  ): Promise<{ outcome: "found"; places: Place[] } | { outcome: "refused"; reason: string } | Missing>;
  /** Gives a segment an audience, or changes how it is kept. */
  choose(
    shopDomain: string,
    at: { destinationId: string; segmentId: number },
    choice: AudienceChoice,
    by: string,
  ): Promise<Changed>;
  /** Lets an audience be sent that somebody has looked at. */
  start(shopDomain: string, audienceId: number, warmUp: boolean, by: string): Promise<Changed>;
  /** Agrees to removals that are held up. */
  confirm(shopDomain: string, audienceId: number, by: string): Promise<Changed>;
  /** Makes a list anew that was deleted by hand. */
  renew(shopDomain: string, audienceId: number, by: string): Promise<Changed>;
  leave(shopDomain: string, audienceId: number, how: Parting, by: string): Promise<Changed>;
  /** Has an audience compared with what is at the platform now, whatever the schedule says. */
  compare(shopDomain: string, audienceId: number): Promise<Changed>;
  /** What the comparisons of an audience found, the newest first. */
  comparisons(
    shopDomain: string,
    destinationId: string,
    audienceId: string,
  ): Promise<
    | {
        outcome: "found";
        shop: Shop;
        destinationId: number;
        segmentName: string;
        /** `path`: where the file of who it names can be fetched for the next hour; null: it names nobody. */
        comparisons: (Comparison & { path: string | null })[];
      }
    | Missing
  >;
  /** A file of everybody who is in the segment and not in its audience, or was when they were compared, by the token of its path. */
  exceptions(token: string): Promise<{ name: string; lines: AsyncIterable<string> } | null>;
}

export interface AudienceAdminOptions {
  db: Db;
  destinations: Pick<Destinations, "open">;
  changes: Changes;
  /** Of files of exceptions. */
  links: DownloadLinks;
}

export function createAudienceAdmin({ db, destinations, changes, links }: AudienceAdminOptions): AudienceAdmin {
  const { find, logged, part, ring } = changes;
  const moment = () => ({ now: new Date(), receivedAt: null, dueAfterMs: 0 });

  /** Does something with one of the shop's audiences and has it synced. `work` answers what it did, or null when it does not apply. */
  async function change(
    shopDomain: string,
    audienceId: number,
    work: (shop: ShopId) => Promise<string | null>,
  ): Promise<Changed> {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    if (!(await findAudience(db, shop.id, audienceId))) return { outcome: "gone" };
    const said = await work(shop.id);
    if (said === null)
      return { outcome: "refused", reason: t("It has changed meanwhile. This page shows how it is now.") };
    await ring(shop.id, audienceId);
    return { outcome: "done", said };
  }

  /** The same, of an audience, with whatever `work` does to it. @returns whether it did anything. */
  async function changeLogged(
    shop: ShopId,
    audienceId: number,
    { by, action, after }: { by: string; action: string; after?: Record<string, unknown> },
    work: (tx: Sql) => Promise<boolean>,
  ): Promise<boolean> {
    return db.tx(async (tx) => {
      if (!(await work(tx))) return false;
      const audience = await findAudience(tx, shop, audienceId);
      if (audience) await logged(tx, shop, by, action, { ...audience, ...(after && { after }) });
      return true;
    });
  }

  return {
    async existing(shopDomain, destinationId) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      try {
        const places = await destinations.open(found.shop.id, found.destination).listAudiences();
        return { outcome: "found", places };
      } catch (error) {
        return refusal(error);
      }
    },

    async choose(shopDomain, at, choice, by) {
      const found = await find(shopDomain, at.destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const complaint = complainAbout(choice.traits, destination.kind);
      if (complaint !== null) return { outcome: "refused", reason: complaint };
      const chosen = await db.tx(async (tx) => {
        const place = { destinationId: destination.id, segmentId: at.segmentId };
        const known = [...(await readChoices(tx, shop.id, destination.id))];
        const done = await chooseAudience(tx, shop.id, place, choice);
        const before = known.find(([id]) => id === done?.id)?.[1];
        const about = { destination, segmentId: at.segmentId, before: before ? shownChoice(before) : null };
        const action = done?.created ? "given an audience" : "changed";
        if (done) await logged(tx, shop.id, by, action, { ...about, after: shownChoice(choice) });
        return done;
      });
      if (!chosen) return { outcome: "gone" };
      if (chosen.created) await ensureAudiences(db, shop.id, moment());
      else await projectAgain(db, shop.id, chosen.id, moment());
      await ring(shop.id, chosen.id);
      const said = chosen.created
        ? t("Have a look at the figures, then start it.")
        : t("Saved. What changed is being sent.");
      return { outcome: "done", said };
    },

    start: (shopDomain, audienceId, warmUp, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const saying = { by, action: "started", after: { warmUp } };
        const started = await changeLogged(shop, audienceId, saying, (tx) =>
          startAudience(tx, shop, audienceId, { warmUp, now: new Date() }),
        );
        return started ? t("Started.") : null;
      }),

    confirm: (shopDomain, audienceId, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const confirmed = await changeLogged(shop, audienceId, { by, action: "agreed to removals" }, async (tx) => {
          const guard = (await findAudience(tx, shop, audienceId))?.guard;
          if (!guard || guard.held === null) return false;
          await saveGuard(tx, shop, audienceId, confirmHeld(guard));
          await releaseRemovals(tx, shop, audienceId, new Date());
          return true;
        });
        return confirmed ? t("They are being removed.") : null;
      }),

    renew: (shopDomain, audienceId, by) =>
      change(shopDomain, audienceId, async (shop) => {
        const renewed = await changeLogged(shop, audienceId, { by, action: "made anew" }, (tx) =>
          renewAudience(tx, shop, audienceId, new Date()),
        );
        return renewed ? t("It is being made anew.") : null;
      }),

    leave: (shopDomain, audienceId, how, by) =>
      change(shopDomain, audienceId, async (shop) => {
        await changeLogged(shop, audienceId, { by, action: "given up", after: { list: how } }, async (tx) => {
          const audience = await findAudience(tx, shop, audienceId);
          // Or the next segment that is published would bring it back.
          if (audience) await setEverySegment(tx, shop, audience.destination.id, false);
          return audience !== null;
        });
        await part(shop, audienceId, how);
        return t(PARTED[how]);
      }),

    compare: (shopDomain, audienceId) =>
      change(shopDomain, audienceId, async (shop) =>
        (await askForComparison(db, shop, audienceId, new Date())) ? t("It is being compared.") : null,
      ),

    async comparisons(shopDomain, destinationId, audienceId) {
      const found = await find(shopDomain, destinationId);
      if (found.outcome !== "found") return found;
      const { shop, destination } = found;
      const audience = /^\d{1,9}$/.test(audienceId) ? await findAudience(db, shop.id, Number(audienceId)) : null;
      if (audience?.destination.id !== destination.id) return { outcome: "gone" };
      const comparisons = await listComparisons(db, shop.id, audience.id);
      return {
        outcome: "found",
        shop,
        destinationId: destination.id,
        segmentName: audience.segmentName,
        comparisons: comparisons.map((one) => ({
          ...one,
          path: one.named === 0 ? null : `/exceptions/${links.token(shop.id, `${EARLIER}${one.id}`)}`,
        })),
      };
    },

    async exceptions(token) {
      const opened = links.open(token);
      if (opened?.file.startsWith(EARLIER)) {
        const earlier = await findComparison(db, opened.shop, opened.file.slice(EARLIER.length));
        return (
          earlier && {
            name: fileName(earlier.segmentName, `compared-${earlier.at.toISOString().slice(0, 16).replace(":", "")}`),
            lines: comparisonFile(db, opened.shop, earlier.id),
          }
        );
      }
      const audience = opened && (await findAudience(db, opened.shop, Number(opened.file)));
      if (!audience) return null;
      const day = new Date().toISOString().slice(0, 10);
      return {
        name: fileName(audience.segmentName, `exceptions-${day}`),
        lines: exceptionsFile(db, opened.shop, audience.id),
      };
    },
  };
}

/** Of a link's file: an earlier comparison is meant and not an audience as it is now. */
const EARLIER = "compared ";

function shownChoice({ nonSubscribed, guardShare, traits }: AudienceChoice): Record<string, unknown> {
  return { nonSubscribed, guardShare, traits: traits.map(({ trait, field }) => `${trait} as ${field}`) };
}

/** What is wrong with a mapping, for the merchant. */
function complainAbout(traits: readonly MappedTrait[], kind: DestinationKind): string | null {
  const fields = traits.map(({ field }) => field);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) return t("Two traits go into {field}. Give one of them another name.", { field: twice });
  return fields.map((field) => FIELD_RULES[kind].complain(field)).find((complaint) => complaint !== null) ?? null;
}
