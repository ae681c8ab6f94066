import { createHmac } from "node:crypto";
import { Pool } from "undici";
import type { Delivery } from "./delivery.ts";

export type PosterOptions = {
  /** The address all topics go to, as `uri` in shopify.app.toml names it. */
  target: string;
  /** The app's client secret. */
  secret: string;
  /** `….myshopify.com` */
  shop: string;
  connections: number;
  /** Shopify's limit for a whole call is 5 s. */
  timeoutMs?: number;
};

const API_VERSION = "2026-10";

/**
 * One attempt to deliver, as Shopify makes it: raw body signed with the client secret, kept-alive connections, 1 s to
 * connect and 5 s in all; only a 2xx counts, a redirect does not.
 */
export function createPoster({ target, secret, shop, connections, timeoutMs = 5_000 }: PosterOptions) {
  const { origin, pathname } = new URL(target);
  const pool = new Pool(origin, { connections, connect: { timeout: 1_000 }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async post(delivery: Delivery): Promise<boolean> {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        const body = delivery.body();
        const headers = headersOf(delivery, shop, signature(body, secret));
        const answer = await pool.request({ method: "POST", path: pathname, headers, body, signal: abort.signal });
        await answer.body.dump();
        return answer.statusCode >= 200 && answer.statusCode < 300;
      } catch {
        return false;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => pool.destroy(),
  };
}

function signature(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

function headersOf(delivery: Delivery, shop: string, hmac: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": delivery.topic,
    "x-shopify-hmac-sha256": hmac,
    "x-shopify-shop-domain": shop,
    "x-shopify-api-version": API_VERSION,
    "x-shopify-webhook-id": delivery.webhookId,
    "x-shopify-event-id": delivery.eventId,
    "x-shopify-triggered-at": delivery.triggeredAt,
  };
}
