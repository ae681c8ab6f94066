import { z } from "zod";
import type { OAuth } from "../destination.ts";
import { createTransport } from "../http.ts";

export interface MailchimpOAuthOptions {
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  /** The address that tells the data centre lies beside it. */
  tokenUrl: string;
  fetch?: typeof fetch;
}

/** Mailchimp's OAuth 2 has no scopes, no PKCE and tokens that do not run out (https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/). */
export function createMailchimpOAuth(options: MailchimpOAuthOptions): OAuth {
  const { clientId, clientSecret, tokenUrl } = options;
  const transport = createTransport({
    vendor: "Mailchimp",
    bareForbidden: "retry",
    unauthorised: "Mailchimp does not know this app: its client id or secret is wrong",
    ...(options.fetch && { fetch: options.fetch }),
  });
  return {
    authorizeUrl({ redirectUri, state }) {
      const url = new URL(options.authorizeUrl);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
      }).toString();
      return url.href;
    },
    async exchange({ code, redirectUri }) {
      const form = new URLSearchParams({
        grant_type: "authorization_code",
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uri: redirectUri,
        code,
      });
      const token = z.object({ access_token: z.string() });
      const asked = { method: "POST", url: tokenUrl, headers: {}, form, answer: token } as const;
      const { access_token: access } = (await transport.call(asked)).answer;
      // It becomes part of a host name.
      const metadata = z.object({ dc: z.string().regex(/^[a-z]{2}\d{1,3}$/) });
      const { dc } = (
        await transport.call({
          method: "GET",
          url: new URL("metadata", tokenUrl).href,
          headers: { authorization: `OAuth ${access}` },
          answer: metadata,
        })
      ).answer;
      return { oauth: { access, dc } };
    },
  };
}

export const REVOKED = "The permission was withdrawn at Mailchimp. Connect it again under Destinations";
