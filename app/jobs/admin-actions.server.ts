import { randomBytes } from "node:crypto";
import { restartBackFill } from "../ingest/back-fill/back-fill.server.ts";
import { discardDeadLetter } from "../ingest/dead-letters-store.server.ts";
import { replayDeadLetters } from "../ingest/replay-dead-letters.server.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Db } from "../platform/db.server.ts";
import { openExport } from "../privacy/build-export.server.ts";
import { recordMerchantRequest } from "../privacy/privacy-requests-store.server.ts";
import { type DecisionAnswer, decideAboutPair, type PairDecision } from "../profile/duplicates/decide-pair.server.ts";
import { readLearning, setAutomatic } from "../profile/duplicates/pairs-store.server.ts";
import { newApiKey, type Scope } from "../profile/merchant-api/api-key.server.ts";
import { addApiKey, listApiKeys, revokeApiKey } from "../profile/merchant-api/api-keys-store.server.ts";
import { readProfile } from "../profile/profile-pages-store.server.ts";
import { readShopifyId } from "../profile/search-terms.ts";
import { recordChange } from "../shopify/audit-store.server.ts";
import { dismissGuide, findShop, writeProfileColumns } from "../shopify/shop-store.server.ts";
import { CONNECTION_FORMS, type Destinations, typedCredentials, type TypedConnection } from "../sync/destinations.ts";
import { RetryLater } from "../sync/retry-classes.ts";
import type { Jobs } from "./catalogue.ts";
import { type ConnectAnswer, connectPlace } from "./connect-destination.server.ts";
import { readColumnChoice } from "./profile-columns.server.ts";
import type { Queue } from "./queue.ts";
import { t } from "../texts/text.ts";

/** What came in with a form: `kind` may be anything. */
export type ConnectionRequest = Omit<TypedConnection, "kind"> & { kind: string };

export type ReplayAnswer =
  | { outcome: "replaying"; asked: number }
  /** There is none, or it is being read already. */
  | { outcome: "gone" }
  | { outcome: "unknown_shop" };

/** Everything the pages of the admin change. A shop is named by its domain, as the session token names it; `by` is who does it, by name. */
export interface AdminActions {
  /** Starts again what failed of the reading of the shop's past. */
  readHistoryAgain(shopDomain: string): Promise<{ outcome: "started" | "nothing_failed" | "unknown_shop" }>;
  /** Puts the set-up guide away, or brings it back. */
  showGuide(shopDomain: string, shown: boolean): Promise<{ outcome: "saved" | "unknown_shop" }>;
  /** Which columns the list of profiles has, for everybody in the shop. @param names as they came with a form */
  chooseColumns(
    shopDomain: string,
    names: readonly string[],
    by: string,
  ): Promise<{ outcome: "saved" | "unknown_shop" }>;
  /**
   * Asks for everything that is kept of a customer, or for all of it to be erased, as Shopify does in the customer's name.
   * @param customerId as it stands in the address.
   */
  requestPrivacy(
    shopDomain: string,
    kind: "data_request" | "customer_redact",
    customerId: string,
  ): Promise<{ outcome: "requested" | "unknown_profile" | "unknown_shop" }>;
  /** The JSON of an export, and the name of its file. @param requestId as it stands in the address. */
  downloadExport(
    shopDomain: string,
    requestId: string,
  ): Promise<{ outcome: "found"; name: string; text: string } | { outcome: "gone" } | { outcome: "unknown_shop" }>;
  /**
   * Merges two customers into one profile, keeps them apart, or takes either back.
   * @param pair ids as they came with a form.
   */
  decideAboutPair(
    shopDomain: string,
    pair: readonly [string, string],
    decision: PairDecision,
  ): Promise<DecisionAnswer | { outcome: "unknown_shop" }>;
  /**
   * Reads a delivery that was set aside again, or all of them.
   * @param which "all", or an id as it came with a form.
   */
  replayDeadLetters(shopDomain: string, which: string): Promise<ReplayAnswer>;
  /** Gives a delivery that was set aside up for good. @param id as it came with a form. */
  discardDeadLetter(shopDomain: string, id: string): Promise<{ outcome: "discarded" | "gone" | "unknown_shop" }>;
  /** From this probability on likely duplicates are merged without being asked about; null: none are. */
  mergeDuplicatesFrom(
    shopDomain: string,
    probability: number | null,
    by: string,
  ): Promise<{ outcome: "saved" | "unknown_shop" }>;
  /** Makes a key for one of the merchant's own systems. It is in this answer and nowhere else. */
  createApiKey(
    shopDomain: string,
    asked: { name: string; scopes: readonly Scope[] },
    by: string,
  ): Promise<{ outcome: "created"; key: string } | { outcome: "unknown_shop" }>;
  /** From then on the key is refused. */
  revokeApiKey(
    shopDomain: string,
    keyId: number,
    by: string,
  ): Promise<{ outcome: "revoked" | "unknown_key" | "unknown_shop" }>;
  /** Tries the credentials and, if they work, stores them sealed. Which segments have an audience there is chosen after that. */
  connect(shopDomain: string, typed: ConnectionRequest, by: string): Promise<ConnectAnswer>;
}

export interface AdminActionsOptions {
  db: Db;
  crypto: Crypto;
  destinations: Destinations;
  queue: Queue<Jobs>;
}

export function createAdminActions({ db, crypto, destinations, queue }: AdminActionsOptions): AdminActions {
  async function connect(shopDomain: string, request: ConnectionRequest, by: string): Promise<ConnectAnswer> {
    const shop = await findShop(db, shopDomain);
    if (!shop) return { outcome: "unknown_shop" };
    const kind = CONNECTION_FORMS.find((form) => form.kind === request.kind)?.kind;
    if (kind === undefined) return { outcome: "refused", reason: t("There is no such kind of destination.") };
    const credentials = typedCredentials(kind, request.apiKey, randomBytes(32));
    return connectPlace({ db, crypto, destinations, queue }, shop.id, { kind, credentials, place: request.place, by });
  }

  return {
    async readHistoryAgain(shopDomain) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      if (!(await restartBackFill(db, shop.id, new Date()))) return { outcome: "nothing_failed" };
      await queue.ring("back-fill", { shopId: shop.id }, { key: String(shop.id) });
      return { outcome: "started" };
    },

    async showGuide(shopDomain, shown) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      await dismissGuide(db, shop.id, shown ? null : new Date());
      return { outcome: "saved" };
    },

    async chooseColumns(shopDomain, names, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      await db.tx(async (tx) => {
        const before = { columns: (await readColumnChoice(tx, shop.id)).columns };
        const after = { columns: (await readColumnChoice(tx, shop.id, names)).columns };
        await writeProfileColumns(tx, shop.id, after.columns);
        const name = "Columns of the list of profiles";
        await recordChange(tx, shop.id, { author: by, subject: "settings", action: "changed", name, before, after });
      });
      return { outcome: "saved" };
    },

    async requestPrivacy(shopDomain, kind, customerId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const id = readShopifyId(customerId);
      if (id === null || !(await readProfile(db, shop.id, id))) return { outcome: "unknown_profile" };
      await recordMerchantRequest(db, shop.id, kind, id, new Date());
      await queue.ring("privacy", { shopId: shop.id }, { key: String(shop.id) });
      return { outcome: "requested" };
    },

    async decideAboutPair(shopDomain, pair, decision) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      if (!pair.every((id) => readShopifyId(id) !== null)) return { outcome: "unknown_customer" };
      const answer = await decideAboutPair(db, shop.id, pair, decision, new Date());
      if (answer.outcome === "decided") {
        for (const job of ["profiles", "visitors"] as const) {
          await queue.ring(job, { shopId: shop.id }, { key: String(shop.id) });
        }
      }
      return answer;
    },

    async replayDeadLetters(shopDomain, which) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const id = which === "all" ? "all" : readShopifyId(which);
      const asked = id === null ? 0 : await replayDeadLetters(db, shop.domain, id, new Date());
      if (asked === 0) return { outcome: "gone" };
      await queue.ring("ingest", { shop: shop.domain }, { key: shop.domain });
      return { outcome: "replaying", asked };
    },

    async discardDeadLetter(shopDomain, id) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const known = readShopifyId(id);
      const discarded = known !== null && (await db.tx((tx) => discardDeadLetter(tx, shop.domain, known, new Date())));
      return { outcome: discarded ? "discarded" : "gone" };
    },

    async mergeDuplicatesFrom(shopDomain, probability, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      await db.tx(async (tx) => {
        const before = { from: (await readLearning(tx, shop.id)).automaticFrom };
        await setAutomatic(tx, shop.id, probability);
        const about = { subject: "settings", action: "changed", name: "Duplicates merged by themselves" } as const;
        await recordChange(tx, shop.id, { author: by, ...about, before, after: { from: probability } });
      });
      if (probability !== null) await queue.ring("duplicates", { shopId: shop.id }, { key: String(shop.id) });
      return { outcome: "saved" };
    },

    async createApiKey(shopDomain, { name, scopes }, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const { key, hash, hint } = newApiKey();
      await db.tx(async (tx) => {
        await addApiKey(tx, shop.id, { name, scopes, hash, hint, createdAt: new Date() });
        const after = { name, scopes };
        await recordChange(tx, shop.id, { author: by, subject: "api_key", action: "created", name, after });
      });
      return { outcome: "created", key };
    },

    async revokeApiKey(shopDomain, keyId, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const revoked = await db.tx(async (tx) => {
        if (!(await revokeApiKey(tx, shop.id, keyId, new Date()))) return false;
        const name = (await listApiKeys(tx, shop.id)).find(({ id }) => id === keyId)?.name ?? null;
        await recordChange(tx, shop.id, { author: by, subject: "api_key", action: "revoked", name });
        return true;
      });
      return { outcome: revoked ? "revoked" : "unknown_key" };
    },

    async downloadExport(shopDomain, requestId) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const id = readShopifyId(requestId);
      const text = id === null ? null : await openExport({ db, shop, crypto, now: () => new Date() }, id);
      return text === null ? { outcome: "gone" } : { outcome: "found", name: `customer-data-${id}.json`, text };
    },

    async connect(shopDomain, request, by) {
      try {
        return await connect(shopDomain, request, by);
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
        return { outcome: "refused", reason: `${error.message}. Nothing was changed; try again in a minute.` };
      }
    },
  };
}
