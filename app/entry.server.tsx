import { PassThrough } from "node:stream";
import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
  type HandleErrorFunction,
} from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";

export const streamTimeout = 5_000;

/** Pages that name no shop have no shop to be framed by; in the admin they can still be shown. */
const FRAMED_BY_THE_ADMIN_ONLY = "frame-ancestors https://admin.shopify.com;";

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  headers.set("Content-Type", "text/html");
  headers.set("Content-Security-Policy", FRAMED_BY_THE_ADMIN_ONLY);
  context.shopify.addDocumentResponseHeaders(request, headers);
  const isBot = isbot(request.headers.get("user-agent"));

  return new Promise((resolve, reject) => {
    let finalStatus = status;
    let shellSent = false;
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      [isBot ? "onAllReady" : "onShellReady"]() {
        shellSent = true;
        const body = new PassThrough();
        resolve(new Response(createReadableStreamFromReadable(body), { status: finalStatus, headers }));
        pipe(body);
      },
      onShellError: reject,
      onError(error: unknown) {
        finalStatus = 500;
        // Before the shell is out, Remix catches the rejection and reports it itself.
        if (shellSent) context.logError(error);
      },
    });
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (!request.signal.aborted) context.logError(error);
};
