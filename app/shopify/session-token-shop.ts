import { z } from "zod";

export type SessionTokenShop =
  | { outcome: "one-shop" }
  | { outcome: "unreadable" }
  | { outcome: "refused"; reason: "issuer-differs" | "shop-parameter-differs" };

/**
 * Checks that everything about a request names one shop: the issuer of its session token, the token's destination, and the `shop`
 * parameter where there is one. Shopify's documentation of session tokens asks for the first comparison; its library (6.0.1)
 * makes neither. The signature is *not* checked here: a refusal is final, anything else still has to pass the library.
 */
export function sessionTokenShop(request: Request): SessionTokenShop {
  const url = new URL(request.url);
  const claims = readClaims(sessionToken(request));
  if (!claims) return { outcome: "unreadable" };
  const shop = hostOf(claims.dest);
  if (shop === undefined || hostOf(claims.iss) !== shop) return { outcome: "refused", reason: "issuer-differs" };
  const named = url.searchParams.getAll("shop");
  if (named.some((name) => name !== shop)) return { outcome: "refused", reason: "shop-parameter-differs" };
  return { outcome: "one-shop" };
}

/** The session token the library will look at: the header's before the address's. */
export function sessionToken(request: Request): string | undefined {
  const header = request.headers.get("authorization")?.replace("Bearer ", "");
  return header || new URL(request.url).searchParams.get("id_token") || undefined;
}

const claimsOfToken = z.object({ iss: z.string(), dest: z.string() });

function readClaims(token: string | undefined): z.infer<typeof claimsOfToken> | undefined {
  const payload = token?.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    return claimsOfToken.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}
