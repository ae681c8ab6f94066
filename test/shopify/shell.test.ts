import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signIdToken } from "../sandbox/admin/id-token.ts";
import { chromiumPath, launchBrowser, openAdmin, openView, PHONE, type View } from "../support/browser.ts";
import { API_KEY, API_SECRET, SHOP, type Shell, startShell } from "./shell/start-shell.ts";

const ORDINARY_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
const APP = { shop: SHOP, apiKey: API_KEY, apiSecret: API_SECRET };
const HOST = Buffer.from("admin.shopify.com/store/demo").toString("base64");

let shell: Shell;

beforeAll(async () => {
  shell = await startShell();
}, 120_000);
afterAll(() => shell?.close());
beforeEach(() => {
  shell.logged.length = 0;
});

describe.skipIf(chromiumPath === undefined)("the embedded admin in a browser (skipped without Chromium)", () => {
  let browser: Browser;
  let view: View;
  beforeAll(async () => {
    browser = await launchBrowser();
    view = await openView(browser);
  });
  afterAll(() => browser?.close());
  beforeEach(() => void view.complaints.splice(0));

  it("shows the shell inside the admin, with nothing to complain about and one token exchange", async () => {
    const { page, complaints } = view;
    const frame = await openAdmin(page, shell.admin.appPage);

    expect(await frame.getByText("Connected to Demo store").isVisible()).toBe(true);
    expect(await page.getByRole("navigation").getByRole("link").allTextContents()).toEqual([
      "Muster",
      "Overview",
      "Profiles",
      "Segments",
      "Recommendations",
      "Content",
      "Destinations",
      "Data",
      "Privacy",
      "Settings",
    ]);
    expect(new URL(page.url()).pathname).toBe("/store/demo/apps/muster/app");
    expect(await frame.getByText("Overview").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    expect(shell.installed).toEqual([{ shop: "demo.myshopify.com", name: "Demo store" }]);
    expect(shell.admin.tokens.issued).toEqual({ tokenExchange: 1, refresh: 0 });
  });

  it("navigates without loading a document, from the admin's menu and from the page", async () => {
    const { page, complaints } = view;
    const frame = await openAdmin(page, shell.admin.appPage);
    await frame.evaluate(() => Object.assign(window, { stayed: true }));

    await page.getByRole("link", { name: "Profiles" }).click();
    await frame.getByText("Filter: none").waitFor();
    expect(new URL(page.url()).pathname).toBe("/store/demo/apps/muster/app/profiles");
    expect(await page.locator("[aria-current=page]").textContent()).toBe("Profiles");

    await page.getByRole("link", { name: "Overview" }).click();
    await frame.getByRole("link", { name: "To the second page" }).click();
    await frame.getByText("Filter: none").waitFor();
    await page.goBack();
    await frame.getByText("Connected to Demo store").waitFor();

    expect(await frame.evaluate(() => "stayed" in window)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("opens a deep link with its own parameters, and again when the admin is reloaded", async () => {
    const { page, complaints } = view;
    const frame = await openAdmin(page, `${shell.admin.appPage}/app/profiles?filter=vip`);
    expect(await frame.getByText("Filter: vip").isVisible()).toBe(true);
    expect(page.url()).toBe(`${shell.admin.appPage}/app/profiles?filter=vip`);

    await page.reload();
    await page.frameLocator("iframe").getByText("Filter: vip").waitFor();
    expect(complaints).toEqual([]);
  });

  it("repeats a data request with a fresh token when the first had run out", async () => {
    const { page } = view;
    const frame = await openAdmin(page, shell.admin.appPage);
    const answers: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/app/profiles.data")) answers.push(response.status());
    });
    shell.admin.spoilNextIdToken({ issuedSecondsAgo: 3_600 });

    await page.getByRole("link", { name: "Profiles" }).click();
    await frame.getByText("Filter: none").waitFor();
    expect(answers).toEqual([401, 200]);
  });

  it("repeats a form's submission with a fresh token, and saves once", async () => {
    const { page } = view;
    const frame = await openAdmin(page, shell.admin.appPage);
    const answers: number[] = [];
    page.on("response", (response) => {
      if (response.request().method() === "POST" && response.url().includes(".data")) answers.push(response.status());
    });
    await frame.getByLabel("Note").fill("late");
    shell.admin.spoilNextIdToken({ issuedSecondsAgo: 3_600 });

    await page.getByRole("button", { name: "Save" }).click();
    await frame.getByText("Saved: late for demo.myshopify.com").waitFor();
    expect(answers).toEqual([401, 200]);
  });

  it("fetches a fresh token through the bounce page when a document came with one that had run out", async () => {
    const { page, complaints } = view;
    const documents: string[] = [];
    page.on("request", (request) => {
      if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
    });
    shell.admin.spoilNextIdToken({ issuedSecondsAgo: 3_600 });

    await page.goto(`${shell.admin.appPage}/app/profiles?filter=vip`);
    await page.frameLocator("iframe").getByText("Filter: vip").waitFor();
    expect(documents).toEqual([
      "/store/demo/apps/muster/app/profiles",
      "/app/profiles",
      "/auth/session-token",
      "/app/profiles",
    ]);
    expect(complaints).toEqual([]);
  });

  it("obtains a new access token when Shopify no longer accepts the one it has", async () => {
    const { page } = view;
    shell.admin.tokens.revokeAll();
    const before = shell.admin.tokens.issued.tokenExchange;

    await page.goto(shell.admin.appPage);
    await page.frameLocator("iframe").getByText("Connected to Demo store").waitFor();
    expect(shell.admin.tokens.issued.tokenExchange).toBe(before + 1);
  });

  it("says inside the shell that a page failed, and lets the merchant try again and go on", async () => {
    const { page } = view;
    const frame = await openAdmin(page, `${shell.admin.appPage}/app/profiles?fail`);
    expect(await frame.getByRole("heading").textContent()).toBe("This page could not be shown");
    expect(shell.logged).toEqual(["Error: a page that fails once"]);
    await frame.getByRole("button", { name: "Try again" }).click();
    await frame.getByText("Filter: none").waitFor();

    await page.getByRole("link", { name: "Overview" }).click();
    await frame.getByText("Connected to Demo store").waitFor();

    const missing = await openAdmin(page, `${shell.admin.appPage}/app/no/such/page`);
    expect(await missing.getByRole("heading").textContent()).toBe("There is nothing at this address");
  });

  it("draws title bar, save bar and toast as App Bridge does", async () => {
    const { page, complaints } = view;
    const frame = await openAdmin(page, shell.admin.appPage);

    await page.getByRole("button", { name: "Press" }).click();
    await frame.getByText("Pressed 1 times").waitFor();

    await frame.getByRole("button", { name: "Toast" }).click();
    await page.getByRole("status").getByText("Hello from the app").waitFor();

    await frame.getByLabel("Note").fill("a note");
    await page.getByRole("link", { name: "Profiles" }).click();
    await expect.poll(() => page.getByText("Unsaved changes").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Save" }).click();
    await frame.getByText("Saved: a note for demo.myshopify.com").waitFor();
    await expect.poll(() => page.getByText("Unsaved changes").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("asks in a dialog of the admin's what React goes on drawing, and gives the focus back", async () => {
    const { page, complaints } = view;
    const frame = await openAdmin(page, shell.admin.appPage);
    const ask = frame.getByRole("button", { name: "Ask" });
    const dialog = page.getByRole("dialog");
    const yes = dialog.getByRole("button", { name: "Yes" });
    const why = dialog.frameLocator("iframe").getByLabel("Why");

    await ask.press("Enter");
    expect(await yes.isDisabled()).toBe(true);
    await why.fill("because");
    await page.getByRole("dialog", { name: "A question, and because" }).waitFor();
    expect(await yes.isDisabled()).toBe(false);
    // Polaris' own sheet in a frame of 620 px, where it writes as large as on a phone; below, a frame as wide as the desk.
    const sizeOf = (input: Element): string => getComputedStyle(input).fontSize;
    expect([await why.evaluate(sizeOf), await frame.getByLabel("Note").evaluate(sizeOf)]).toEqual([
      "16px",
      "13.3333px",
    ]);

    const focused = () => page.evaluate(() => document.activeElement?.closest("dialog, main")?.tagName ?? "nowhere");
    for (let stop = 0; stop < 8; stop += 1) {
      await page.keyboard.press("Tab");
      expect(await focused()).not.toBe("MAIN");
    }
    await why.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await focused()).toBe("MAIN");
    await expect.poll(() => ask.evaluate((button) => button === document.activeElement)).toBe(true);

    await ask.press("Enter");
    expect(await why.inputValue()).toBe("because");
    await yes.click();
    await dialog.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  it("fits a phone", async () => {
    const { page, complaints } = view;
    await page.setViewportSize(PHONE);
    const frame = await openAdmin(page, shell.admin.appPage);
    const widthOf = () => document.documentElement.scrollWidth;
    expect([await page.evaluate(widthOf), await frame.evaluate(widthOf)]).toEqual([390, 390]);

    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Profiles" }).click();
    await frame.getByText("Filter: none").waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("the embedded admin at its door", () => {
  const document = (token: string, parameters: Record<string, string> = {}) => {
    const query = new URLSearchParams({ embedded: "1", shop: SHOP, host: HOST, id_token: token, ...parameters });
    return fetch(`${shell.admin.proxyUrl}/app?${query}`, {
      headers: { "User-Agent": ORDINARY_AGENT },
      redirect: "manual",
    });
  };
  const data = (token: string) =>
    fetch(`${shell.admin.proxyUrl}/app.data`, {
      headers: { "User-Agent": ORDINARY_AGENT, Authorization: `Bearer ${token}` },
      redirect: "manual",
    });

  it("accepts a token that Shopify signed for this app and shop", async () => {
    expect((await document(signIdToken(APP))).status).toBe(200);
    expect((await data(signIdToken(APP))).status).toBe(200);
  });

  it.each([
    ["for another app", () => signIdToken(APP, { audience: "another-app" })],
    ["that ran out", () => signIdToken(APP, { issuedSecondsAgo: 3_600 })],
    ["with another secret", () => signIdToken({ ...APP, apiSecret: "shpss_another" })],
  ])("sends a document with a token %s to the bounce page, and refuses data with one retry", async (_, token) => {
    const page = await document(token());
    expect(page.status).toBe(302);
    expect(page.headers.get("location")).toMatch(/^\/auth\/session-token\?/);

    const answer = await data(token());
    expect(answer.status).toBe(401);
    expect(answer.headers.get("x-shopify-retry-invalid-session-request")).toBe("1");
    expect(await answer.text()).not.toContain("Demo store");
  });

  it.each([
    ["whose issuer is another shop", () => document(signIdToken(APP, { issuerShop: "other.myshopify.com" }))],
    ["for one shop on a page for another", () => document(signIdToken(APP), { shop: "other.myshopify.com" })],
    [
      "whose issuer is another shop, on a data request",
      () => data(signIdToken(APP, { issuerShop: "other.myshopify.com" })),
    ],
  ])("refuses a token %s", async (_, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain("Connected to");
    for (const line of shell.logged)
      expect(line).toMatch(/^warn: session token refused: (issuer|shop-parameter)-differs$/);
    expect(shell.logged).not.toEqual([]);
  });

  it("lets the shop and Shopify's admin frame a page, and nobody but the admin one that names no shop", async () => {
    const page = await document(signIdToken(APP));
    expect(page.headers.get("content-security-policy")).toMatch(
      /^frame-ancestors http:\/\/localhost:\d+ https:\/\/demo\.myshopify\.com https:\/\/admin\.shopify\.com /,
    );
    expect(page.headers.get("link")).toBeNull();

    const bare = await fetch(`${shell.admin.proxyUrl}/auth/login`);
    expect(bare.headers.get("content-security-policy")).toMatch(
      /^frame-ancestors http:\/\/localhost:\d+ https:\/\/admin\.shopify\.com;$/,
    );
    expect(await bare.text()).toContain("Open Muster from your Shopify admin");
  });

  it("sends a visit from outside into the admin", async () => {
    const answer = await document(signIdToken(APP), { embedded: "0" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe(`${shell.admin.url}/store/demo/apps/${API_KEY}`);
  });
});
