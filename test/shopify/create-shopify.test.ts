import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createShopify, type Shopify } from "../../app/shopify.server.ts";
import type { ShopInfo } from "../../app/shopify/shop-info.server.ts";
import { type Admin, createAdmin } from "../sandbox/admin/create-admin.ts";
import { signIdToken } from "../sandbox/admin/id-token.ts";
import { redirectShopify } from "../sandbox/admin/redirect-shopify.ts";
import { createMemorySessions } from "./memory-sessions.ts";

const APP = { shop: "demo.myshopify.com", apiKey: "an-api-key", apiSecret: "an-api-secret" };
const APP_URL = "https://app.example";

let admin: Admin;
let restore: () => void;
let shopify: Shopify;
let sessions: ReturnType<typeof createMemorySessions>;
let installed: [string, ShopInfo][];
let logged: string[];
let failInstallation: Error | undefined;

beforeAll(async () => {
  admin = await createAdmin({ ...APP, appUrl: "http://localhost:1", port: 0 });
  restore = redirectShopify(admin.url);
});
afterAll(async () => {
  restore();
  await admin.close();
});
beforeEach(() => {
  sessions = createMemorySessions();
  installed = [];
  logged = [];
  failInstallation = undefined;
  admin.tokens.revokeAll();
  Object.assign(admin.tokens.issued, { tokenExchange: 0, refresh: 0 });
  shopify = createShopify({
    apiKey: APP.apiKey,
    apiSecret: APP.apiSecret,
    appUrl: APP_URL,
    scopes: ["read_products"],
    sessionStorage: sessions,
    async onInstalled(shop, info) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (failInstallation) throw failInstallation;
      installed.push([shop, info]);
    },
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
});

const visit = (token = signIdToken(APP)) =>
  shopify.authenticate.admin(new Request(`${APP_URL}/app.data`, { headers: { Authorization: `Bearer ${token}` } }));

describe("the Shopify side of the app", () => {
  it("exchanges one token once for the parallel loaders of a page, and lets all of them find the shop installed", async () => {
    const token = signIdToken(APP);
    const seen = await Promise.all([1, 2, 3].map(() => visit(token).then(() => installed.length)));
    expect(seen).toEqual([1, 1, 1]);
    expect(admin.tokens.issued).toEqual({ tokenExchange: 1, refresh: 0 });
    expect(installed).toEqual([
      [
        "demo.myshopify.com",
        {
          id: "gid://shopify/Shop/548380009",
          name: "Demo store",
          myshopifyDomain: "demo.myshopify.com",
          ianaTimezone: "Europe/London",
          currencyCode: "GBP",
          shopAddress: { countryCodeV2: "GB" },
          primaryDomain: { localization: { defaultLocale: "en" } },
        },
      ],
    ]);
    expect(logged).toEqual([]);
  });

  it("knows who makes a request by name, and by number where Shopify does not tell", async () => {
    const asked = (token: string): Request =>
      new Request(`${APP_URL}/app.data`, { headers: { Authorization: `Bearer ${token}` } });
    const who = { shop: APP.shop, userId: "42" };
    expect(await shopify.authorOf(asked(signIdToken(APP)), who)).toBe("Ada Merchant");
    expect(admin.tokens.issued).toEqual({ tokenExchange: 0, refresh: 0 });
    expect(await sessions.findSessionsByShop(APP.shop)).toEqual([]);
    expect(await shopify.authorOf(asked(signIdToken(APP, { issuedSecondsAgo: 3_600 })), who)).toBe("Staff 42");
    expect(await shopify.authorOf(asked("no token"), { ...who, userId: undefined })).toBe("Staff");
  });

  it("tries a failed installation again at the next visit", async () => {
    failInstallation = new Error("no room");
    await expect(visit()).rejects.toMatchObject({ status: 500 });
    expect(logged).toEqual(["error: installation of demo.myshopify.com failed: no room"]);
    expect(await sessions.findSessionsByShop(APP.shop)).toEqual([]);

    failInstallation = undefined;
    await visit();
    expect(installed).toHaveLength(1);
  });

  it("renews a token close to its end from its refresh token, and keeps the new pair", async () => {
    await visit();
    const [before] = await sessions.findSessionsByShop(APP.shop);
    if (!before?.refreshToken) throw new Error("there is no refresh token");
    const { refreshToken, accessToken } = before;
    before.expires = new Date(Date.now() + 60_000);

    const { admin: api } = await shopify.unauthenticated.admin(APP.shop);
    const [after] = await sessions.findSessionsByShop(APP.shop);
    expect(admin.tokens.issued).toEqual({ tokenExchange: 1, refresh: 1 });
    expect(after?.accessToken).not.toBe(accessToken);
    expect(after?.refreshToken).not.toBe(refreshToken);
    expect(after?.refreshTokenExpires?.getTime()).toBeGreaterThan(Date.now() + 89 * 86_400_000);
    expect(await (await api.graphql("{ shop { currencyCode } }")).json()).toMatchObject({
      data: { shop: { currencyCode: "GBP" } },
    });
  });

  it("refuses a token whose issuer is another shop before anything is exchanged", async () => {
    await expect(visit(signIdToken(APP, { issuerShop: "other.myshopify.com" }))).rejects.toMatchObject({ status: 403 });
    expect(admin.tokens.issued).toEqual({ tokenExchange: 0, refresh: 0 });
  });
});
