import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Admin, createAdmin } from "./admin/create-admin.ts";
import { idTokenIsValid, signIdToken } from "./admin/id-token.ts";
import { redirectShopify } from "./admin/redirect-shopify.ts";

const APP = { shop: "demo.myshopify.com", apiKey: "an-api-key", apiSecret: "an-api-secret" };
const SHOP_URL = "https://demo.myshopify.com";

let app: Server;
let admin: Admin;

beforeAll(async () => {
  app = createServer((req, res) => {
    if (req.url === "/away") {
      return void res.writeHead(302, { Location: "https://admin.shopify.com/store/demo/apps/an-api-key" }).end();
    }
    res.writeHead(200, {
      Link: '<https://cdn.shopify.com/shopifycloud/app-bridge.js>; rel="preload"; as="script";',
      "Content-Security-Policy": "frame-ancestors https://demo.myshopify.com;",
      "Set-Cookie": ["a=1", "b=2"],
    });
    req.pipe(res);
  });
  await new Promise<void>((resolve) => app.listen(0, "localhost", resolve));
  admin = await createAdmin({ ...APP, appUrl: `http://localhost:${(app.address() as AddressInfo).port}`, port: 0 });
});
afterAll(async () => {
  await admin.close();
  await new Promise((resolve) => {
    app.close(resolve);
    app.closeAllConnections();
  });
});

const frameOf = async (path: string) => {
  const html = await (await fetch(admin.appPage + path)).text();
  const src = /<iframe[^>]* src="([^"]*)"/.exec(html)?.[1]?.replaceAll("&#38;", "&");
  return new URL(src ?? "about:blank");
};

describe("the stand-in for the Shopify admin", () => {
  it("frames the app at its path with Shopify's parameters around the page's own", async () => {
    const frame = await frameOf("/app/profiles?filter=vip&shop=other.myshopify.com");
    expect(frame.origin + frame.pathname).toBe(`${admin.proxyUrl}/app/profiles`);
    const { id_token, hmac, timestamp, session, ...rest } = Object.fromEntries(frame.searchParams);
    expect(rest).toEqual({
      filter: "vip",
      shop: "demo.myshopify.com",
      embedded: "1",
      locale: "en",
      host: "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvZGVtbw==",
    });
    expect(idTokenIsValid(String(id_token), APP)).toBe(true);
    const message =
      `embedded=1&filter=vip&host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvZGVtbw==&id_token=${id_token}&locale=en` +
      `&session=${session}&shop=demo.myshopify.com&timestamp=${timestamp}`;
    expect(hmac).toBe(createHmac("sha256", "an-api-secret").update(message).digest("hex"));
  });

  it("leads every address of the store to the app, also the one with the app's key", async () => {
    const follow = async (path: string) =>
      (await fetch(admin.url + path, { redirect: "manual" })).headers.get("location");
    expect(await follow("/")).toBe("/store/demo/apps/muster");
    expect(await follow("/store/demo/customers/1")).toBe("/store/demo/apps/muster");
    expect(await follow("/store/demo/apps/an-api-key/app/profiles?a=1")).toBe(
      "/store/demo/apps/muster/app/profiles?a=1",
    );
    expect((await fetch(`${admin.url}/no-such-page`)).status).toBe(404);
  });

  it("says that it is a sandbox and escapes what it is given", async () => {
    const html = await (await fetch(`${admin.appPage}/app?x="><script>`)).text();
    expect(html).toContain("Stands in for the Shopify admin on this machine. No real shop, no real customers.");
    expect(html).not.toContain('"><script>');
  });

  it("spoils one session token when told to, and no more", async () => {
    const next = async () => {
      const answer = await fetch(`${admin.url}/sandbox/id-token`, { method: "POST" });
      return ((await answer.json()) as { token: string }).token;
    };
    admin.spoilNextIdToken({ audience: "another-app" });
    expect([idTokenIsValid(await next(), APP), idTokenIsValid(await next(), APP)]).toEqual([false, true]);
  });

  it("stands in front of the app and changes only what concerns Shopify's own addresses", async () => {
    const answer = await fetch(admin.proxyUrl, { method: "POST", body: "raw  body" });
    expect(await answer.text()).toBe("raw  body");
    expect(answer.headers.get("link")).toBeNull();
    expect(answer.headers.get("content-security-policy")).toBe(
      `frame-ancestors ${admin.url} https://demo.myshopify.com;`,
    );
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    const away = await fetch(`${admin.proxyUrl}/away`, { redirect: "manual" });
    expect(away.headers.get("location")).toBe(`${admin.url}/store/demo/apps/an-api-key`);
  });

  it("tells of the store what it was given", async () => {
    const store = { name: "Fern & Fjord", currency: "EUR", timeZone: "Europe/Berlin" };
    const other = await createAdmin({
      ...APP,
      shop: "fern.myshopify.com",
      store,
      appUrl: "http://localhost:1",
      port: 0,
    });
    const restore = redirectShopify(other.url);
    const post = async (path: string, content: object, headers = {}) => {
      const answer = await fetch(`https://fern.myshopify.com/admin/${path}`, {
        method: "POST",
        body: JSON.stringify(content),
        headers: { "Content-Type": "application/json", ...headers },
      });
      return (await answer.json()) as { access_token: string; data: unknown };
    };
    const { access_token } = await post("oauth/access_token", {
      client_id: APP.apiKey,
      client_secret: APP.apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: signIdToken({ ...APP, shop: "fern.myshopify.com" }),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
    });
    const query = "{ shop { name myshopifyDomain ianaTimezone currencyCode } }";
    const { data } = await post("api/2026-10/graphql.json", { query }, { "X-Shopify-Access-Token": access_token });
    expect(data).toEqual({
      shop: {
        name: "Fern & Fjord",
        myshopifyDomain: "fern.myshopify.com",
        ianaTimezone: "Europe/Berlin",
        currencyCode: "EUR",
      },
    });
    expect(await (await fetch(other.appPage)).text()).toContain("Fern &#38; Fjord (sandbox)");
    restore();
    await other.close();
  });

  it("is the shop's own address for fetch, as long as the redirection lasts", async () => {
    const restore = redirectShopify(admin.url);
    const body = {
      client_id: APP.apiKey,
      client_secret: APP.apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: signIdToken(APP),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
    };
    const post = (url: string, content: object, headers = {}) =>
      fetch(url, {
        method: "POST",
        body: JSON.stringify(content),
        headers: { "Content-Type": "application/json", ...headers },
      });
    const tokens = await post(`${SHOP_URL}/admin/oauth/access_token`, body);
    const { access_token } = (await tokens.json()) as { access_token: string };

    const api = `${SHOP_URL}/admin/api/2026-10/graphql.json`;
    const query = { query: "{ shop { myshopifyDomain ianaTimezone } }" };
    const answer = await post(api, query, { "X-Shopify-Access-Token": access_token });
    expect(await answer.json()).toMatchObject({
      data: { shop: { myshopifyDomain: "demo.myshopify.com", ianaTimezone: "Europe/London" } },
    });
    expect((await post(api, query, { "X-Shopify-Access-Token": "shpat_other" })).status).toBe(401);
    expect((await post(api, query)).status).toBe(401);
    const elsewhere = await post(api.replace("demo", "other"), query, { "X-Shopify-Access-Token": access_token });
    expect(elsewhere.status).toBe(404);
    restore();
    expect((await post(`${admin.url}/admin/api/2026-10/graphql.json`, query)).status).toBe(404);
  });
});
