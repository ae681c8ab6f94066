import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const CONTENT_TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};
const ALREADY_COMPRESSED = new Set([".ico", ".png", ".woff2"]);

/**
 * Serves the files of one directory. Files under `assets/` carry a hash in their name and are kept for a year; others for an hour.
 * Answers false, and has touched nothing, when the request is not a GET or HEAD for such a file.
 */
export function createStaticFiles(directory: string) {
  return async function serveFile(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    if (req.method !== "GET" && req.method !== "HEAD") return false;
    const file = await find(directory, req.url ?? "/");
    if (!file) return false;
    const gzip = !ALREADY_COMPRESSED.has(extname(file.path)) && /\bgzip\b/.test(req.headers["accept-encoding"] ?? "");
    res.writeHead(200, {
      "Content-Type": CONTENT_TYPES[extname(file.path)] ?? "application/octet-stream",
      "Cache-Control": file.hashed ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      "X-Content-Type-Options": "nosniff",
      Vary: "Accept-Encoding",
      ...(gzip ? { "Content-Encoding": "gzip" } : { "Content-Length": file.size }),
    });
    if (req.method === "HEAD") res.end();
    else if (gzip) await pipeline(createReadStream(file.path), createGzip(), res);
    else await pipeline(createReadStream(file.path), res);
    return true;
  };
}

async function find(directory: string, address: string) {
  const name = decode(address.split("?", 1)[0] ?? "/");
  // Hidden files are the build's own notes.
  if (name === undefined || name.includes("\0") || name.includes("/.")) return undefined;
  const root = resolve(directory) + sep;
  const path = join(root, name);
  if (!path.startsWith(root)) return undefined;
  try {
    const found = await stat(path);
    // A link inside the directory must not lead out of it.
    if (!found.isFile() || !(await realpath(path)).startsWith((await realpath(root)) + sep)) return undefined;
    return { path, size: found.size, hashed: path.startsWith(join(root, "assets") + sep) };
  } catch {
    return undefined;
  }
}

function decode(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
