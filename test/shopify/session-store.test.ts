import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Session } from "@shopify/shopify-api";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../app/platform/db.server.ts";
import { createSessionStore, type SessionStoreOptions } from "../../app/shopify/session-store.server.ts";
import { openAnyDatabase } from "../support/database.ts";

const SHOP = "demo.myshopify.com";
const IN_AN_HOUR = new Date("2026-11-23T13:00:00.123Z");
const IN_90_DAYS = new Date("2027-02-21T12:00:00.456Z");

const offline = (changes: Partial<ConstructorParameters<typeof Session>[0]> = {}) =>
  new Session({
    id: `offline_${SHOP}`,
    shop: SHOP,
    state: "",
    isOnline: false,
    scope: "read_customers,read_orders",
    accessToken: "shpat_first",
    expires: IN_AN_HOUR,
    refreshToken: "shprt_first",
    refreshTokenExpires: IN_90_DAYS,
    ...changes,
  });

const online = () =>
  new Session({
    id: `${SHOP}_42`,
    shop: SHOP,
    state: "a-state",
    isOnline: true,
    scope: "read_customers",
    accessToken: "shpat_online",
    expires: IN_AN_HOUR,
    onlineAccessInfo: {
      expires_in: 86_399,
      associated_user_scope: "read_customers",
      associated_user: {
        id: 42,
        first_name: "Ada",
        last_name: "Lovelace",
        email: "ada@example.com",
        email_verified: true,
        account_owner: true,
        locale: "en",
        collaborator: false,
      },
    },
  });

let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query("DELETE FROM sessions");
});

describe("the session store", () => {
  const store = () => createSessionStore({ db, ...sealing(randomBytes(32)) });

  it.each([
    ["an offline session with its refresh token", offline()],
    ["an online session with its user", online()],
    ["a session that never expires", new Session({ id: "offline_x", shop: SHOP, state: "", isOnline: false })],
    [
      "a session whose shop and scope have unusual characters",
      offline({ shop: "d-e_m0.myshopify.com", scope: "ü'\"\\" }),
    ],
  ])("gives back %s as it was stored", async (_, session) => {
    const sessions = store();
    expect(await sessions.storeSession(session)).toBe(true);
    const loaded = await sessions.loadSession(session.id);
    expect(loaded).toBeInstanceOf(Session);
    expect(loaded?.toObject()).toEqual(session.toObject());
    expect(loaded?.equals(session)).toBe(true);
  });

  it("replaces access and refresh token together", async () => {
    const sessions = store();
    await sessions.storeSession(offline());
    await sessions.storeSession(offline({ accessToken: "shpat_second", refreshToken: "shprt_second" }));
    expect(await sessions.loadSession(`offline_${SHOP}`)).toMatchObject({
      accessToken: "shpat_second",
      refreshToken: "shprt_second",
      refreshTokenExpires: IN_90_DAYS,
    });
    expect((await db.query("SELECT * FROM sessions")).rows).toHaveLength(1);
  });

  it("knows nothing of an id that was never stored", async () => {
    expect(await store().loadSession("offline_nobody")).toBeUndefined();
  });

  it("deletes one session, several, and those that do not exist", async () => {
    const sessions = store();
    for (const id of ["a", "b", "c"]) await sessions.storeSession(offline({ id }));
    expect(await sessions.deleteSession("a")).toBe(true);
    expect(await sessions.deleteSession("a")).toBe(true);
    expect(await sessions.deleteSessions(["b", "nobody"])).toBe(true);
    expect(await sessions.deleteSessions([])).toBe(true);
    expect((await sessions.findSessionsByShop(SHOP)).map(({ id }) => id)).toEqual(["c"]);
  });

  it("finds the sessions of one shop and no other's", async () => {
    const sessions = store();
    await sessions.storeSession(offline());
    await sessions.storeSession(online());
    await sessions.storeSession(offline({ id: "offline_other", shop: "other.myshopify.com" }));
    expect((await sessions.findSessionsByShop(SHOP)).map(({ id }) => id)).toEqual([`${SHOP}_42`, `offline_${SHOP}`]);
    expect(await sessions.findSessionsByShop("nobody.myshopify.com")).toEqual([]);
  });

  it("keeps no token, user or scope in the clear, and tells when the row becomes useless", async () => {
    const sessions = store();
    await sessions.storeSession(offline());
    await sessions.storeSession(online());
    const { rows } = await db.query<{ id: string; sealed: Uint8Array; expires_at: Date }>(
      "SELECT * FROM sessions ORDER BY id",
    );
    const text = rows.map(({ sealed }) => Buffer.from(sealed).toString("latin1")).join();
    expect(text).not.toMatch(/shpat|shprt|Ada|read_/);
    expect(rows.map(({ expires_at }) => expires_at)).toEqual([IN_AN_HOUR, IN_90_DAYS]);
  });

  it("treats a row of another shop, of another session or of another key as absent", async () => {
    const sessions = store();
    await sessions.storeSession(offline());
    await db.query("INSERT INTO sessions SELECT 'copied', shop, sealed, expires_at, updated_at FROM sessions");
    expect(await sessions.loadSession("copied")).toBeUndefined();
    expect(await store().loadSession(`offline_${SHOP}`)).toBeUndefined();
    await db.query("UPDATE sessions SET shop = 'other.myshopify.com'");
    expect(await sessions.loadSession(`offline_${SHOP}`)).toBeUndefined();
    expect(await sessions.findSessionsByShop("other.myshopify.com")).toEqual([]);
  });
});

function sealing(key: Buffer): Pick<SessionStoreOptions, "seal" | "open"> {
  return {
    seal(plain, aad) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(aad));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, aad) {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12)).setAAD(Buffer.from(aad));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
  };
}
