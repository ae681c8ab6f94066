import { createHmac } from "node:crypto";

/** A request as Shopify's app proxy signs it: its own parameters added, sorted, without separators, hex. */
export function signedAsByProxy(
  query: Record<string, string>,
  { shop, secret }: { shop: string; secret: string },
): URLSearchParams {
  const all: Record<string, string> = {
    shop,
    logged_in_customer_id: "",
    path_prefix: "/apps/muster",
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...query,
  };
  const message = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join("");
  return new URLSearchParams({ ...all, signature: createHmac("sha256", secret).update(message).digest("hex") });
}
