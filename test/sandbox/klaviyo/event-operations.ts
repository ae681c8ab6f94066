import type { Answer } from "../http.ts";
import { countRows, upserting } from "./call.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import { checkEvent, isRecorded, recordEvent } from "./events.ts";
import type { EventAttributes } from "./events.ts";
import { findKnown, upsertProfile } from "./profiles.ts";
import type { ProfileAttributes, ProfileResource } from "./profiles.ts";
import { invalid } from "./refusal.ts";

interface EventProfile {
  type: "profile";
  id?: string | null;
  attributes: ProfileAttributes & { anonymous_id?: string | null; meta?: ProfileResource["meta"] };
  meta?: ProfileResource["meta"];
}

interface EventGroup {
  profile: { data: EventProfile };
  events: { data: { attributes: EventAttributes }[] };
}

export function createEvent(call: Call): Answer {
  const { data } = readBody<{ data: { attributes: EventAttributes & { profile: { data: EventProfile } } } }>(
    call.operation,
    call.request.body,
  );
  const { profile, ...event } = data.attributes;
  checkEvent(event, call.at);
  recordEvent(call.account, eventProfile(call, profile.data), event, call.at, call.world.ledger);
  return { status: 202 };
}

/** One repeated unique_id fails the whole request, as documented; nothing is recorded then. */
export function bulkCreateEvents(call: Call): Answer {
  const { data } = readBody<{
    data: {
      attributes: {
        "events-bulk-create": {
          data: { attributes: EventGroup }[];
        };
      };
    };
  }>(call.operation, call.request.body);
  const groups = data.attributes["events-bulk-create"].data.map(({ attributes }) => attributes);
  countRows(
    groups.flatMap(({ events }) => events.data),
    1000,
  );
  for (const { events } of groups) for (const { attributes } of events.data) checkEvent(attributes, call.at);
  refuseRepeats(call, groups);
  for (const { profile, events } of groups) {
    const owner = eventProfile(call, profile.data);
    for (const { attributes } of events.data) recordEvent(call.account, owner, attributes, call.at, call.world.ledger);
  }
  return { status: 202 };
}

function refuseRepeats(call: Call, groups: EventGroup[]): void {
  const seen = new Set<string>();
  for (const { profile, events } of groups) {
    const known = findKnown(call.account, profile.data);
    const { email, phone_number, external_id } = profile.data.attributes;
    const owner = known?.id ?? JSON.stringify([email, phone_number, external_id]);
    for (const { attributes: event } of events.data) {
      const name = `${owner}\n${event.metric.data.attributes.name}\n${event.unique_id ?? ""}`;
      const repeated = seen.has(name) || (known !== null && isRecorded(call.account, known, event, call.at));
      if (event.unique_id && repeated) throw invalid("A unique_id is repeated for the same profile and metric.");
      seen.add(name);
    }
  }
}

function eventProfile(call: Call, { attributes, ...resource }: EventProfile) {
  const { anonymous_id: _, meta, ...known } = attributes;
  const named = { ...resource, attributes: known, meta: meta ?? resource.meta ?? null };
  return upsertProfile(call.account, named, upserting(call, false)).profile;
}
