import { createHmac } from "node:crypto";

const PREFIX = "whsec_";
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

export interface SignedMessage {
  /** The same in every attempt, so that the receiver knows a repetition. */
  id: string;
  /** When this attempt is made; receivers refuse one that is far from their own clock. */
  at: Date;
  /** Exactly the bytes that are sent. */
  body: string;
}

/**
 * The headers of a signed message as Standard Webhooks has them (https://www.standardwebhooks.com): HMAC-SHA256 of
 * `id.timestamp.body`, one signature for each secret, so that a receiver may know the new one or the old one during a rotation.
 *
 * @param secrets `whsec_` and base64, as `newSigningSecret` makes them @throws for one of another form
 */
export function signMessage({ id, at, body }: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1_000);
  const content = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac("sha256", keyOf(secret)).update(content).digest("base64")}`,
  );
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}

/** @param random 32 random bytes */
export function newSigningSecret(random: Buffer): string {
  return `${PREFIX}${random.toString("base64")}`;
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  if (!secret.startsWith(PREFIX) || key.length < LEAST_BYTES || key.length > MOST_BYTES) {
    throw new Error(`A signing secret is ${PREFIX} and ${LEAST_BYTES} to ${MOST_BYTES} bytes in base64.`);
  }
  return key;
}
