import { readFile } from "node:fs/promises";
import { afterEach, expect, it, vi } from "vitest";
import { EVENTS } from "../../../extensions/web-pixel/src/message.ts";

type Listener = (event: unknown) => unknown;
let run: (api: object) => void = () => {};
vi.mock("@shopify/web-pixels-extension", () => ({ register: (extension: typeof run) => (run = extension) }));

afterEach(() => vi.unstubAllGlobals());

/** The extension as Shopify runs it, for a visitor who allows this. @returns what it sends. */
async function load(consent: object) {
  await import("../../../extensions/web-pixel/src/index.ts");
  const sent: { url: string; events: { name: string; cart?: string }[] }[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    sent.push({ url, ...(JSON.parse(body) as { events: [] }) });
  });
  const listeners = new Map<string, Listener>();
  const subscribe = (name: string, listener: Listener) => void listeners.set(name, listener);
  run({
    analytics: { subscribe },
    customerPrivacy: { subscribe },
    browser: { cookie: { get: async () => "" } },
    init: { customerPrivacy: consent, data: { cart: { id: "gid://shopify/Cart/abc" } } },
    settings: { accountID: "key", endpoint: "https://app.example/pixel" },
  });
  return {
    sent,
    listeners,
    see: (name = "page_viewed") =>
      listeners.get(name)?.({ id: name, name, timestamp: "2026-11-01T12:00:00Z", clientId: "c-1", data: {} }),
    decide: (customerPrivacy: object) => listeners.get("visitorConsentCollected")?.({ customerPrivacy }),
  };
}

const allowed = { analyticsProcessingAllowed: true, marketingAllowed: true };

it("sends every event it declares to the shop's collector, with the cart the page began with", async () => {
  const pixel = await load(allowed);
  for (const name of EVENTS) await pixel.see(name);
  expect(pixel.sent.map(({ events }) => events[0]?.name)).toEqual([...EVENTS]);
  expect(pixel.sent[0]).toMatchObject({
    url: "https://app.example/pixel",
    key: "key",
    events: [{ cart: "gid://shopify/Cart/abc" }],
  });
});

it("sends nothing more once the visitor takes back one of the purposes, and goes on when they allow both again", async () => {
  const pixel = await load(allowed);
  await pixel.see();
  pixel.decide({ ...allowed, marketingAllowed: false });
  await pixel.see();
  pixel.decide({ ...allowed, analyticsProcessingAllowed: false });
  await pixel.see();
  expect(pixel.sent).toHaveLength(1);
  pixel.decide(allowed);
  await pixel.see();
  expect(pixel.sent).toHaveLength(2);
});

it("asks for the purposes by which Shopify is told to hold it back", async () => {
  const toml = await readFile("extensions/web-pixel/shopify.extension.toml", "utf8");
  expect(toml).toMatch(
    /\[customer_privacy\]\nanalytics = true\nmarketing = true\npreferences = false\nsale_of_data = "disabled"/,
  );
});
