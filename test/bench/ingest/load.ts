import { createHmac, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { orderBody } from "./order-body.ts";

/** What the process that sends is told. */
export interface Load {
  port: number;
  secret: string;
  connections: number;
  seconds: number;
  /** Deliveries a second at fixed moments, whatever the answers do (open loop); null: each connection sends as fast as it is answered. */
  rate: number | null;
}

export interface LoadResult {
  acked: number;
  /** Answered otherwise, or not at all. */
  failed: number;
  /** Milliseconds from the moment a delivery was due to its 200. */
  p50: number;
  p99: number;
  seconds: number;
}

const BODY = orderBody();
/** Bodies signed before the clock starts; a run takes them in turn. */
const BODIES = 2_048;
const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Sends signed deliveries, each a new event. Raw sockets with ready-made bytes keep the sender's own cost small beside that of the
 * server it measures: what it costs is taken from the same cores, and most from the fastest server. In the open loop the time a
 * delivery waits for a free connection counts as the server's.
 */
export async function sendLoad({ port, secret, connections, seconds, rate }: Load): Promise<LoadResult> {
  const run = randomBytes(4).toString("hex");
  const bodies = Array.from({ length: BODIES }, (_, index) => signedBody(index + 1, secret));
  const latencies: number[] = [];
  const due: number[] = [];
  const idle: Line[] = [];
  let sent = 0;
  const nextDelivery = (): SignedBody => {
    const index = sent++;
    const { head, body } = bodies[index % BODIES] as SignedBody;
    return {
      head: `${head}x-shopify-webhook-id: ${run}-${index}\r\nx-shopify-event-id: e-${run}-${index}\r\n\r\n`,
      body,
    };
  };
  let failed = 0;
  let over = false;
  let finished = (): void => {};
  const done = new Promise<void>((resolve) => (finished = resolve));

  const next = (line: Line): void => {
    if (rate === null) return over ? end(line) : line.send(nextDelivery(), performance.now());
    const at = due.shift();
    if (at === undefined) return over ? end(line) : void idle.push(line);
    line.send(nextDelivery(), at);
  };
  let open = connections;
  const end = (line: Line): void => {
    line.close();
    open -= 1;
    if (open === 0) finished();
  };
  const answered = (line: Line, status: number, dueAt: number): void => {
    if (status === 200) latencies.push(performance.now() - dueAt);
    else failed += 1;
    next(line);
  };
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port, answered)));

  const startedAt = performance.now();
  for (const line of lines) next(line);
  if (rate !== null) {
    let released = 0;
    while (performance.now() - startedAt < seconds * 1_000) {
      const owed = Math.floor(((performance.now() - startedAt) / 1_000) * rate);
      for (; released < owed; released += 1) due.push(startedAt + (released / rate) * 1_000);
      while (due.length > 0 && idle.length > 0) next(idle.pop() as Line);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } else {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
  over = true;
  for (const line of idle.splice(0)) end(line);
  await done;
  const elapsed = (performance.now() - startedAt) / 1_000;
  latencies.sort((left, right) => left - right);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? NaN;
  return { acked: latencies.length, failed, p50: at(0.5), p99: at(0.99), seconds: elapsed };
}

interface SignedBody {
  head: string;
  body: Buffer;
}

interface Line {
  send(delivery: SignedBody, dueAt: number): void;
  close(): void;
}

function openLine(port: number, answered: (line: Line, status: number, dueAt: number) => void): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let dueAt = 0;
    let head = Buffer.alloc(0);
    const line: Line = {
      send({ head: bytes, body }, at) {
        dueAt = at;
        // Both in one system call.
        socket.cork();
        socket.write(bytes, "latin1");
        socket.write(body);
        socket.uncork();
      },
      close: () => socket.destroy(),
    };
    socket.once("connect", () => resolve(line));
    socket.once("error", reject);
    socket.on("data", (chunk) => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const length = answerLength(head);
      if (length === null || head.length < length) return;
      const status = Number(head.subarray(9, 12).toString("latin1"));
      head = head.subarray(length);
      answered(line, status, dueAt);
    });
  });
}

/** Bytes of the answer at the beginning of `bytes`, or null while that cannot be told. */
function answerLength(bytes: Buffer): number | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString("latin1").toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return end + 4 + Number(length);
  if (!head.includes("transfer-encoding: chunked")) return end + 4;
  const last = bytes.indexOf("\r\n0\r\n\r\n", end + 2);
  if (last >= 0) return last + 7;
  return bytes.subarray(end + 4, end + 9).toString("latin1") === "0\r\n\r\n" ? end + 9 : null;
}

/** A body and the head that goes with it, all but what makes a delivery a new one. */
function signedBody(id: number, secret: string): SignedBody {
  const body = Buffer.from(BODY.replace('"id":1', `"id":${id}`));
  const head =
    `POST /webhooks HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
    `x-shopify-topic: orders/create\r\nx-shopify-shop-domain: bench.myshopify.com\r\nx-shopify-api-version: 2026-10\r\n` +
    `x-shopify-triggered-at: 2026-11-01T10:00:00.000Z\r\n` +
    `x-shopify-hmac-sha256: ${createHmac("sha256", secret).update(body).digest("base64")}\r\n`;
  return { head, body };
}

if (import.meta.main) {
  const load = JSON.parse(process.argv[2] ?? "{}") as Load;
  process.stdout.write(JSON.stringify(await sendLoad(load)));
}
