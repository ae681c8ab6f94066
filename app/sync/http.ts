import type { z } from "zod";
import type { CallRecord } from "./destination.ts";
import { PauseConnection, Refused, RetryLater } from "./retry-classes.ts";

export interface CallOptions<Answer> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form instead. */
  form?: URLSearchParams;
  /** The shape of a successful answer. An empty body is `null`. */
  answer: z.ZodType<Answer>;
  /** Runs what is on the wire, and that alone: what is limited is not held while a body is written or an answer read. */
  during?<T>(send: () => Promise<T>): Promise<T>;
}

export interface Answered<Answer> {
  answer: Answer;
  headers: Headers;
}

export interface TransportOptions {
  /** Names the vendor in messages. */
  vendor: string;
  /** `retry` for a vendor that throttles with a 403 without a JSON body. */
  bareForbidden?: "pause" | "retry";
  /** What a 401 means, for the merchant; that the key is not accepted unless told. */
  unauthorised?: string;
  /** Hears of every call that changes something or fails. */
  onCall?(call: CallRecord): void;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

export interface Transport {
  /** @throws RetryLater, PauseConnection or Refused; nothing else. */
  call<Answer>(options: CallOptions<Answer>): Promise<Answered<Answer>>;
}

/** From the first byte sent to the last byte read. Connecting has 10 s of it, which is undici's own default. */
const TIMEOUT_MS = 30_000;

/** One request to a vendor and the verdict on its answer (the retry classes). It never repeats a request by itself. */
export function createTransport(options: TransportOptions): Transport {
  const { vendor, bareForbidden = "pause", timeoutMs = TIMEOUT_MS } = options;
  return {
    async call({ method, url, headers, body, form, answer, during = (send) => send() }) {
      const record = (status: number | null, requestId: string | null): void => {
        // That somebody is not there yet is what is looked up.
        if (method === "GET" && status !== null && (status < 400 || status === 404)) return;
        options.onCall?.({ call: `${method} ${nameless(url)}`, status, requestId });
      };
      const request: RequestInit = {
        method,
        headers: {
          accept: "application/json",
          "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(form && { body: form.toString() }),
        redirect: "error",
      };
      const response = await during(() =>
        send(options, url, { ...request, signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
          record(null, null);
          throw error;
        }),
      );
      const { status } = response;
      record(status, requestIdOf(response.headers));
      const content = readJson(response.text);
      if (status >= 200 && status < 300) {
        const parsed = answer.safeParse(content.value);
        // A success whose body cannot be read is an answer that got lost.
        if (!parsed.success) throw new RetryLater(`${vendor} answered ${status} with an unexpected body`);
        return { answer: parsed.data, headers: response.headers };
      }
      if (isTransient(status) || (status === 403 && bareForbidden === "retry" && !content.isObject)) {
        const afterMs = readRetryAfter(response.headers);
        throw new RetryLater(`${vendor} answered ${status}`, afterMs, afterMs === null && status !== 429);
      }
      if (status === 401 || status === 403 || status === 410)
        throw new PauseConnection(whyPaused(options, status), status);
      if (!content.isObject && !saidByStatus(status))
        throw new RetryLater(`${vendor} answered ${status} with an unexpected body`);
      throw new Refused(status, content.value);
    },
  };
}

/** Cuts addresses out of a vendor's words and shortens them, so that they can be stored and logged. */
export function withoutAddresses(words: string): string {
  return words.replace(/[^\s"'<>(),:;]+@[^\s"'<>(),:;]+/g, "[address]").slice(0, 200);
}

/** The path, without what names a person: Mailchimp's are hashes of addresses. */
function nameless(url: string): string {
  return new URL(url).pathname.replace(/\/[0-9a-f]{32}(?=\/|$)/g, "/…");
}

function requestIdOf(headers: Headers): string | null {
  const given = REQUEST_ID_HEADERS.map((name) => headers.get(name)).find((id) => id !== null) ?? null;
  return given?.slice(0, 100) ?? null;
}

/** Neither platform documents the header its ids come in; these are the usual ones, the last one of the network in front of Klaviyo. */
const REQUEST_ID_HEADERS = ["x-request-id", "x-klaviyo-req-id", "request-id", "cf-ray"];

interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
}

async function send({ vendor, fetch: own }: TransportOptions, url: string, init: RequestInit): Promise<RawAnswer> {
  try {
    const response = await (own ?? fetch)(url, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw new RetryLater(`${vendor} could not be reached: ${error instanceof Error ? error.name : "unknown"}`);
  }
}

function readJson(text: string): { value: unknown; isObject: boolean } {
  if (text === "") return { value: null, isObject: false };
  try {
    const value: unknown = JSON.parse(text);
    return { value, isObject: typeof value === "object" && value !== null };
  } catch {
    return { value: undefined, isObject: false };
  }
}

/** A status that says nothing about the request itself. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 423 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/**
 * Every refusal of the platforms' is JSON. A page is some gateway's, and of half an answer it is not known what it was about. That what was
 * sent will not do is told all the same, since a batch is halved then; whoever is alone has to look whether the platform said why.
 */
function saidByStatus(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

/** A longer wait is a mistake of some gateway's, or a day's quota, and must not silence an audience for a year. */
export const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

/** Milliseconds; Retry-After is seconds or a date. One that makes no sense is as good as none. */
function readRetryAfter(headers: Headers): number | null {
  const text = headers.get("retry-after");
  if (text === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms >= 0 && ms <= LONGEST_RETRY_AFTER_MS ? ms : null;
}

function whyPaused({ vendor, unauthorised }: TransportOptions, status: 401 | 403 | 410): string {
  if (status === 401) return unauthorised ?? `${vendor} does not accept the key`;
  if (status === 403) return `The key lacks a permission at ${vendor}`;
  return `${vendor} has retired the version of its interface that is used here`;
}
