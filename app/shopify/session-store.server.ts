import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { z } from "zod";

export interface SessionStoreOptions {
  db: { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };
  /** Authenticated encryption; `aad` binds the result to its place, so a row copied to another shop does not open. */
  seal(plain: string, aad: string): Buffer;
  /** @throws when the bytes were not sealed with this key and this `aad`. */
  open(sealed: Buffer, aad: string): Buffer;
}

/**
 * Shopify's session storage on the table `sessions`. Everything but the shop is sealed, tokens above all; the refresh token and
 * the access token it renews are in one value, so they can never be stored apart. The library asks by session id, hence no
 * shop argument except where its interface has one.
 *
 * A row that no longer opens (the key was replaced) counts as absent: the next visit exchanges a session token for a new one.
 * `expires_at` is the instant after which nothing in the row is of any use.
 */
export function createSessionStore({ db, seal, open }: SessionStoreOptions): SessionStorage {
  return {
    async storeSession(session) {
      await db.query(UPSERT, [
        session.id,
        session.shop,
        seal(JSON.stringify(session.toObject()), additionalData(session.shop)),
        session.refreshTokenExpires ?? session.expires ?? null,
      ]);
      return true;
    },

    async loadSession(id) {
      const { rows } = await db.query("SELECT id, shop, sealed FROM sessions WHERE id = $1", [id]);
      return rows.map((row) => unseal(row, open)).find((session) => session !== undefined);
    },

    async deleteSession(id) {
      await db.query("DELETE FROM sessions WHERE id = $1", [id]);
      return true;
    },

    async deleteSessions(ids) {
      await db.query("DELETE FROM sessions WHERE id = ANY($1)", [ids]);
      return true;
    },

    async findSessionsByShop(shop) {
      const { rows } = await db.query("SELECT id, shop, sealed FROM sessions WHERE shop = $1 ORDER BY id", [shop]);
      return rows.map((row) => unseal(row, open)).filter((session) => session !== undefined);
    },
  };
}

const UPSERT = `
  INSERT INTO sessions (id, shop, sealed, expires_at, updated_at) VALUES ($1, $2, $3, $4, now())
  ON CONFLICT (id) DO UPDATE
  SET shop = excluded.shop, sealed = excluded.sealed, expires_at = excluded.expires_at, updated_at = excluded.updated_at`;

const storedRow = z.object({ id: z.string(), shop: z.string(), sealed: z.instanceof(Uint8Array) });

const storedSession = z.object({
  id: z.string(),
  shop: z.string(),
  state: z.string(),
  isOnline: z.boolean(),
  scope: z.string().exactOptional(),
  accessToken: z.string().exactOptional(),
  expires: z.coerce.date().exactOptional(),
  refreshToken: z.string().exactOptional(),
  refreshTokenExpires: z.coerce.date().exactOptional(),
  onlineAccessInfo: z
    .object({
      expires_in: z.number(),
      associated_user_scope: z.string(),
      associated_user: z.object({
        id: z.number(),
        first_name: z.string(),
        last_name: z.string(),
        email: z.string(),
        email_verified: z.boolean(),
        account_owner: z.boolean(),
        locale: z.string(),
        collaborator: z.boolean(),
      }),
    })
    .exactOptional(),
});

function additionalData(shop: string): string {
  return `sessions|sealed|${shop}`;
}

function unseal(row: unknown, open: SessionStoreOptions["open"]): Session | undefined {
  const { id, shop, sealed } = storedRow.parse(row);
  const plain = openOrNothing(open, Buffer.from(sealed), additionalData(shop));
  if (!plain) return undefined;
  const params = storedSession.parse(JSON.parse(plain.toString("utf8")));
  return params.id === id && params.shop === shop ? new Session(params) : undefined;
}

function openOrNothing(open: SessionStoreOptions["open"], sealed: Buffer, aad: string): Buffer | undefined {
  try {
    return open(sealed, aad);
  } catch {
    return undefined;
  }
}
