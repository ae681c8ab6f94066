import { chunk } from "../chunk.ts";
import type { ConsentNews, Engagement, EngagementPage, HookEvent } from "../destination.ts";
import type { KlaviyoClient, LoggedEvent } from "./client.ts";

/**
 * Klaviyo's own metrics, by the names it gives them in every account (the topics `event:klaviyo.*` of its webhooks are these names).
 * A metric that an account has not got yet comes to be with its first event.
 */
const KINDS: Readonly<Record<string, Engagement["kind"]>> = {
  "received email": "delivered",
  "opened email": "opened",
  "clicked email": "clicked",
  "bounced email": "bounced",
  "marked email as spam": "marked_as_spam",
  "unsubscribed from email marketing": "unsubscribed",
};
const DECISIONS: Readonly<Record<string, Pick<ConsentNews, "channel" | "state" | "lasting" | "reason" | "proven">>> = {
  "unsubscribed from email marketing": {
    channel: "email",
    state: "unsubscribed",
    lasting: false,
    reason: "unsubscribed",
  },
  "marked email as spam": { channel: "email", state: "unsubscribed", lasting: true, reason: "complaint" },
  "subscribed to email marketing": { channel: "email", state: "subscribed", lasting: false, proven: true },
  "unsubscribed from sms marketing": { channel: "sms", state: "unsubscribed", lasting: false, reason: "unsubscribed" },
  "subscribed to sms marketing": { channel: "sms", state: "subscribed", lasting: false, proven: true },
};

/** What people did with mails since a moment, metric by metric, each in the order of time. */
export async function* readEngagement(client: KlaviyoClient, since: Date): AsyncIterable<EngagementPage> {
  for (const { id, name } of await client.metrics()) {
    const metric = name.trim().toLowerCase();
    if (!(metric in KINDS) && !(metric in DECISIONS)) continue;
    for await (const events of client.events(id, since)) yield await toPage(client, metric, events);
  }
}

/** The same of events that a webhook told of, by the names of their metrics. */
export async function* completeEvents(
  client: KlaviyoClient,
  events: readonly HookEvent[],
): AsyncIterable<EngagementPage> {
  for (const [name, its] of Map.groupBy(events, (event) => event.name)) {
    // Properties come with the next poll: the event is known by its id then.
    if (!(name in DECISIONS)) continue;
    const logged = its.map(({ id, personId, at }) => ({ id, profileId: personId, at, properties: {} }));
    const { consents } = await toPage(client, name, logged);
    yield { events: [], consents };
  }
}

async function toPage(client: KlaviyoClient, metric: string, events: readonly LoggedEvent[]): Promise<EngagementPage> {
  // An event names a profile and not an address.
  const people = new Map<string, { email: string | null; phone: string | null }>();
  const ids = [...new Set(events.flatMap(({ profileId }) => profileId ?? []))];
  for (const some of chunk(ids, 100))
    for (const person of await client.profilesById(some)) people.set(person.id, person);
  const page: EngagementPage = { events: [], consents: [] };
  const kind = KINDS[metric];
  const decision = DECISIONS[metric];
  for (const { id, profileId, at, properties } of events) {
    const person = people.get(profileId ?? "");
    if (kind && person?.email)
      page.events.push({
        id,
        kind,
        email: person.email,
        at,
        campaignId: textOf(properties["$message"]),
        url: textOf(properties["URL"]),
        // Apple's Mail Privacy Protection loads every picture. The properties' names are not in Klaviyo's OpenAPI file: where they are
        // missing nothing is marked.
        machine: [properties["Apple Privacy Open"], properties["machine_open"], properties["Bot Click"]].some(isTrue),
      });
    const address = decision?.channel === "sms" ? person?.phone?.replace(/\D/g, "") : person?.email;
    if (decision && address) page.consents.push({ ...decision, email: address, at });
  }
  return page;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}
