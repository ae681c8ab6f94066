import { createHash } from "node:crypto";
import type { Answer } from "../http.ts";
import { postHook } from "../post-hook.ts";
import type { Audience, Member } from "./audience.ts";
import { readBody } from "./body.ts";
import { audienceOf, ok } from "./call.ts";
import type { Call } from "./call.ts";
import { invalidResource, notFound } from "./problem.ts";

const EVENTS = ["subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"] as const;
type EventName = (typeof EVENTS)[number];

export interface Webhook {
  id: string;
  url: string;
  events: Partial<Record<EventName, boolean>>;
  /** What the person does in a form or a mail is `user`; what comes in by the API is `api`. */
  sources: { user?: boolean; admin?: boolean; api?: boolean };
}

const MOST_WEBHOOKS = 20;

export function getWebhooks(call: Call): Answer {
  const audience = audienceOf(call);
  const webhooks = audience.webhooks.map((hook) => ({ ...hook, list_id: audience.id }));
  return ok(call, { webhooks, list_id: audience.id, total_items: webhooks.length });
}

/** The address is asked with a GET before it is taken; what does not answer 200 is refused. */
export async function addWebhook(call: Call): Promise<Answer> {
  const audience = audienceOf(call);
  const { url, events, sources } = readBody<Omit<Webhook, "id">>(call);
  const refused = (message: string) => invalidResource(message, [{ field: "url", message }]);
  if (audience.webhooks.some((hook) => hook.url === url)) {
    call.ledger.duplicateEffect(call.account, `webhook of ${audience.id} created twice`);
    throw refused("Sorry, you can't set up multiple WebHooks for one URL");
  }
  if (audience.webhooks.length === MOST_WEBHOOKS) throw refused("You have set up too many WebHooks.");
  const status = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.status,
    () => 0,
  );
  if (status !== 200) throw refused(`We couldn't reach the URL. It answered ${status}.`);
  const id = createHash("sha1").update(url).digest("hex").slice(0, 10);
  audience.webhooks.push({ id, url, events, sources });
  return ok(call, { id, url, events, sources, list_id: audience.id });
}

export function deleteWebhook(call: Call): Answer {
  const audience = audienceOf(call);
  const left = audience.webhooks.filter(({ id }) => id !== call.params[1]);
  if (left.length === audience.webhooks.length) throw notFound();
  audience.webhooks = left;
  return { status: 204 };
}

/** Tells whoever asked to hear of it what a person did. */
export function tell(
  audience: Audience,
  member: Member,
  type: EventName,
  data: Record<string, string>,
  at: number,
): void {
  const form = new URLSearchParams({
    type,
    fired_at: new Date(at).toISOString().slice(0, 19).replace("T", " "),
    "data[list_id]": audience.id,
    ...(type !== "upemail" && { "data[id]": member.id.slice(0, 10), "data[email]": member.email }),
    ...(type !== "upemail" && { "data[merges][EMAIL]": member.email }),
  });
  for (const [name, value] of Object.entries(data)) form.set(`data[${name}]`, value);
  for (const hook of audience.webhooks) {
    if (hook.events[type] !== true || hook.sources.user !== true) continue;
    postHook(hook.url, form.toString(), { "content-type": "application/x-www-form-urlencoded" });
  }
}
