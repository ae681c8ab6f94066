import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppLoadContext, LoaderFunctionArgs, ServerBuild } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRemixHandler } from "../../app/remix-handler.server.ts";

let server: Server;
let base: string;
let directory: string;
const errors: unknown[] = [];

/** A build of one resource route that answers with what arrived. */
const echo = async ({ request }: LoaderFunctionArgs) => {
  if (new URL(request.url).searchParams.has("fail")) throw new Error("a route that fails");
  const headers = new Headers([
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
    ["X-Method", request.method],
    ["X-Address", request.url],
    ["X-Length", String((await request.arrayBuffer()).byteLength)],
  ]);
  return new Response("echo", { headers });
};
const build = {
  entry: {
    module: {
      default: () => new Response("a document"),
      streamTimeout: 1_000,
      handleError: (error: unknown) => errors.push(error),
    },
  },
  routes: {
    "routes/echo": { id: "routes/echo", path: "*", module: { loader: echo, action: echo } },
  },
  assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "1" },
  assetsBuildDirectory: "build/client",
  publicPath: "/",
  mode: "production",
  isSpaMode: false,
  future: { v3_singleFetch: true },
} as unknown as ServerBuild;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "client-"));
  await mkdir(join(directory, "client/assets"), { recursive: true });
  await mkdir(join(directory, "client/.vite"));
  await mkdir(join(directory, "client-of-another"));
  await writeFile(join(directory, "client/assets/app-AbC.js"), "export {};");
  await writeFile(join(directory, "client/favicon.svg"), "<svg/>");
  await writeFile(join(directory, "client/.vite/manifest.json"), "{}");
  await writeFile(join(directory, "secret.txt"), "secret");
  await writeFile(join(directory, "client-of-another/secret.txt"), "secret");
  await symlink(join(directory, "secret.txt"), join(directory, "client/link.txt"));
  const handler = createRemixHandler({
    build,
    loadContext: { logError: (error: unknown) => errors.push(error) } as unknown as AppLoadContext,
    appUrl: "https://muster.example/ignored",
    clientDirectory: join(directory, "client"),
  });
  server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

describe("the request listener of the embedded admin", () => {
  it("keeps hashed files for a year and others for an hour", async () => {
    const hashed = await fetch(`${base}/assets/app-AbC.js`);
    expect(await hashed.text()).toBe("export {};");
    expect(hashed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(hashed.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(hashed.headers.get("content-encoding")).toBe("gzip");
    const other = await fetch(`${base}/favicon.svg`, { headers: { "Accept-Encoding": "identity" } });
    expect(other.headers.get("cache-control")).toBe("public, max-age=3600");
    expect(other.headers.get("content-length")).toBe("6");
    expect((await fetch(`${base}/favicon.svg`, { method: "HEAD" })).status).toBe(200);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%2fclient-of-another/secret.txt",
    "/link.txt",
    "/.vite/manifest.json",
    "/assets",
    "/favicon.svg%00.js",
  ])("serves no file outside the client build: %s", async (path) => {
    expect(await raw(path)).toMatchObject({ text: "echo" });
  });

  it("refuses what cannot be made into a request", async () => {
    expect((await fetch(`${base}/%zz`)).status).toBe(400);
    expect(await raw("/app", { method: "TRACE" })).toMatchObject({ status: 405 });
    expect(errors).toEqual([]);
  });

  it("gives a request the app's address, whatever host and path it claims", async () => {
    expect((await fetch(`${base}/app?a=1`)).headers.get("x-address")).toBe("https://muster.example/app?a=1");
    expect(await raw("//elsewhere.example/app")).toMatchObject({
      address: "https://muster.example//elsewhere.example/app",
    });
  });

  it("streams a body untouched and sends cookies one by one", async () => {
    const answer = await fetch(`${base}/app`, { method: "POST", body: new Uint8Array(300_000) });
    expect(answer.headers.get("x-length")).toBe("300000");
    expect(answer.headers.get("x-method")).toBe("POST");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("answers 500 without a word about why when a route fails", async () => {
    const answer = await fetch(`${base}/app?fail`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("a route that fails");
    expect(errors.map(String)).toEqual(["Error: a route that fails"]);
  });
});

/** fetch would tidy these paths, and refuse this method, before they are sent. */
function raw(path: string, options: { method?: string } = {}) {
  return new Promise<{ status: number | undefined; address: unknown; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(base);
    request({ hostname, port, path, ...options }, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += chunk));
      res.on("end", () => resolve({ status: res.statusCode, address: res.headers["x-address"], text }));
    })
      .on("error", reject)
      .end();
  });
}
