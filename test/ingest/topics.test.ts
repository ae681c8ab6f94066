import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "@shopify/shopify-api";
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from "undici";
import { describe, expect, it } from "vitest";
import { topics } from "../../app/ingest/topics.ts";
import { createShopify } from "../../app/shopify.server.ts";
import { createMemorySessions } from "../shopify/memory-sessions.ts";

const root = join(import.meta.dirname, "../..");
const toml = readFileSync(join(root, "shopify.app.toml"), "utf8");
const READERS = "app/ingest/topics/";

/** Each subscription with the files that the line before it names; a subscription written in any other way is not among them. */
const subscriptions = [
  ...toml.matchAll(
    /^ *# Handled by: (.+)\n *\[\[webhooks\.subscriptions\]\]\n *(?:compliance_)?topics = \[(.+)\]\n *uri = "(.+)"$/gm,
  ),
].map(([, files = "", named = "", uri]) => ({
  files: files.split(", "),
  topics: [...named.matchAll(/"([^"]+)"/g)].map(([, topic = ""]) => topic),
  uri,
}));

describe("shopify.app.toml", () => {
  it("names before every subscription the files that handle it, and sends all of them to the front door", () => {
    expect(subscriptions.length).toBeGreaterThan(0);
    expect(subscriptions.length).toBe(toml.split("[[webhooks.subscriptions]]").length - 1);
    expect(new Set(subscriptions.map(({ uri }) => uri))).toEqual(new Set(["/webhooks"]));
  });

  it("subscribes to the topics that are read, each once", () => {
    expect(subscriptions.flatMap((subscription) => subscription.topics).toSorted()).toEqual(Object.keys(topics));
  });

  it.each(subscriptions.map((subscription) => [subscription.topics.join(", "), subscription] as const))(
    "hands %s to a file that reads just those",
    async (_topics, { files, topics: subscribed }) => {
      expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
      const readers = files.filter((file) => file.startsWith(READERS));
      expect(readers.length).toBe(1);
      const modules = await Promise.all(readers.map((file) => import(join(root, file)) as Promise<object>));
      const exported = new Set(modules.flatMap((module): unknown[] => Object.values(module)));
      const read = Object.keys(topics).filter((topic) => exported.has(topics[topic]));
      expect(read).toEqual(subscribed.toSorted());
    },
  );

  it("asks for bodies of the API version that the app calls", async () => {
    const [, version] = /^api_version = "(.+)"$/m.exec(toml) ?? [];
    expect(await versionCalled()).toBe(version);
  });
});

/** The API version in the address of the app's own calls. */
async function versionCalled(): Promise<string | undefined> {
  const shop = "versions.myshopify.com";
  const sessionStorage = createMemorySessions();
  await sessionStorage.storeSession(
    new Session({ id: `offline_${shop}`, shop, state: "", isOnline: false, accessToken: "token", scope: "" }),
  );
  const shopify = createShopify({
    apiKey: "key",
    apiSecret: "secret",
    appUrl: "https://app.example",
    scopes: [],
    sessionStorage,
    onInstalled: () => Promise.resolve(),
    log: () => {},
  });
  const { admin } = await shopify.unauthenticated.admin(shop);
  const paths: string[] = [];
  const before = getGlobalDispatcher();
  const agent = new MockAgent();
  agent
    .get(`https://${shop}`)
    .intercept({ path: (path) => paths.push(path) > 0, method: "POST" })
    .reply(200, { data: {} }, { headers: { "content-type": "application/json" } });
  setGlobalDispatcher(agent);
  try {
    await admin.graphql("{ shop { name } }");
  } finally {
    setGlobalDispatcher(before);
  }
  return /^\/admin\/api\/([^/]+)\//.exec(paths[0] ?? "")?.[1];
}
