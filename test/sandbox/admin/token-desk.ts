import { randomBytes } from "node:crypto";
import { idTokenIsValid, type InstalledApp } from "./id-token.ts";

export interface Answer {
  status: number;
  body: unknown;
}

export interface TokenDesk {
  /** Answers `POST /admin/oauth/access_token`. */
  answer(body: Record<string, unknown>): Answer;
  accepts(accessToken: string | undefined): boolean;
  /** Makes every access token unusable, as an uninstallation does. Refresh tokens go with them. */
  revokeAll(): void;
  /** How many pairs were issued, by grant. */
  issued: { tokenExchange: number; refresh: number };
}

/** One issue: an access token and the refresh token that replaces it. */
interface Pair {
  accessToken: string;
  refreshToken: string;
  expires: number;
  refreshExpires: number;
  /** The pair that this one replaced; usable for another refresh until this one's own refresh token is used. */
  replaced: Pair | undefined;
}

const REFRESH_SECONDS = 90 * 24 * 60 * 60;
const ONLINE = "urn:shopify:params:oauth:token-type:online-access-token";
/** Who is logged in to the stand-in admin. */
const STAFF = { id: 42, first_name: "Ada", last_name: "Merchant", email: "ada@demo.example", account_owner: true };
const ONLINE_SECONDS = 86_400;
const OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token";

/**
 * Shopify's token endpoint for one installed app: token exchange for expiring offline tokens, and the refresh grant.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
 */
export function createTokenDesk(app: InstalledApp, options: { scopes: string; accessTokenSeconds: number }): TokenDesk {
  let pairs: Pair[] = [];
  const issued = { tokenExchange: 0, refresh: 0 };

  function issue(replaced: Pair | undefined): Answer {
    const pair: Pair = {
      accessToken: `shpat_${randomBytes(16).toString("hex")}`,
      refreshToken: `shprt_${randomBytes(16).toString("hex")}`,
      expires: Date.now() + options.accessTokenSeconds * 1000,
      refreshExpires: Date.now() + REFRESH_SECONDS * 1000,
      replaced,
    };
    pairs.push(pair);
    return {
      status: 200,
      body: {
        access_token: pair.accessToken,
        scope: options.scopes,
        expires_in: options.accessTokenSeconds,
        refresh_token: pair.refreshToken,
        refresh_token_expires_in: REFRESH_SECONDS,
      },
    };
  }

  function exchange(body: Record<string, unknown>): Answer {
    if (body["subject_token_type"] !== "urn:ietf:params:oauth:token-type:id_token") {
      return refusal("invalid_request", "subject_token_type must be an id_token");
    }
    if (body["requested_token_type"] === ONLINE && idTokenIsValid(String(body["subject_token"]), app)) {
      const access_token = `shpua_${randomBytes(16).toString("hex")}`;
      return {
        status: 200,
        body: {
          access_token,
          scope: options.scopes,
          expires_in: ONLINE_SECONDS,
          associated_user_scope: options.scopes,
          associated_user: STAFF,
        },
      };
    }
    if (body["requested_token_type"] !== OFFLINE) {
      return refusal(
        "invalid_request",
        "the sandbox issues offline access tokens only, and online ones for a valid session token",
      );
    }
    if (body["expiring"] !== "1") {
      return refusal("invalid_request", "public apps must ask for expiring offline access tokens");
    }
    if (!idTokenIsValid(String(body["subject_token"]), app)) {
      return refusal("invalid_subject_token", "the session token is not valid");
    }
    issued.tokenExchange += 1;
    return issue(undefined);
  }

  function refresh(body: Record<string, unknown>): Answer {
    const used = pairs.find((pair) => pair.refreshToken === body["refresh_token"]);
    if (!used || used.refreshExpires <= Date.now()) return refusal("invalid_grant", "the refresh token is not valid");
    if (used.replaced) pairs = pairs.filter((pair) => pair !== used.replaced);
    used.replaced = undefined;
    issued.refresh += 1;
    return issue(used);
  }

  return {
    answer(body) {
      if (body["client_id"] !== app.apiKey || body["client_secret"] !== app.apiSecret) {
        return { status: 401, body: { error: "invalid_client" } };
      }
      switch (body["grant_type"]) {
        case "urn:ietf:params:oauth:grant-type:token-exchange":
          return exchange(body);
        case "refresh_token":
          return refresh(body);
        default:
          return refusal("unsupported_grant_type", String(body["grant_type"]));
      }
    },
    accepts: (accessToken) => pairs.some((pair) => pair.accessToken === accessToken && pair.expires > Date.now()),
    revokeAll() {
      pairs = [];
    },
    issued,
  };
}

function refusal(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}
