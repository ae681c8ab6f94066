import { createHash, randomBytes } from "node:crypto";
import type { Answer, ApiRequest } from "./http.ts";

export interface OAuthDeskOptions {
  clientId: string;
  clientSecret: string;
  /** The account whose owner permits everything. */
  accountId: string;
  /** Klaviyo's demands; Mailchimp has none of them: the code's verifier, scopes, and access that runs out. */
  strict: boolean;
  /** How long access lasts. */
  accessSeconds?: number;
  now: () => number;
}

interface Grant {
  accountId: string;
  redirectUri: string;
  challenge: string;
  at: number;
}

const CODE_MS = 5 * 60_000;

/** The authorization server of a vendor: its owner permits whatever is asked for correctly, at once. */
export function createOAuthDesk(options: OAuthDeskOptions) {
  const { clientId, clientSecret, accountId, strict, accessSeconds = 3_600, now } = options;
  const codes = new Map<string, Grant>();
  const refreshes = new Map<string, string>();
  const accesses = new Map<string, { accountId: string; until: number; refresh: string }>();
  let renewals = 0;

  const random = (): string => randomBytes(24).toString("base64url");
  const refused = (error: string, status = 400): Answer => ({ status, body: { error, error_description: error } });

  function issue(account: string, refresh: string): Answer {
    const access = random();
    const until = strict ? now() + accessSeconds * 1_000 : Infinity;
    accesses.set(access, { accountId: account, until, refresh });
    const body = strict
      ? { access_token: access, refresh_token: refresh, expires_in: accessSeconds, token_type: "bearer", scope: "" }
      : { access_token: access, expires_in: 0, scope: null };
    return { status: 200, body };
  }

  return {
    /** How often access was renewed. */
    renewals: () => renewals,
    /** Whose access it is; null: nobody's, or it ran out. */
    accountOf(access: string): string | null {
      const held = accesses.get(access);
      return held && held.until > now() ? held.accountId : null;
    },
    /** All access runs out now. */
    expire(): void {
      for (const held of accesses.values()) held.until = now();
    },
    /** The owner withdraws every permission. */
    withdraw(): void {
      refreshes.clear();
      accesses.clear();
    },

    authorize({ query }: ApiRequest): Answer {
      const redirectUri = query.get("redirect_uri") ?? "";
      if (query.get("client_id") !== clientId || query.get("response_type") !== "code")
        return refused("invalid_request");
      if (strict && (query.get("code_challenge_method") !== "S256" || !query.get("code_challenge")))
        return refused("invalid_request");
      if (strict && !query.get("scope")?.split(" ").includes("accounts:read")) return refused("invalid_scope");
      const code = random();
      codes.set(code, { accountId, redirectUri, challenge: query.get("code_challenge") ?? "", at: now() });
      const back = new URL(redirectUri);
      back.searchParams.set("code", code);
      back.searchParams.set("state", query.get("state") ?? "");
      return { status: 302, headers: { location: back.href } };
    },

    token({ headers, body }: ApiRequest): Answer {
      if (!(headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded"))
        return refused("invalid_request");
      const form = new URLSearchParams(body.toString());
      const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
      const known = strict
        ? headers.authorization === basic
        : form.get("client_id") === clientId && form.get("client_secret") === clientSecret;
      if (!known) return refused("invalid_client", 401);
      if (form.get("grant_type") === "refresh_token" && strict) {
        const refresh = form.get("refresh_token") ?? "";
        const account = refreshes.get(refresh);
        if (account === undefined) return refused("invalid_grant");
        renewals += 1;
        return issue(account, refresh);
      }
      const grant = codes.get(form.get("code") ?? "");
      codes.delete(form.get("code") ?? "");
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      if (!grant || now() - grant.at > CODE_MS || grant.redirectUri !== form.get("redirect_uri"))
        return refused("invalid_grant");
      if (strict && grant.challenge !== challenge) return refused("invalid_grant");
      const refresh = random();
      if (strict) refreshes.set(refresh, grant.accountId);
      return issue(grant.accountId, refresh);
    },

    revoke({ body }: ApiRequest): Answer {
      const token = new URLSearchParams(body.toString()).get("token") ?? "";
      refreshes.delete(token);
      for (const [access, { refresh }] of accesses) if (refresh === token) accesses.delete(access);
      return { status: 200, body: {} };
    },
  };
}

export type OAuthDesk = ReturnType<typeof createOAuthDesk>;
