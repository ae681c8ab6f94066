import { createHash } from "node:crypto";
import type { Engagement, EngagementPage } from "../destination.ts";
import type { MailchimpClient } from "./client.ts";

/** Mails are opened long after they were sent. */
const LOOK_BACK_MS = 30 * 86_400_000;
/** Deliveries of one campaign come within hours; the report cannot be asked for the new ones alone. */
const DELIVERING_MS = 6 * 3_600_000;
const KINDS: Readonly<Record<string, Engagement["kind"]>> = { open: "opened", click: "clicked", bounce: "bounced" };

/**
 * What people did with the campaigns to the audience since a moment, from their reports: there is no webhook of opens and clicks. An
 * activity has no id of its own, so its content is one. Mailchimp does not tell opens by machines from others here.
 */
export async function* readEngagement(client: MailchimpClient, since: Date): AsyncIterable<EngagementPage> {
  for (const { id: campaignId, sentAt } of await client.campaigns(new Date(since.getTime() - LOOK_BACK_MS))) {
    const toEvent = (kind: Engagement["kind"], email: string, at: Date, url: string | null = null): Engagement => ({
      id: createHash("sha1")
        .update(JSON.stringify([campaignId, email.toLowerCase(), kind, at, url]))
        .digest("base64url"),
      kind,
      email,
      at,
      campaignId,
      url,
      machine: false,
    });
    if (sentAt.getTime() > since.getTime() - DELIVERING_MS)
      for await (const rows of client.deliveries(campaignId))
        yield { events: rows.map(({ email, at }) => toEvent("delivered", email, at ?? sentAt)), consents: [] };
    for await (const rows of client.activity(campaignId, since))
      yield {
        events: rows.flatMap(({ email, action, at, url }) => {
          const kind = KINDS[action];
          return kind ? [toEvent(kind, email, at, url)] : [];
        }),
        consents: [],
      };
    for await (const rows of client.unsubscribes(campaignId))
      yield {
        events: rows.map(({ email, at }) => toEvent("unsubscribed", email, at)),
        consents: rows.map(({ email, at }) => ({
          email,
          state: "unsubscribed",
          at,
          lasting: false,
          reason: "unsubscribed",
        })),
      };
    for await (const rows of client.complaints(campaignId))
      yield {
        events: rows.map(({ email, at }) => toEvent("marked_as_spam", email, at)),
        consents: rows.map(({ email, at }) => ({
          email,
          state: "unsubscribed",
          at,
          lasting: true,
          reason: "complaint",
        })),
      };
  }
}
