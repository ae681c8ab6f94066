import { z } from "zod";
import { sessionToken } from "./session-token-shop.ts";

const answered = z.object({
  associated_user: z.object({ first_name: z.string().nullish(), last_name: z.string().nullish() }),
});

const TIMEOUT_MS = 3_000;

/**
 * The name of who makes a request of the admin. Shopify tells it with an online access token, which is asked for and not kept.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
 * @param request one that `authenticate.admin` let through
 * @returns null when Shopify does not tell it in time
 */
export async function fetchStaffName(
  request: Request,
  { shop, apiKey, apiSecret }: { shop: string; apiKey: string; apiSecret: string },
): Promise<string | null> {
  try {
    const response = await fetch(`https://${shop}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: apiKey,
        client_secret: apiSecret,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: sessionToken(request),
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) return null;
    const { first_name: first, last_name: last } = answered.parse(await response.json()).associated_user;
    return [first, last].filter((part) => part).join(" ") || null;
  } catch {
    return null;
  }
}
