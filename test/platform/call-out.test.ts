import { createHmac } from "node:crypto";
import type { lookup } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, test } from "vitest";
import { checkAddress, createCallOut } from "../../app/platform/call-out.server.ts";
import { isPublicAddress } from "../../app/platform/public-address.ts";
import { newSigningSecret, signMessage } from "../../app/platform/signed-message.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A name server that gives one list after the other. */
const names = (...answers: string[][]): typeof lookup => {
  const left = [...answers];
  return ((_name: string, _options: unknown, callback: (...given: unknown[]) => void) => {
    const addresses = (left.length > 1 ? left.shift() : left[0]) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  }) as unknown as typeof lookup;
};
const post = (url: string) => ({ url, headers: {}, body: "{}" });

describe("which addresses are public", () => {
  it.each([
    ["127.0.0.1", false],
    ["127.8.8.8", false],
    ["0.0.0.0", false],
    ["10.1.2.3", false],
    ["172.16.0.1", false],
    ["172.32.0.1", true],
    ["192.168.1.1", false],
    ["169.254.169.254", false],
    ["100.64.0.1", false],
    ["100.100.100.200", false],
    ["100.128.0.1", true],
    ["168.63.129.16", false],
    ["192.0.0.192", false],
    ["198.18.0.1", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["8.8.8.8", true],
    ["::", false],
    ["::1", false],
    ["::ffff:127.0.0.1", false],
    ["::ffff:8.8.8.8", false],
    ["64:ff9b::a9fe:a9fe", false],
    ["2002:7f00:1::", false],
    ["2001::1", false],
    ["fd00:ec2::254", false],
    ["fe80::1", false],
    ["fe80::1%eth0", false],
    ["ff02::1", false],
    ["2606:4700:4700::1111", true],
    ["example.com", false],
  ])("%s: %s", (address, expected) => expect(isPublicAddress(address)).toBe(expected));
});

describe("what is called", () => {
  it.each([
    ["http://example.com/", "has to begin with https://"],
    ["ftp://example.com/", "has to begin with https://"],
    ["no address", "This is not an address"],
    ["https://user:secret@example.com/", "must not hold a user name"],
    ["https://127.0.0.1/", "public internet"],
    ["https://2130706433/", "public internet"],
    ["https://0x7f.1/", "public internet"],
    ["https://[::1]/", "public internet"],
    ["https://[::ffff:10.0.0.1]/", "public internet"],
    ["https://localhost/", "public internet"],
    ["https://api.localhost/", "public internet"],
    ["https://metadata.google.internal/", "public internet"],
    ["https://intranet/", "public internet"],
  ])("%s is not", async (url, words) => {
    const refused = { outcome: "blocked", reason: expect.stringContaining(words) };
    expect(await createCallOut()(post(url))).toEqual(refused);
    expect(checkAddress(url)).toEqual(refused);
  });

  test("a name that leads to an address of our own network is not, nor one of whose addresses does", async () => {
    for (const addresses of [["10.0.0.8"], ["93.184.215.14", "127.0.0.1"], ["::1"], []]) {
      const call = createCallOut({ resolve: names(addresses) });
      expect(await call(post("https://shop.example/")), addresses.join()).toMatchObject({ outcome: "blocked" });
    }
  });

  test("a name that was public once is asked again for every call, and the socket goes where the check was", async () => {
    const call = createCallOut({ resolve: names(["192.0.2.1"], ["127.0.0.1"]), timeoutMs: 500 });
    expect(await call(post("https://shop.example/"))).toMatchObject({ outcome: "blocked" });
    expect(await call(post("https://shop.example/"))).toMatchObject({ outcome: "blocked" });
  });

  test("without TLS or on this machine only the sandbox's own origin is", async () => {
    const origin = await listen((_request, response) => response.writeHead(204).end());
    const call = createCallOut({ sandboxOrigin: origin });
    expect(await call(post(`${origin}/hook`))).toEqual({
      outcome: "answered",
      status: 204,
      retryAfterMs: null,
      start: "",
    });
    expect(await call(post(`${origin.replace("127.0.0.1", "127.0.0.2")}/hook`))).toMatchObject({ outcome: "blocked" });
  });
});

describe("what comes back", () => {
  test("a redirect is an answer and not followed", async () => {
    let asked = 0;
    const origin = await listen((_request, response) => {
      asked += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const answer = await createCallOut({ sandboxOrigin: origin })(post(origin));
    expect(answer).toMatchObject({ outcome: "answered", status: 307 });
    expect(asked).toBe(1);
  });

  test("how the answer begins is kept as text, without what is none", async () => {
    const origin = await listen((_request, response) =>
      response.writeHead(400).end(`{"error":\u0000"é${"x".repeat(600)}`),
    );
    const answer = await createCallOut({ sandboxOrigin: origin })(post(origin));
    expect(answer).toMatchObject({ status: 400, start: `{"error":"é${"x".repeat(500 - 13)}` });
  });

  test("an answer without end is cut off, and its status counts", async () => {
    let written = 0;
    const origin = await listen((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => {
        written += 1;
        response.write(Buffer.alloc(16 * 1024));
      }, 1);
      response.once("close", () => clearInterval(timer));
    });
    expect(await createCallOut({ sandboxOrigin: origin })(post(origin))).toMatchObject({ status: 200 });
    expect(written).toBeLessThan(200);
  });

  test("a wait that was asked for is told, silence and refusal are told apart", async () => {
    const busy = await listen((_request, response) => response.writeHead(503, { "retry-after": "7" }).end("later"));
    expect(await createCallOut({ sandboxOrigin: busy })(post(busy))).toEqual({
      outcome: "answered",
      status: 503,
      retryAfterMs: 7_000,
      start: "later",
    });
    const silent = await listen(() => {});
    expect(await createCallOut({ sandboxOrigin: silent, timeoutMs: 200 })(post(silent))).toEqual({
      outcome: "unreachable",
      reason: "No answer came in time.",
    });
    servers.splice(0).forEach((server) => {
      server.closeAllConnections();
      server.close();
    });
    expect(await createCallOut({ sandboxOrigin: busy })(post(busy))).toMatchObject({ outcome: "unreachable" });
  });
});

describe("the signature", () => {
  // The example of the Standard Webhooks specification and its libraries' tests.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const message = {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    at: new Date(1_614_265_330_000),
    body: '{"test": 2432232314}',
  };

  test("is that of the specification's own example", () => {
    expect(signMessage(message, [secret])).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("is there once for each secret during a rotation, and a fresh secret serves", () => {
    const fresh = newSigningSecret(Buffer.alloc(32, 7));
    const { "webhook-signature": both = "" } = signMessage(message, [fresh, secret]);
    const own = createHmac("sha256", Buffer.alloc(32, 7))
      .update('msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}')
      .digest("base64");
    expect(both).toBe(`v1,${own} v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=`);
  });

  test("is not made with a secret of another form", () => {
    for (const wrong of ["secret", "whsec_", "whsec_c2hvcnQ="]) {
      expect(() => signMessage(message, [wrong])).toThrow("A signing secret is");
    }
  });
});
