import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ShopId } from "../shopify/shop-id.ts";
import { findShop } from "../shopify/shop-store.server.ts";
import type { DestinationKind } from "../sync/destination-store.server.ts";
import {
  askedAttempt,
  attemptPlace,
  dropAttempt,
  insertAttempt,
  recordAnswer,
  saveStage,
  takeAttempt,
} from "../sync/oauth/attempts-store.server.ts";
import { PauseConnection, Refused, RetryLater } from "../sync/retry-classes.ts";
import { type ConnectAnswer, connectPlace, type ConnectOptions } from "./connect-destination.server.ts";
import { reasonSentence } from "../sync/reason-words.ts";
import { t } from "../texts/text.ts";

/**
 * Connecting a platform by permission. The merchant leaves the admin for the platform and comes back to the address of ours that the
 * platform was told; from there into the admin, where the same member of staff ends in a session of Shopify's what they began in
 * one. What passes through the browser are two random texts: the state, known to the platform, and the ticket, known only to the
 * browser that came back. Neither is worth anything without that session.
 */
export interface OAuthAdmin {
  /** The kinds that can be connected so. */
  kinds: readonly DestinationKind[];
  /** @param userId of the session token @returns where the merchant goes, out of the admin's frame. */
  begin(
    shopDomain: string,
    userId: string,
    kind: string,
  ): Promise<{ outcome: "go"; url: string } | { outcome: "not_offered" | "unknown_shop" }>;
  /** What the platform sends the merchant back with. @returns where in the admin they go on. */
  answer(
    kind: string,
    given: { state: string; code: string | null },
  ): Promise<{ outcome: "back"; url: string } | { outcome: "unknown" }>;
  /** @param ticket as it came back @param place chosen of several; null: not asked yet @param by who does it, by name */
  finish(
    shopDomain: string,
    userId: string,
    ticket: string,
    place: string | null,
    by: string,
  ): Promise<(ConnectAnswer & { kind: string | null }) | { outcome: "expired"; kind: null }>;
}

export interface OAuthAdminOptions extends ConnectOptions {
  /** Where the app is reached from outside. */
  appUrl: string;
  /** The app's, as it stands in addresses of the admin. */
  apiKey: string;
}

const asked = z.object({ verifier: z.string() });
const answered = asked.extend({ code: z.string() });
const exchanged = z.object({ credentials: z.record(z.string(), z.unknown()) });

const random = (): string => randomBytes(32).toString("base64url");
const stateText = (state: string): string => `oauth state ${state}`;
const ticketText = (ticket: string): string => `oauth ticket ${ticket}`;

export function createOAuthAdmin(options: OAuthAdminOptions): OAuthAdmin {
  const { db, crypto, destinations, appUrl, apiKey } = options;
  const kinds = Object.keys(destinations.oauth) as DestinationKind[];
  const redirectTo = (kind: DestinationKind): string => `${appUrl}/oauth/${kind}`;

  const seal = (place: string, value: object): Buffer => crypto.seal(JSON.stringify(value), place);
  const open = <Value>(place: string, sealed: Buffer, shape: z.ZodType<Value>): Value =>
    shape.parse(JSON.parse(crypto.open(sealed, place).toString("utf8")));

  /** Of the shop that began it, whoever the browser belongs to. */
  function inAdmin(domain: string, query: Record<string, string>): string {
    const store = domain.replace(/\.myshopify\.com$/, "");
    return `https://admin.shopify.com/store/${store}/apps/${apiKey}/app/destinations?${new URLSearchParams(query).toString()}`;
  }

  async function exchange(
    shop: ShopId,
    userId: string,
    taken: NonNullable<Awaited<ReturnType<typeof takeAttempt>>>,
  ): Promise<object> {
    const place = attemptPlace(shop, taken.kind, userId);
    if (taken.stage === "exchanged") return open(place, taken.sealed, exchanged).credentials;
    const { code, verifier } = open(place, taken.sealed, answered);
    const oauth = destinations.oauth[taken.kind];
    if (!oauth) throw new Refused(404, null);
    return oauth.exchange({ code, verifier, redirectUri: redirectTo(taken.kind) });
  }

  return {
    kinds,

    async begin(shopDomain, userId, given) {
      const kind = kinds.find((each) => each === given);
      const oauth = kind && destinations.oauth[kind];
      if (!kind || !oauth) return { outcome: "not_offered" };
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop" };
      const state = random();
      const verifier = random();
      const sealed = seal(attemptPlace(shop.id, kind, userId), { verifier });
      const stateMark = crypto.marks(stateText(state))[0];
      await insertAttempt(db, shop.id, { kind, userId, stateMark, sealed });
      return { outcome: "go", url: oauth.authorizeUrl({ redirectUri: redirectTo(kind), state, verifier }) };
    },

    async answer(kind, { state, code }) {
      const attempt = await askedAttempt(db, kind, crypto.marks(stateText(state)));
      if (!attempt) return { outcome: "unknown" };
      const { id, shopId, domain, userId } = attempt;
      if (code === null) {
        await dropAttempt(db, shopId, id);
        return { outcome: "back", url: inAdmin(domain, { declined: attempt.kind }) };
      }
      const place = attemptPlace(shopId, attempt.kind, userId);
      const { verifier } = open(place, attempt.sealed, asked);
      const ticket = random();
      const ticketMark = crypto.marks(ticketText(ticket))[0];
      const first = await recordAnswer(db, shopId, id, { ticketMark, sealed: seal(place, { verifier, code }) });
      return first ? { outcome: "back", url: inAdmin(domain, { ticket }) } : { outcome: "unknown" };
    },

    async finish(shopDomain, userId, ticket, place, by) {
      const shop = await findShop(db, shopDomain);
      if (!shop) return { outcome: "unknown_shop", kind: null };
      const taken = await takeAttempt(db, shop.id, userId, crypto.marks(ticketText(ticket)));
      if (!taken) return { outcome: "expired", kind: null };
      const { kind, id } = taken;
      let credentials: object | null = null;
      /** For another try, or until the place is chosen. */
      const keep = (): Promise<void> =>
        credentials
          ? saveStage(db, shop.id, id, "exchanged", seal(attemptPlace(shop.id, kind, userId), { credentials }))
          : saveStage(db, shop.id, id, taken.stage, taken.sealed);
      try {
        credentials = await exchange(shop.id, userId, taken);
        const answer = await connectPlace(options, shop.id, { kind, credentials, place, by });
        await (answer.outcome === "choose" ? keep() : dropAttempt(db, shop.id, id));
        return { ...answer, kind };
      } catch (error) {
        if (error instanceof RetryLater) {
          await keep();
          return {
            outcome: "refused",
            reason: t("{reason} Nothing was changed; try again in a minute.", {
              reason: reasonSentence(error.message),
            }),
            kind,
          };
        }
        await dropAttempt(db, shop.id, id);
        if (error instanceof PauseConnection)
          return { outcome: "refused", reason: reasonSentence(error.message), kind };
        if (!(error instanceof Refused)) throw error;
        return { outcome: "refused", reason: t("The permission came too late or twice. Begin once more."), kind };
      }
    },
  };
}
