import { createHmac } from "node:crypto";
import { equalBytes } from "../platform/crypto.server.ts";

/** Shopify's own library takes requests up to this age (its clock tolerance). */
const TOLERANCE_S = 90;

/**
 * Checks a request that came through Shopify's app proxy: hex HMAC-SHA256 over all other parameters, sorted, as `name=value`
 * without a separator, several values of a name joined by commas
 * (https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies). Several secrets are accepted while
 * one is being rotated.
 * @param now real time
 */
export function isProxySigned(query: URLSearchParams, secrets: readonly string[], now: Date): boolean {
  const given = Buffer.from(query.get("signature") ?? "", "hex");
  const names = [...new Set(query.keys())].filter((name) => name !== "signature").sort();
  const message = names.map((name) => `${name}=${query.getAll(name).join(",")}`).join("");
  // Every secret is tried, so that the time taken does not tell which one matched.
  const matches = secrets
    .map((secret) => equalBytes(createHmac("sha256", secret).update(message).digest(), given))
    .some((match) => match);
  return matches && Math.abs(now.getTime() / 1000 - Number(query.get("timestamp"))) <= TOLERANCE_S;
}
