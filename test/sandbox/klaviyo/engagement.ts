import type { Answer } from "../http.ts";
import type { Engagement } from "../vendor-server.ts";
import type { Account, LoggedEvent, Profile } from "./account.ts";
import { readFilter, notHeld } from "./call.ts";
import type { Call } from "./call.ts";
import { suppress, unsubscribe } from "./consent.ts";
import { page } from "./paging.ts";
import { tell } from "./webhooks.ts";
import { invalid } from "./refusal.ts";

/** The metrics of Klaviyo's own that a new account has, by the ids they have here. */
const METRICS = {
  MRECVD: "Received Email",
  MOPEND: "Opened Email",
  MCLICK: "Clicked Email",
  MBOUNC: "Bounced Email",
  MSPAMD: "Marked Email as Spam",
  MUNSUB: "Unsubscribed from Email Marketing",
  MSUBSC: "Subscribed to Email Marketing",
  MUNSMS: "Unsubscribed from SMS Marketing",
  MSUSMS: "Subscribed to SMS Marketing",
} as const;
export const METRIC_NAMES: readonly string[] = Object.values(METRICS);
type MetricName = (typeof METRICS)[keyof typeof METRICS];

const METRIC_OF: Record<Engagement["action"], MetricName> = {
  deliver: "Received Email",
  open: "Opened Email",
  click: "Clicked Email",
  bounce: "Bounced Email",
  complain: "Marked Email as Spam",
};

/** What a person, or their mail program, does with a mail, and what follows from it for their consent. */
export function engage(account: Account, profile: Profile, { action, campaign, url, machine }: Engagement, at: number) {
  logEvent(account, profile, METRIC_OF[action], at, {
    $message: campaign,
    "Campaign Name": `Campaign ${campaign}`,
    "Recipient Email Address": profile.identifiers.email,
    ...(url !== undefined && { URL: url }),
    // As Klaviyo writes it: a text, on opens alone.
    ...(action === "open" && { "Apple Privacy Open": machine === true ? "True" : "False" }),
  });
  if (action === "bounce") suppress(profile, "HARD_BOUNCE", at);
  if (action === "complain") {
    suppress(profile, "SPAM_COMPLAINT", at);
    unsubscribe(profile, at, { by: "person" });
  }
}

/** The person's own decision is an event too. */
export function logDecision(
  account: Account,
  profile: Profile,
  decision: "subscribe" | "unsubscribe",
  at: number,
  channel: "Email" | "SMS" = "Email",
): void {
  const metric =
    decision === "subscribe"
      ? (`Subscribed to ${channel} Marketing` as const)
      : (`Unsubscribed from ${channel} Marketing` as const);
  logEvent(account, profile, metric, at, {});
}

function logEvent(
  account: Account,
  profile: Profile,
  name: MetricName,
  at: number,
  properties: LoggedEvent["properties"],
) {
  const { log } = account.events;
  const position = (log.at(-1)?.position ?? 0) + 1;
  const metric = Object.entries(METRICS).find(([, each]) => each === name)?.[0] ?? "";
  const event = {
    id: `ev${account.id}${String(position).padStart(6, "0")}`,
    position,
    metric,
    profile: profile.id,
    at,
    properties,
  };
  log.push(event);
  tell(account, name, eventResource(event), at);
}

function eventResource(event: LoggedEvent) {
  return {
    type: "event",
    id: event.id,
    attributes: {
      timestamp: Math.floor(event.at / 1000),
      event_properties: event.properties,
      datetime: new Date(event.at).toISOString().replace(/\.\d+Z$/, "+00:00"),
      uuid: event.id,
    },
    relationships: {
      profile: { data: { type: "profile", id: event.profile } },
      metric: { data: { type: "metric", id: event.metric } },
    },
  };
}

export function getMetrics(call: Call): Answer {
  const entries = Object.entries(METRICS).map(([id, name], index) => ({ id, name, position: index + 1 }));
  const { items, links } = page(call.request, call.query, entries, 200);
  const self = `${call.request.origin}/api/metrics`;
  const data = items.map(({ id, name }) => ({
    type: "metric",
    id,
    attributes: { name, created: "2024-01-01T00:00:00+00:00", updated: "2024-01-01T00:00:00+00:00", integration: null },
    links: { self: `${self}/${id}` },
  }));
  return { status: 200, body: { data, links } };
}

/** By metric and from a moment on, in the order of time: what polling needs. */
export function getEvents(call: Call): Answer {
  const sort = call.query.one("sort") ?? "-datetime";
  if (sort !== "datetime") throw invalid("The sandbox sorts events by datetime only.", { parameter: "sort" });
  const conditions = readFilter(call.query);
  const found = call.account.events.log.filter((event) =>
    conditions.every(({ field, operator, values: [value = ""] }) => {
      if (field === "metric_id" && operator === "equals") return event.metric === value;
      if (field === "datetime" && operator === "greater-or-equal")
        return Math.floor(event.at / 1000) >= Math.floor(Date.parse(value) / 1000);
      throw notHeld(operator, field);
    }),
  );
  const { items, links } = page(call.request, call.query, found, 200);
  const data = items.map((event) => ({
    ...eventResource(event),
    links: { self: `${call.request.origin}/api/events/${event.id}` },
  }));
  return { status: 200, body: { data, links } };
}
