import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;

export interface Crypto {
  /** AES-256-GCM; `aad` names where the value lives (`table|column|shop`), so a value moved to another row does not open. */
  seal(plain: Buffer | string, aad: string): Buffer;
  /** @throws when the value was sealed with an unknown key, for another place, or was altered. */
  open(sealed: Buffer, aad: string): Buffer;
  /**
   * Keyed hashes of a text (HMAC-SHA256), one under each key, the current one first: a text is known again without being kept. Of
   * what was marked under a key that is no longer configured nothing is known again.
   */
  marks(text: string): [Buffer, ...Buffer[]];
}

/** @param keys base64 keys of 32 bytes; the first seals, all of them open, so that a key can be rotated. */
export function createCrypto(keys: readonly string[]): Crypto {
  const ring = keys.map(readKey);
  const [current] = ring;
  if (!current) throw new Error("At least one encryption key is needed.");
  return {
    seal(plain, aad) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current.key, nonce).setAAD(Buffer.from(aad));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([current.id, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, aad) {
      const id = sealed.subarray(0, KEY_ID_BYTES);
      const entry = ring.find((candidate) => candidate.id.equals(id));
      if (!entry) throw new Error("Sealed with a key that is not configured (MUSTER_ENCRYPTION_KEY).");
      const nonce = sealed.subarray(KEY_ID_BYTES, KEY_ID_BYTES + NONCE_BYTES);
      const tag = sealed.subarray(KEY_ID_BYTES + NONCE_BYTES, KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", entry.key, nonce).setAAD(Buffer.from(aad)).setAuthTag(tag);
      return Buffer.concat([
        decipher.update(sealed.subarray(KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
    },
    marks: (text) => [mark(current, text), ...ring.slice(1).map((entry) => mark(entry, text))],
  };
}

function mark({ markKey }: { markKey: Buffer }, text: string): Buffer {
  return createHmac("sha256", markKey).update(text).digest();
}

/** Compares in time that depends on the length alone. */
export function equalBytes(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function readKey(text: string): { id: Buffer; key: Buffer; markKey: Buffer } {
  const key = Buffer.from(text, "base64");
  if (key.length !== 32) throw new Error("An encryption key must be 32 bytes in base64 (openssl rand -base64 32).");
  // A key serves one purpose: marks have one that is derived from it.
  const markKey = Buffer.from(hkdfSync("sha256", key, "", "muster/marks", 32));
  return { id: createHash("sha256").update(key).digest().subarray(0, KEY_ID_BYTES), key, markKey };
}
