import { createHash } from "node:crypto";
import { z } from "zod";
import type { OAuth, Tokens } from "../destination.ts";
import { createTransport } from "../http.ts";
import { PauseConnection, Refused } from "../retry-classes.ts";

export interface KlaviyoOAuthOptions {
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  tokenUrl: string;
  now(): Date;
  fetch?: typeof fetch;
}

/** Everything that is called (`operations.ts`), and events written for segments. */
const SCOPES = [
  "accounts:read",
  "profiles:read",
  "profiles:write",
  "lists:read",
  "lists:write",
  "events:read",
  "events:write",
  "metrics:read",
  "subscriptions:read",
  "subscriptions:write",
  "data-privacy:write",
  "webhooks:read",
  "webhooks:write",
];

const answer = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number().positive() });

export interface KlaviyoOAuth extends OAuth {
  /** @throws PauseConnection when the permission was withdrawn, or not used for 90 days. */
  renew(tokens: Tokens): Promise<Tokens>;
}

/**
 * Klaviyo's authorization code with PKCE, which it demands; access for an hour, renewed until the app is removed there
 * (https://developers.klaviyo.com/en/docs/set_up_oauth).
 */
export function createKlaviyoOAuth(options: KlaviyoOAuthOptions): KlaviyoOAuth {
  const { clientId, clientSecret, tokenUrl, now } = options;
  const transport = createTransport({
    vendor: "Klaviyo",
    unauthorised: "Klaviyo does not know this app: its client id or secret is wrong",
    ...(options.fetch && { fetch: options.fetch }),
  });

  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;

  async function ask(form: Record<string, string>): Promise<Tokens> {
    const asked = { method: "POST", url: tokenUrl, headers: { authorization }, answer } as const;
    const given = (await transport.call({ ...asked, form: new URLSearchParams(form) })).answer;
    const { access_token: access, refresh_token: refresh, expires_in: seconds } = given;
    return { access, refresh, expiresAt: new Date(now().getTime() + seconds * 1_000) };
  }

  return {
    authorizeUrl({ redirectUri, state, verifier }) {
      const url = new URL(options.authorizeUrl);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPES.join(" "),
        state,
        code_challenge_method: "S256",
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      }).toString();
      return url.href;
    },
    exchange: async ({ code, redirectUri, verifier }) => ({
      oauth: await ask({
        grant_type: "authorization_code",
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    }),
    async revoke({ refresh }) {
      const form = new URLSearchParams({ token_type_hint: "refresh_token", token: refresh });
      const url = new URL("revoke", tokenUrl).href;
      await transport.call({ method: "POST", url, headers: { authorization }, form, answer: z.unknown() });
    },
    async renew({ refresh }) {
      try {
        return await ask({ grant_type: "refresh_token", refresh_token: refresh });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        throw new PauseConnection(REVOKED, 401);
      }
    },
  };
}

export const REVOKED = "The permission was withdrawn at Klaviyo. Connect it again under Destinations";
