import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  id: string;
  timestamp: number;
  signatures: string[];
  body: string;
}

export interface Receiver {
  origin: string;
  /** Everything that came in, the oldest first. */
  received: Received[];
  /** How it answers from now on. */
  answers: { status: number; body: string };
  close(): Promise<void>;
}

/** What a merchant's own system would be: takes webhooks and remembers them. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = { status: 200, body: "thanks" };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        id: String(request.headers["webhook-id"]),
        timestamp: Number(request.headers["webhook-timestamp"]),
        signatures: String(request.headers["webhook-signature"]).split(" "),
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(answers.status).end(answers.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The signature as Standard Webhooks describes it: HMAC-SHA256 over `id.timestamp.body`, with the bytes behind `whsec_`. */
export function signatureOf({ id, timestamp, body }: Received, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}
