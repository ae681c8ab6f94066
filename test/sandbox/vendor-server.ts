import { randomUUID } from "node:crypto";
import { setImmediate as othersFirst, setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readRequest, requestLine, sendAnswer } from "./http.ts";
import type { Answer, ApiRequest, Handler } from "./http.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";

/** An answer and the name under which the books keep it. */
export interface Served {
  operation: string;
  answer: Answer;
  /** The request went beyond a documented limit. */
  overLimit?: boolean;
}

export interface VendorApi {
  contentType: string;
  errorContentType: string;
  maxBodyBytes: number;
  /** Asked before the body is read: an answer refuses the request, a function is called once the answer is out. */
  admit(req: IncomingMessage): Served | (() => void);
  operation(method: string, path: string): string;
  answer(request: ApiRequest): Served | Promise<Served>;
  /** The vendor's own shape for an error it did not choose itself. */
  failure(status: 401 | 413 | 429 | 500): Answer;
}

/** What the person or the tester does, beside the vendor's API. */
export interface Controls {
  state(): unknown;
  /** The person subscribes or unsubscribes, by a phone number to text messages, by `whatsapp:` and one to those; the number of records it touched. */
  personDecides(email: string, decision: "subscribe" | "unsubscribe"): number;
  /** Something happens to a mail at that moment; the number of records it touched. */
  engages(email: string, engagement: Engagement, at: number): number;
  /** All access that runs out runs out now; or the owner of the account withdraws every permission. */
  access?(what: "expire" | "withdraw"): void;
  /** How often access was renewed. */
  renewals?(): number;
  /** The person changes their address; the number of records it touched. */
  moves?(email: string, to: string): number;
}

export interface Engagement {
  action: "deliver" | "open" | "click" | "bounce" | "complain";
  campaign: string;
  /** Of a click. */
  url?: string | undefined;
  /** Of an open: by a mail program on its own (Apple's Mail Privacy Protection). */
  machine?: boolean | undefined;
}

const engagementSchema = z.object({
  email: z.string(),
  action: z.enum(["deliver", "open", "click", "bounce", "complain"]),
  campaign: z.string().default("spring"),
  url: z.string().optional(),
  machine: z.boolean().optional(),
  /** ISO time; now unless told. */
  at: z.coerce.date().optional(),
});

/** The HTTP side both vendors share: control endpoints, injected faults, the books. */
export function createHandle(options: {
  api: VendorApi;
  controls: Controls;
  ledger: Ledger;
  faults: Faults;
  latencyMillis: number;
  changed: () => void;
}): Handler {
  const { api, controls, ledger, faults, latencyMillis, changed } = options;
  let revoked = false;

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    const { method, path } = requestLine(req);
    if (path.startsWith("/__sandbox/")) return control(req, res);
    const admitted = api.admit(req);
    if (typeof admitted !== "function") {
      req.resume();
      return finish(res, admitted);
    }
    res.once("close", admitted);
    const request = await readRequest(req, api.maxBodyBytes);
    // Calls that came together came together, whatever the work on one of them takes.
    await othersFirst();
    if (revoked) return finish(res, { operation: api.operation(method, path), answer: api.failure(401) });
    if (request === null) return finish(res, { operation: api.operation(method, path), answer: api.failure(413) });

    const fault = faults.next();
    if (fault === "rate429" || fault === "rate500" || fault === "wrongRetryAfter") {
      const answer = api.failure(fault === "rate500" ? 500 : 429);
      if (fault === "wrongRetryAfter") answer.headers = { ...answer.headers, "retry-after": faults.wrongRetryAfter() };
      return finish(res, { operation: api.operation(method, path), answer });
    }
    const served = await api.answer(request);
    changed();
    // From when the call came, whatever the sandbox's own work on it took.
    if (latencyMillis > 0) await pause(Math.max(0, arrivedAt + latencyMillis - performance.now()));
    if (fault === "timeoutAfterApply") return neverAnswer(req, served.operation);
    finish(res, served, fault);
  }

  function finish(res: ServerResponse, { operation, answer, overLimit }: Served, fault: string | null = null): void {
    ledger.request(operation, answer.status, overLimit);
    res.setHeader("x-request-id", randomUUID());
    if (fault === "truncated" && answer.body !== undefined) {
      const whole = JSON.stringify(answer.body);
      res.writeHead(answer.status, { "content-type": api.contentType }).end(whole.slice(0, whole.length >> 1));
      return;
    }
    if (fault === "truncated" && answer.bytes) {
      const { type, content } = answer.bytes;
      res.writeHead(answer.status, { "content-type": type }).end(content.subarray(0, content.length >> 1));
      return;
    }
    if (fault === "badBody") {
      res.writeHead(answer.status === 204 ? 200 : answer.status, { "content-type": "text/html" });
      res.end("<html><body>Service gateway</body>");
      return;
    }
    sendAnswer(res, answer, answer.status >= 400 ? api.errorContentType : api.contentType);
  }

  async function neverAnswer(req: IncomingMessage, operation: string): Promise<void> {
    ledger.request(operation, "none");
    await pause(faults.holdMillis());
    req.socket.destroy();
  }

  async function control(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const request = await readRequest(req, 1_000_000);
    sendAnswer(res, request === null ? { status: 413, body: {} } : controlAnswer(request), "application/json");
  }

  function controlAnswer(request: ApiRequest): Answer {
    const body = request.body.length === 0 ? {} : parseJson(request.body);
    switch (`${request.method} ${request.path}`) {
      case "GET /__sandbox/ledger":
        return { status: 200, body: ledger.report() };
      case "GET /__sandbox/state":
        return { status: 200, body: controls.state() };
      case "POST /__sandbox/faults": {
        const problem = faults.set(body);
        return problem === null ? { status: 200, body } : { status: 400, body: { error: problem } };
      }
      case "POST /__sandbox/revoke":
        revoked = true;
        return { status: 200, body: {} };
      case "POST /__sandbox/restore":
        revoked = false;
        return { status: 200, body: {} };
      case "POST /__sandbox/expire":
      case "POST /__sandbox/withdraw":
        controls.access?.(request.path.endsWith("expire") ? "expire" : "withdraw");
        return { status: 200, body: { renewals: controls.renewals?.() ?? 0 } };
      case "GET /__sandbox/renewals":
        return { status: 200, body: { renewals: controls.renewals?.() ?? 0 } };
      case "POST /__sandbox/subscribe":
        return decided(body, "subscribe");
      case "POST /__sandbox/unsubscribe":
        return decided(body, "unsubscribe");
      case "POST /__sandbox/move": {
        const parsed = z.object({ email: z.string(), to: z.string() }).safeParse(body);
        if (!parsed.success || !controls.moves) return { status: 400, body: { error: "email and to are missing" } };
        return answerTouched(controls.moves(parsed.data.email, parsed.data.to));
      }
      case "POST /__sandbox/engage": {
        const parsed = engagementSchema.safeParse(body);
        if (!parsed.success) return { status: 400, body: { error: parsed.error.message } };
        const { email, at, ...engagement } = parsed.data;
        return answerTouched(controls.engages(email, engagement, at?.getTime() ?? Date.now()));
      }
      default:
        return { status: 404, body: { error: `no control endpoint ${request.method} ${request.path}` } };
    }
  }

  function decided(body: unknown, decision: "subscribe" | "unsubscribe"): Answer {
    const parsed = z
      .union([
        z.object({ email: z.string() }).transform(({ email }) => email),
        z.object({ phone: z.e164() }).transform(({ phone }) => phone),
        z.object({ whatsApp: z.e164() }).transform(({ whatsApp }) => `whatsapp:${whatsApp}`),
      ])
      .safeParse(body);
    if (!parsed.success) return { status: 400, body: { error: "email, phone or whatsApp is missing" } };
    const who = parsed.data;
    return answerTouched(controls.personDecides(who, decision));
  }

  function answerTouched(touched: number): Answer {
    changed();
    return touched > 0
      ? { status: 200, body: { touched } }
      : { status: 404, body: { error: "nobody has this e-mail" } };
  }

  return (req, res) => {
    serve(req, res).catch((error: unknown) => {
      // A caller that hangs up while its body is read is no fault of the sandbox.
      if (req.destroyed && !req.complete) return;
      console.error("sandbox:", error);
      if (!res.headersSent) sendAnswer(res, api.failure(500), api.errorContentType);
    });
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
