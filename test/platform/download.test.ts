import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createDownload } from "../../app/platform/download.server.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ["http://example.com/results", "has to begin with https://"],
  ["https://127.0.0.1/results", "public internet"],
  ["https://169.254.169.254/latest/meta-data", "public internet"],
])("does not get %s", async (url, reason) => {
  expect(await createDownload()(url, 1_000)).toEqual({ outcome: "failed", reason: expect.stringContaining(reason) });
});

it("gets the whole of a file, and nothing of one that is too large", async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
  const origin = await listen((_request, response) => response.end(content));
  const download = createDownload({ sandboxOrigin: origin });
  expect(await download(`${origin}/a`, 300_000)).toEqual({ outcome: "downloaded", content });
  expect(await download(`${origin}/a`, 299_999)).toMatchObject({ outcome: "failed", reason: /larger than 299999/ });
});

it("fails with a sentence on another answer, a redirect and a connection that is cut", async () => {
  const origin = await listen(({ url }, response) => {
    if (url === "/denied") response.writeHead(403).end("<Error/>");
    else if (url === "/moved") response.writeHead(302, { location: "/a" }).end();
    else response.writeHead(200, { "content-length": 100 }).write("half", () => response.destroy());
  });
  const download = createDownload({ sandboxOrigin: origin });
  expect(await download(`${origin}/denied`, 1_000)).toEqual({ outcome: "failed", reason: "It was answered 403." });
  expect(await download(`${origin}/moved`, 1_000)).toEqual({ outcome: "failed", reason: "It was answered 302." });
  expect(await download(`${origin}/cut`, 1_000)).toEqual({ outcome: "failed", reason: "The connection was cut." });
});
