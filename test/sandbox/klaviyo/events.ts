import { createHash } from "node:crypto";
import type { Account, Profile } from "./account.ts";
import type { Ledger } from "../ledger.ts";
import { invalid } from "./refusal.ts";

export interface EventAttributes {
  properties: Record<string, unknown>;
  time?: string | null;
  value?: number | null;
  unique_id?: string | null;
  backfill?: boolean | null;
  metric: { data: { attributes: { name: string } } };
}

const YEAR = 365 * 24 * 3600 * 1000;

/** @throws Refusal for a metric name, a time or properties outside Klaviyo's limits */
export function checkEvent(event: EventAttributes, now: number): void {
  if (event.metric.data.attributes.name.length >= 128) throw invalid("The metric name must be under 128 characters.");
  if (Object.keys(event.properties).length > 300) throw invalid("An event has at most 300 properties.");
  const time = event.time ? Date.parse(event.time) : now;
  if (!(time >= Date.UTC(1991, 0) && time <= now + YEAR)) {
    throw invalid("The time must be after 1990 and at most one year from now.", { pointer: "/data/attributes/time" });
  }
}

/** Whether this profile and metric already have an event with this unique id or, without one, in this second. */
export function isRecorded(account: Account, profile: Profile, event: EventAttributes, now: number): boolean {
  return account.events.keys.has(eventKey(profile, event, now));
}

/** Records once per `isRecorded`; the books note an event that came in twice in a way Klaviyo cannot see. */
export function recordEvent(
  account: Account,
  profile: Profile,
  event: EventAttributes,
  now: number,
  ledger: Ledger,
): void {
  const book = account.events;
  const key = eventKey(profile, event, now);
  if (book.keys.has(key)) return;
  book.keys.add(key);
  book.recorded += 1;
  profile.lastEvent = seconds(event, now) * 1000;

  const metric = event.metric.data.attributes.name;
  book.written.push({
    metric,
    profile: profile.id,
    uniqueId: event.unique_id ?? null,
    time: event.time ?? null,
    backfill: event.backfill ?? false,
  });
  const content = createHash("sha1")
    .update(JSON.stringify([profile.id, metric, event.properties, event.value ?? null, event.time ?? null]))
    .digest("base64");
  const owner = event.unique_id ? book.owners.get(`${metric}\n${event.unique_id}`) : undefined;
  if (owner !== undefined)
    ledger.duplicateEffect(account.id, `event ${metric} recorded for two profiles under one unique_id`);
  else if (book.contents.has(content))
    ledger.duplicateEffect(account.id, `event ${metric} recorded twice with the same content`);
  if (event.unique_id) book.owners.set(`${metric}\n${event.unique_id}`, profile.id);
  book.contents.add(content);
}

function eventKey(profile: Profile, event: EventAttributes, now: number): string {
  const unique = event.unique_id ?? `second ${seconds(event, now)}`;
  return `${profile.id}\n${event.metric.data.attributes.name}\n${unique}`;
}

function seconds(event: EventAttributes, now: number): number {
  return Math.floor((event.time ? Date.parse(event.time) : now) / 1000);
}
