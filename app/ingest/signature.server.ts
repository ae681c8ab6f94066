import { createHash, createHmac } from "node:crypto";
import { equalBytes } from "../platform/crypto.server.ts";

/**
 * Checks X-Shopify-Hmac-Sha256, base64 HMAC-SHA256 of the raw body under the app's secret
 * (https://shopify.dev/docs/apps/build/webhooks/subscribe/https). Several secrets are accepted while one is being rotated.
 */
export function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64");
  // Every secret is tried, so that the time taken does not tell which one matched.
  return secrets
    .map((secret) => equalBytes(createHmac("sha256", secret).update(body).digest(), given))
    .some((matches) => matches);
}

/**
 * What makes two deliveries one event: topic, event id and body. One merchant action shares its event id among all resources it
 * touched, so the event id alone would lose deliveries. Without an event id the delivery id takes its place.
 */
export function deliveryDigest(topic: string, eventId: string | null, webhookId: string, body: Buffer): Buffer {
  return createHash("sha256")
    .update(`${topic}\n${eventId ? `event ${eventId}` : `delivery ${webhookId}`}\n`)
    .update(body)
    .digest();
}
