import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { HookCall, HookEvent, HookReading } from "../destination.ts";

/**
 * The topics that are asked for, where an account has them: `event:klaviyo.` and the name of one of Klaviyo's own metrics. True: what
 * follows for the person's consent is not in the event.
 */
const TOPICS: Readonly<Record<string, boolean>> = {
  "event:klaviyo.unsubscribed_from_email_marketing": false,
  "event:klaviyo.subscribed_to_email_marketing": false,
  "event:klaviyo.marked_email_as_spam": false,
  "event:klaviyo.unsubscribed_from_sms_marketing": false,
  "event:klaviyo.subscribed_to_sms_marketing": false,
  "event:klaviyo.bounced_email": true,
  "event:klaviyo.manually_suppressed_from_email_marketing": true,
  "event:klaviyo.updated_email_preferences": true,
};
export const HOOK_TOPICS: readonly string[] = Object.keys(TOPICS);

const event = z.object({
  id: z.string().max(200),
  attributes: z.object({ datetime: z.coerce.date() }),
  relationships: z.object({ profile: z.object({ data: z.object({ id: z.string().max(200) }) }) }),
});
const call = z.object({
  data: z.array(z.object({ topic: z.string(), payload: z.unknown() })).max(1_000),
});
/** "The same structure as a Get Event API call": with the `data` around it or, to be safe, without. */
const payload = z.union([z.object({ data: event }).transform(({ data }) => data), event]);

/**
 * A call of a Klaviyo system webhook. Klaviyo-Signature is the HMAC-SHA256, in hex, of the raw body followed by Klaviyo-Timestamp
 * (https://developers.klaviyo.com/en/docs/working_with_system_webhooks). An old call that is played back says what it said: each event
 * carries its own time.
 */
export function readHook({ body, headers, secret }: HookCall): HookReading {
  if (!isSigned(body, headers, secret)) return { outcome: "refused", why: "bad_signature" };
  const parsed = call.safeParse(parseJson(body));
  if (!parsed.success) return { outcome: "refused", why: "bad_request" };
  const events: HookEvent[] = [];
  let ask = false;
  for (const { topic, payload: given } of parsed.data.data) {
    const asks = TOPICS[topic];
    if (asks === undefined) continue;
    const one = payload.safeParse(given);
    if (!one.success) return { outcome: "refused", why: "bad_request" };
    const { id, attributes, relationships } = one.data;
    const name = topic.replace(/^event:klaviyo\./, "").replaceAll("_", " ");
    events.push({ id, name, personId: relationships.profile.data.id, at: attributes.datetime });
    ask ||= asks;
  }
  return events.length > 0
    ? { outcome: "heard", said: { consents: [], moved: [], events, ask } }
    : { outcome: "nothing" };
}

function isSigned(body: Buffer, headers: HookCall["headers"], secret: string): boolean {
  const signature = headers["klaviyo-signature"];
  const timestamp = headers["klaviyo-timestamp"];
  if (typeof signature !== "string" || typeof timestamp !== "string") return false;
  const expected = createHmac("sha256", secret).update(body).update(timestamp).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
