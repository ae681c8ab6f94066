import {
  type Block,
  type BlockVersion,
  createBlock,
  deleteBlock,
  discardBlockDraft,
  listBlocks,
  listBlockVersions,
  publishBlock,
  readBlock,
  saveBlockDraft,
  undeleteBlock,
  type Written,
} from "../content/blocks-store.server.ts";
import { contentData, type Place } from "../content/content-data.ts";
import type { ContentProblem } from "../content/explain-fault.ts";
import { makeFeedToken } from "../content/feed-token.server.ts";
import { createFeed, type Feed, listFeeds, revokeFeed } from "../content/feeds-store.server.ts";
import type { Renderer, Stopped } from "../content/renderer.server.ts";
import { popularOf } from "../content/serve-block.server.ts";
import { NOBODY, readContentSubject, segmentsToName, traitsToName } from "../content/subject-store.server.ts";
import type { Clock } from "../platform/clock.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { plainLetters } from "../platform/plain-letters.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import type { Recommender } from "../recommendation/recommender.server.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import { findShop, type Shop } from "../shopify/shop-store.server.ts";
import { t } from "../texts/text.ts";

export interface BlockDetails {
  shop: Shop;
  now: Date;
  block: Block;
  versions: BlockVersion[];
}

export type BlockPreview =
  /** `problems` are warnings. */
  | { outcome: "shown"; html: string; problems: ContentProblem[] }
  | { outcome: "refused"; problems: ContentProblem[] }
  | { outcome: "stopped"; reason: Stopped["reason"] }
  | { outcome: "unknown_customer" }
  | { outcome: "unknown_shop" };

export type BlockSaved =
  | { outcome: "created"; blockId: number }
  | { outcome: "saved" | "discarded" | "unchanged" | "deleted" | "restored" }
  | { outcome: "published"; version: number }
  | { outcome: "refused"; reason: string }
  | { outcome: "unknown_shop" };

export type GivenBlock = Written & { name: string; author: string };

/** What the pages about content read and change. A shop is named by its domain, as the session token names it. */
export interface ContentAdmin {
  list(
    shopDomain: string,
  ): Promise<{ outcome: "found"; shop: Shop; now: Date; blocks: Block[] } | { outcome: "unknown_shop" }>;
  /** @param blockId as it stands in the address. */
  open(
    shopDomain: string,
    blockId: string,
  ): Promise<({ outcome: "found" } & BlockDetails) | { outcome: "unknown_shop" | "unknown_block" }>;
  /** Names of the shop's segments and of its own traits, for completion. */
  names(shopDomain: string): Promise<{ segmentNames: string[]; traitNames: string[] }>;
  /** What a block would be. @param given.customerId as it came with a form; empty: for somebody nothing is known of. */
  preview(shopDomain: string, given: Written & { place: Place; customerId: string }): Promise<BlockPreview>;
  /** @param given.handle empty: made of the name. */
  create(shopDomain: string, given: GivenBlock & { handle: string; place: Place }): Promise<BlockSaved>;
  saveDraft(shopDomain: string, blockId: number, given: GivenBlock): Promise<BlockSaved>;
  discardDraft(shopDomain: string, blockId: number): Promise<BlockSaved>;
  /** @param given.over the live version it was written over; 0: there was none. */
  publish(
    shopDomain: string,
    blockId: number,
    given: GivenBlock & { message: string; over: number },
  ): Promise<BlockSaved>;
  remove(shopDomain: string, blockId: number): Promise<BlockSaved>;
  undoRemoval(shopDomain: string, blockId: number): Promise<BlockSaved>;
  /** Feeds for other tools, each that works with the address under which it answers for the whole shop. */
  feeds(
    shopDomain: string,
  ): Promise<
    | { outcome: "found"; shop: Shop; /** Real time. */ now: Date; feeds: (Feed & { address: string })[] }
    | { outcome: "unknown_shop" }
  >;
  /** @param by who does it, by name */
  createFeed(shopDomain: string, name: string, by: string): Promise<{ outcome: "created" | "unknown_shop" }>;
  /** Ends every token of the feed. */
  revokeFeed(
    shopDomain: string,
    feedId: number,
    by: string,
  ): Promise<{ outcome: "revoked" | "unknown_feed" | "unknown_shop" }>;
  /** The address that answers for one customer alone. @param customerId as it came with a form. */
  feedAddress(
    shopDomain: string,
    feedId: number,
    customerId: string,
  ): Promise<{ outcome: "made"; address: string } | { outcome: "unknown_customer" | "unknown_shop" }>;
}

export interface ContentAdminOptions {
  db: Db;
  clock: Pick<Clock, "now">;
  renderer: Pick<Renderer, "render" | "check">;
  recommender: Pick<Recommender, "listsOf">;
  crypto: Pick<Crypto, "marks">;
  /** Where this process is reached from outside. */
  appUrl: string;
}

function gone(): BlockSaved {
  return { outcome: "refused", reason: t("This block does not exist any more.") };
}

export function createContentAdmin(options: ContentAdminOptions): ContentAdmin {
  const { db, clock, renderer, recommender, crypto, appUrl } = options;
  const inShop =
    <Given extends unknown[], Answer>(
      carryOut: (shop: Shop, ...given: Given) => Promise<Answer>,
    ): ((shopDomain: string, ...given: Given) => Promise<Answer | { outcome: "unknown_shop" }>) =>
    async (shopDomain, ...given) => {
      const shop = await findShop(db, shopDomain);
      return shop ? carryOut(shop, ...given) : { outcome: "unknown_shop" };
    };

  const addressOf = (shop: Shop, feedId: number, customerId: string | null): string =>
    `${appUrl}/feed/recommendations?token=${makeFeedToken(crypto, { shopId: shop.id, feedId, customerId })}`;

  const check = async (shop: Shop, source: string, place: Place) =>
    renderer.check({
      source,
      place,
      shop: contentData({ ...NOBODY, popular: [] }, shop, place).shop,
      segmentNames: (await segmentsToName(db, shop.id)).flatMap(({ name, key }) => [name, key]),
      traitNames: await traitsToName(db, shop.id),
    });

  return {
    list: inShop(async (shop) => ({
      outcome: "found" as const,
      shop,
      now: clock.now(),
      blocks: await listBlocks(db, shop.id),
    })),

    open: inShop(async (shop, blockId: string) => {
      const id = readShopifyId(blockId);
      const block = id === null || id.length > 9 ? null : await readBlock(db, shop.id, Number(id));
      if (!block || block.deletedAt) return { outcome: "unknown_block" as const };
      const versions = await listBlockVersions(db, shop.id, block.id);
      return { outcome: "found" as const, shop, now: clock.now(), block, versions };
    }),

    async names(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { segmentNames: [], traitNames: [] };
      return {
        segmentNames: (await segmentsToName(db, shop.id)).map(({ name }) => name),
        traitNames: await traitsToName(db, shop.id),
      };
    },

    preview: inShop(async (shop, { source, fallbacks, place, customerId }): Promise<BlockPreview> => {
      const id = customerId === "" ? null : readShopifyId(customerId);
      const subject = id === null ? NOBODY : await readContentSubject(db, shop.id, id);
      if (customerId !== "" && !subject.profile) return { outcome: "unknown_customer" };
      const checked = await check(shop, source, place);
      if (checked.outcome === "stopped") return checked;
      if (hasErrors(checked.problems)) return { outcome: "refused", problems: checked.problems };
      const data = contentData(
        { ...subject, popular: await popularOf(db, recommender, shop, subject.profile) },
        shop,
        place,
      );
      const answer = await renderer.render({ source, fallbacks, place, data, now: clock.now() });
      return answer.outcome === "rendered"
        ? { outcome: "shown", html: answer.html, problems: checked.problems }
        : answer;
    }),

    create: inShop(async (shop, { name, handle, ...given }): Promise<BlockSaved> => {
      const named = name.trim();
      if (named === "") return { outcome: "refused", reason: t("A block needs a name.") };
      const address = handle.trim() === "" ? handleOf(named) : handle.trim();
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(address)) {
        const reason = t(
          "A handle has 1 to 63 small letters, figures and hyphens, and begins with a letter or figure.",
        );
        return { outcome: "refused", reason };
      }
      const blockId = await createBlock(db, shop.id, { ...given, name: named, handle: address, at: clock.now() });
      return blockId === null
        ? {
            outcome: "refused",
            reason: t("Another block has the handle {handle}, perhaps a deleted one.", { handle: address }),
          }
        : { outcome: "created", blockId };
    }),

    saveDraft: inShop(async (shop, blockId: number, given: GivenBlock): Promise<BlockSaved> => {
      if (given.name.trim() === "") return { outcome: "refused", reason: t("A block needs a name.") };
      return (await saveBlockDraft(db, shop.id, blockId, { ...given, at: clock.now() }))
        ? { outcome: "saved" }
        : gone();
    }),

    discardDraft: inShop(async (shop, blockId: number): Promise<BlockSaved> => {
      await discardBlockDraft(db, shop.id, blockId);
      return { outcome: "discarded" };
    }),

    publish: inShop(async (shop, blockId: number, given): Promise<BlockSaved> => {
      const name = given.name.trim();
      if (name === "") return { outcome: "refused", reason: t("A block needs a name.") };
      const block = await readBlock(db, shop.id, blockId);
      if (!block) return gone();
      const checked = await check(shop, given.source, block.place);
      if (checked.outcome === "stopped") {
        return { outcome: "refused", reason: t("The block takes too long to read. Make it shorter and try again.") };
      }
      const fault = checked.problems.find(({ severity }) => severity === "error");
      if (fault) {
        const { line, column, message } = fault;
        return { outcome: "refused", reason: t("Line {line}, column {column}: {message}", { line, column, message }) };
      }
      const publication = { ...given, name, message: given.message.trim().slice(0, 500), now: clock.now() };
      const published = await db.tx((tx) => publishBlock(tx, shop.id, blockId, publication));
      if (published.outcome === "not_found") return gone();
      if (published.outcome !== "outdated") return published;
      return {
        outcome: "refused",
        reason: t(
          "Version {number} was published meanwhile. It stands beside this page; what you wrote is still here.",
          { number: published.version },
        ),
      };
    }),

    remove: inShop(async (shop, blockId: number): Promise<BlockSaved> => {
      return (await deleteBlock(db, shop.id, blockId, clock.now())) ? { outcome: "deleted" } : gone();
    }),

    undoRemoval: inShop(async (shop, blockId: number): Promise<BlockSaved> => {
      return (await undeleteBlock(db, shop.id, blockId)) ? { outcome: "restored" } : gone();
    }),

    feeds: inShop(async (shop) => ({
      outcome: "found" as const,
      shop,
      now: new Date(),
      feeds: (await listFeeds(db, shop.id)).map((feed) => ({ ...feed, address: addressOf(shop, feed.id, null) })),
    })),

    createFeed: inShop(async (shop, name: string, by: string) => {
      await db.tx(async (tx) => {
        await createFeed(tx, shop.id, name, new Date());
        await recordChange(tx, shop.id, { author: by, subject: "feed", action: "created", name });
      });
      return { outcome: "created" as const };
    }),

    revokeFeed: inShop(async (shop, feedId: number, by: string) => {
      const revoked = await db.tx(async (tx) => {
        if (!(await revokeFeed(tx, shop.id, feedId, new Date()))) return false;
        const name = (await listFeeds(tx, shop.id)).find(({ id }) => id === feedId)?.name ?? null;
        await recordChange(tx, shop.id, { author: by, subject: "feed", action: "revoked", name });
        return true;
      });
      return { outcome: revoked ? ("revoked" as const) : ("unknown_feed" as const) };
    }),

    feedAddress: inShop(async (shop, feedId: number, customerId: string) => {
      const id = readShopifyId(customerId);
      return id === null
        ? { outcome: "unknown_customer" as const }
        : { outcome: "made" as const, address: addressOf(shop, feedId, id) };
    }),
  };
}

function hasErrors(problems: readonly ContentProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

function handleOf(name: string): string {
  const handle = plainLetters(name, "-");
  return handle === "" ? "block" : handle.slice(0, 63);
}
