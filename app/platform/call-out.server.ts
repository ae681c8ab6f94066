import { lookup } from "node:dns";
import { request as plainRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

export type CallOut = (call: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** How much of the answer is wanted; 500 unless more is. */
  keepBytes?: number;
}) => Promise<Called>;

export type Called =
  | {
      outcome: "answered";
      status: number;
      /** How long the other side asked to be left alone, in milliseconds. */
      retryAfterMs: number | null;
      /** How its answer begins, as text. It may hold anything and is for the eyes of whoever asked, not to be kept. */
      start: string;
    }
  /** Nothing was sent: the address is none that may be called. `reason` is a sentence for the merchant. */
  | { outcome: "blocked"; reason: string }
  /** It may have been received. */
  | { outcome: "unreachable"; reason: string };

export interface CallOutOptions {
  /** An origin that is called whatever its address is, without TLS too: a receiver on this machine, for the demo and the tests. */
  sandboxOrigin?: string | undefined;
  timeoutMs?: number;
  /** Asked for every connection. */
  resolve?: typeof lookup;
}

const TIMEOUT_MS = 15_000;
/** An answer is read only so that the connection ends in good order. */
const MOST_ANSWER_BYTES = 64 * 1024;
const START_BYTES = 500;
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Makes what posts to addresses that merchants type in. The host is resolved and checked while the connection is made, and the socket
 * goes to the very address that was checked, so a name that changes its mind (DNS rebinding) gains nothing. Redirects are answers
 * like any other and are not followed; every call has a connection of its own.
 */
export function createCallOut(options: CallOutOptions = {}): CallOut {
  return async ({ url, headers, body, keepBytes = START_BYTES }) => {
    const begun = beginCall(url, options, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers },
    });
    return begun.outcome === "blocked" ? begun : answerOf(begun.request, body, keepBytes);
  };
}

/** A request under the guard: nothing is sent before it is ended, and no address that is not public is connected to. */
export function beginCall(
  url: string,
  { sandboxOrigin, timeoutMs = TIMEOUT_MS, resolve = lookup }: CallOutOptions,
  init: { method: "GET" | "POST"; headers?: Readonly<Record<string, string | number>> },
): { outcome: "begun"; request: ClientRequest } | { outcome: "blocked"; reason: string } {
  const checked = checkAddress(url, sandboxOrigin);
  if (checked.outcome === "blocked") return checked;
  const { target, isSandbox } = checked;
  const send = target.protocol === "https:" ? secureRequest : plainRequest;
  const request = send(target, {
    ...init,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    ...(!isSandbox && { lookup: publicLookup(resolve) }),
  });
  return { outcome: "begun", request };
}

/** Whether an address may be typed in, before anything is resolved: what is said here is said while the merchant still looks at it. */
export function checkAddress(
  url: string,
  sandboxOrigin?: string,
): { outcome: "fine"; target: URL; isSandbox: boolean } | { outcome: "blocked"; reason: string } {
  const target = URL.parse(url);
  if (!target) return blocked("This is not an address. It has to look like https://example.com/webhooks.");
  const isSandbox = sandboxOrigin !== undefined && target.origin === new URL(sandboxOrigin).origin;
  if (target.protocol !== "https:" && !isSandbox) return blocked("The address has to begin with https://.");
  if (target.username !== "" || target.password !== "") {
    return blocked("The address must not hold a user name or a password. The signature proves who is calling.");
  }
  const host = target.hostname.replace(/^\[|\]$/g, "");
  if (!isSandbox && isIP(host) !== 0 && !isPublicAddress(host)) return blocked(NOT_PUBLIC);
  if (!isSandbox && isIP(host) === 0 && !isPublicName(host)) return blocked(NOT_PUBLIC);
  return { outcome: "fine", target, isSandbox };
}

const NOT_PUBLIC = "The address does not lead to the public internet, so it is not called.";

function isPublicName(host: string): boolean {
  const name = host.replace(/\.$/, "");
  return name.includes(".") && !/\.(localhost|local|internal|home\.arpa|onion)$/.test(name);
}

/** Refuses the connection if any of the host's addresses is not public: which of them is taken is not ours to say. */
function publicLookup(resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) return callback(new Blocked(), "", 0);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

class Blocked extends Error {}

function answerOf(request: ClientRequest, body: string, keepBytes: number): Promise<Called> {
  return new Promise((settle) => {
    request.once("error", (error: NodeJS.ErrnoException) => settle(troubleOf(error)));
    request.once("response", (response) => {
      let bytes = 0;
      let start = Buffer.alloc(0);
      const answered = (): Called => ({
        outcome: "answered",
        status: response.statusCode ?? 0,
        retryAfterMs: readRetryAfter(response),
        start: textOf(start),
      });
      // The status is the answer; however the body ends, it stays so.
      response.once("error", () => settle(answered()));
      response.once("close", () => settle(answered()));
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (start.length < keepBytes) start = Buffer.concat([start, chunk]).subarray(0, keepBytes);
        if (bytes > Math.max(MOST_ANSWER_BYTES, keepBytes)) response.destroy();
      });
    });
    request.end(body);
  });
}

/** Without the half of a character at its end, and without what is no text. */
function textOf(start: Buffer): string {
  return new TextDecoder()
    .decode(start, { stream: true })
    .replace(/[^\P{C}\n\t]/gu, "")
    .trim();
}

export function troubleOf(error: NodeJS.ErrnoException): Exclude<Called, { outcome: "answered" }> {
  if (error instanceof Blocked) return blocked(NOT_PUBLIC);
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return { outcome: "unreachable", reason: "No answer came in time." };
  }
  const reason = REASONS[error.code ?? ""] ?? (isOfTls(error.code) ? "Its certificate is not valid." : undefined);
  return { outcome: "unreachable", reason: reason ?? "The connection failed." };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "There is no such host.",
  EAI_AGAIN: "The host's name could not be looked up.",
  ECONNREFUSED: "Nothing listens there.",
  ECONNRESET: "The connection was cut.",
  ETIMEDOUT: "No connection came about in time.",
};

function isOfTls(code: string | undefined): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code ?? "");
}

function readRetryAfter({ headers }: IncomingMessage): number | null {
  const text = headers["retry-after"];
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms >= 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : null;
}

function blocked(reason: string): { outcome: "blocked"; reason: string } {
  return { outcome: "blocked", reason };
}
