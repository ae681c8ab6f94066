import { createHash, randomBytes } from "node:crypto";

/** What a key may do. */
export const SCOPES = ["events:write", "profiles:write"] as const;
export type Scope = (typeof SCOPES)[number];

/** Looked for by those who search public code for lost keys. */
const PREFIX = "muster_";
const HINT_LENGTH = 4;

/** A new key, what is kept of it, and by what the merchant tells it from others. */
export function newApiKey(): { key: string; hash: Buffer; hint: string } {
  const key = PREFIX + randomBytes(32).toString("base64url");
  return { key, hash: hashApiKey(key), hint: key.slice(-HINT_LENGTH) };
}

/** A key is 256 random bits, so a plain hash cannot be turned back: what slows down guessing of passwords would only slow requests. */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** The key of an `Authorization: Bearer …` header (RFC 6750); null for anything else. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(\S{1,200})$/i.exec(header ?? "")?.[1] ?? null;
}
