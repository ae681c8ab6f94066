import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { sessionToken, sessionTokenShop } from "./shopify/session-token-shop.ts";
import { fetchStaffName } from "./shopify/staff-name.server.ts";
import { type AdminGraphql, fetchShopInfo, type ShopInfo } from "./shopify/shop-info.server.ts";

export interface ShopifyOptions {
  apiKey: string;
  apiSecret: string;
  /** Where Shopify and browsers reach the app. On localhost it must carry its port, or the library appends `PORT`. */
  appUrl: string;
  scopes: string[];
  sessionStorage: SessionStorage;
  /**
   * Replaces Shopify's App Bridge script in the app's pages. The library's own bounce pages take it from the environment
   * (`APP_BRIDGE_URL`, read when the library is imported): set both or neither.
   */
  appBridgeUrl?: string | undefined;
  /**
   * Called whenever a shop's access token was obtained by token exchange: at installation, and again on visits after the token
   * ran out. Must therefore be idempotent. When it throws, the session is dropped and the next visit calls it again.
   */
  onInstalled(shop: string, info: ShopInfo, grantedScopes: string[]): Promise<void>;
  /** The library's warnings and errors. */
  log(level: "warn" | "error", message: string): void;
}

/** Names are used again for so long, and so many of them are held: who saves twice is not asked for twice. */
const NAMES_KEPT_MS = 60_000;
const MOST_NAMES = 1_000;

export type Shopify = ReturnType<typeof createShopify>;

/**
 * The Shopify side of the embedded admin: sessions by token exchange, the Admin API at 2026-10, document headers.
 * `authenticate.admin` is the library's, but for two things: a request that does not name one and the same shop throughout is
 * refused with 403, and requests with one token (the parallel loaders of a page) take turns, so that only the first
 * exchanges it and the others find the shop installed.
 */
export function createShopify(options: ShopifyOptions) {
  const app = shopifyApp({
    apiKey: options.apiKey,
    apiSecretKey: options.apiSecret,
    appUrl: options.appUrl,
    scopes: options.scopes,
    apiVersion: ApiVersion.October26,
    distribution: AppDistribution.AppStore,
    sessionStorage: options.sessionStorage,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    logger: {
      level: LogSeverity.Warning,
      log: (severity, message) => options.log(severity === LogSeverity.Error ? "error" : "warn", message),
    },
    hooks: {
      async afterAuth({ session, admin }) {
        try {
          const scopes = (session.scope ?? "").split(",").filter((scope) => scope !== "");
          await options.onInstalled(session.shop, await fetchShopInfo(admin.graphql), scopes);
        } catch (error) {
          options.log("error", `installation of ${session.shop} failed: ${reasonOf(error)}`);
          await options.sessionStorage.deleteSession(session.id);
          throw error;
        }
      },
    },
  });
  const inTurn = createTurns();
  const names = new Map<string, { name: string; until: number }>();

  const admin: typeof app.authenticate.admin = async (request) => {
    const checked = sessionTokenShop(request);
    if (checked.outcome === "refused") {
      options.log("warn", `session token refused: ${checked.reason}`);
      throw new Response("This request does not belong to one shop.", { status: 403 });
    }
    const token = sessionToken(request);
    return token === undefined ? app.authenticate.admin(request) : inTurn(token, () => app.authenticate.admin(request));
  };

  /** Who makes a request of the admin, by name; where Shopify does not tell it, by the number of their account. */
  async function authorOf(
    request: Request,
    { shop, userId }: { shop: string; userId: string | undefined },
  ): Promise<string> {
    const name = await fetchStaffName(request, { shop, apiKey: options.apiKey, apiSecret: options.apiSecret });
    return name ?? (userId === undefined ? "Staff" : `Staff ${userId}`);
  }

  return {
    ...app,
    authenticate: { ...app.authenticate, admin },
    /**
     * The shop's Admin API outside of a request. Askers take turns, because the library renews a token close to its end without
     * any lock.
     * @throws SessionNotFoundError, or a Response, when no token is left
     */
    adminOf: async (shop: string): Promise<AdminGraphql> =>
      (await inTurn(`offline ${shop}`, () => app.unauthenticated.admin(shop))).admin.graphql,
    authorOf,
    /** Somebody of the shop's staff who changes something: in which shop, and who, by name and number; `redirect` leads out of the frame, too. */
    async staff(request: Request) {
      const { session, sessionToken, redirect } = await admin(request);
      const { shop } = session;
      const userId = sessionToken?.sub;
      const key = `${shop} ${userId}`;
      const known = names.get(key);
      const who = { shop, userId: userId ?? "", redirect };
      if (known && known.until > Date.now()) return { ...who, by: known.name };
      const name = await authorOf(request, { shop, userId });
      if (names.size >= MOST_NAMES) names.clear();
      names.set(key, { name, until: Date.now() + NAMES_KEPT_MS });
      return { ...who, by: name };
    },
    /** What the pages need to start App Bridge. */
    embedding: { apiKey: options.apiKey, appBridgeUrl: options.appBridgeUrl },
  };
}

/** Runs pieces of work with the same key one after the other, whether or not an earlier one failed. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Response) return `Shopify answered ${error.status}`;
  return error instanceof Error ? error.message : String(error);
}
