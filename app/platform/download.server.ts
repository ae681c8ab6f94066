import type { IncomingMessage } from "node:http";
import { beginCall, type CallOutOptions, troubleOf } from "./call-out.server.ts";

export type Download = (url: string, mostBytes: number) => Promise<Downloaded>;

export type Downloaded =
  | { outcome: "downloaded"; content: Buffer }
  /** `reason` is a sentence without the address, which may be a permission in itself. */
  | { outcome: "failed"; reason: string };

/** Makes what gets a file from an address that somebody else named, under the same guard as `createCallOut`. No redirects. */
export function createDownload(options: CallOutOptions = {}): Download {
  return async (url, mostBytes) => {
    const begun = beginCall(url, options, { method: "GET" });
    if (begun.outcome === "blocked") return failed(begun.reason);
    return new Promise((settle) => {
      begun.request.once("error", (error: NodeJS.ErrnoException) => settle(failed(troubleOf(error).reason)));
      begun.request.once("response", (response) => void collect(response, mostBytes).then(settle));
      begun.request.end();
    });
  };
}

async function collect(response: IncomingMessage, mostBytes: number): Promise<Downloaded> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      // Leaving the loop ends the connection.
      if (bytes > mostBytes) return failed(`It is larger than ${mostBytes} bytes.`);
    }
  } catch {
    return failed("The connection was cut.");
  }
  if (response.statusCode !== 200) return failed(`It was answered ${response.statusCode}.`);
  return { outcome: "downloaded", content: Buffer.concat(chunks) };
}

function failed(reason: string): Downloaded {
  return { outcome: "failed", reason };
}
