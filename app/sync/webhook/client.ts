import { z } from "zod";
import type { CallOut } from "../../platform/call-out.server.ts";
import { signMessage } from "../../platform/signed-message.ts";
import type { CallRecord } from "../destination.ts";
import { isTransient, LONGEST_RETRY_AFTER_MS } from "../http.ts";
import type { Limiter, Priority } from "../limits/limiter.ts";
import { PauseConnection, Refused, RetryLater } from "../retry-classes.ts";

export interface WebhookClientOptions {
  callOut: CallOut;
  url: string;
  /** As `signMessage` takes them, the new one first. */
  secrets: readonly string[];
  calls: Limiter;
  /** How urgent what it is used for is. */
  priority: Priority;
  onCall(call: CallRecord): void;
  /** Real time. */
  now(): Date;
  /** Another one each time. */
  newId(): string;
}

export type MessageType =
  | "ping"
  | "audience.saved"
  | "audience.deleted"
  | "audience.read"
  | "members.changed"
  | "person.forgotten"
  | "consent.ended"
  | "consent.given";

/** Answers about 500 members have room in it. */
const MOST_ANSWER_BYTES = 512 * 1024;

const goneAudience = z.object({ error: z.literal("audience_not_found") });

export type WebhookClient = ReturnType<typeof createWebhookClient>;

/** Signed messages to the merchant's own system, as Standard Webhooks has them. Throws the retry classes. */
export function createWebhookClient(options: WebhookClientOptions) {
  const { callOut, url, secrets, now, newId } = options;
  return {
    /**
     * @returns what was answered; null where a receiver says no more than that it took it.
     * @throws Refused with status 404 when the receiver says that the audience is not there.
     */
    async send<Answer>(type: MessageType, data: object, answer: z.ZodType<Answer>): Promise<Answer | null> {
      return options.calls.run(options.priority, async (said) => {
        const at = now();
        const id = newId();
        // When it was sent is inside what is signed: a receiver that is told two things can tell the later one.
        const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
        const called = await callOut({
          url,
          headers: signMessage({ id, at, body }, secrets),
          body,
          keepBytes: MOST_ANSWER_BYTES,
        });
        const status = called.outcome === "answered" ? called.status : null;
        options.onCall({ call: `POST ${type}`, status, requestId: id });
        if (called.outcome === "blocked") throw new PauseConnection(called.reason);
        if (called.outcome === "unreachable") throw new RetryLater(`The receiver was not reached: ${called.reason}`);
        const { start, retryAfterMs } = called;
        if (called.status >= 200 && called.status < 300) return readAnswer(start, answer);
        if (isTransient(called.status)) {
          const afterMs = retryAfterMs !== null && retryAfterMs <= LONGEST_RETRY_AFTER_MS ? retryAfterMs : null;
          if (afterMs !== null) said.hold(afterMs);
          throw new RetryLater(
            `The receiver answered ${called.status}`,
            afterMs,
            afterMs === null && called.status !== 429,
          );
        }
        throw verdictOn(called.status, parseJson(start));
      });
    },
  };
}

/** Anything that is no page of some gateway's is a yes; what begins as JSON has to end as it. */
function readAnswer<Answer>(text: string, shape: z.ZodType<Answer>): Answer | null {
  if (text.startsWith("<")) throw new RetryLater("The receiver answered with a web page");
  if (!/^[[{]/.test(text)) return null;
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) throw new RetryLater("The receiver answered with an unexpected body");
  return parsed.data;
}

function verdictOn(status: number, body: unknown): Error {
  if (status === 401 || status === 403)
    return new PauseConnection("The receiver does not accept the key that messages are signed with", status);
  if (status === 410) return new PauseConnection("The receiver wants nothing any more (410)", status);
  if (status === 404 && !goneAudience.safeParse(body).success)
    return new PauseConnection("Nothing answers at this address (404)", status);
  if (status >= 300 && status < 400)
    return new PauseConnection("The receiver sent us elsewhere, and redirects are not followed", status);
  return new Refused(status, body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
