import type { IncomingMessage } from "node:http";

/** Reads a request's raw bytes. Past `maxBytes` it stops keeping them, and the caller should close the connection. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | "too_large"> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve("too_large");
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return resolve("too_large");
      chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("aborted", () => reject(new Error("The sender hung up.")));
  });
}
