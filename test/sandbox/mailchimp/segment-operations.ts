import type { Answer } from "../http.ts";
import { readBody } from "./body.ts";
import { atMostRows, audienceOf, included, ok, paged, shown } from "./call.ts";
import type { Call } from "./call.ts";
import { renderSegment } from "./render.ts";
import { changeSegment, createSegment, findSegment, membersOf } from "./segments.ts";

export function getSegments(call: Call): Answer {
  const audience = audienceOf(call);
  const type = call.request.query.get("type") ?? "static";
  const { items, total } = paged(call, type === "static" ? [...audience.segments.values()] : []);
  const segments = items.map((segment) => renderSegment(audience, segment, included(call)));
  return ok(call, { segments, list_id: audience.id, total_items: total });
}

/** Addresses that are not in the audience are ignored here, unlike in the batch on an existing segment. */
export function createStaticSegment(call: Call): Answer {
  const audience = audienceOf(call);
  const { name, static_segment } = readBody<{ name: string; static_segment: string[] }>(call);
  atMostRows(static_segment);
  const segment = createSegment(audience, call.newSegmentId(), name, static_segment, call.at);
  return ok(call, renderSegment(audience, segment, included(call)));
}

export function getSegment(call: Call): Answer {
  const audience = audienceOf(call);
  return ok(call, renderSegment(audience, findSegment(audience, call.params[1] ?? ""), included(call)));
}

export function changeStaticSegment(call: Call): Answer {
  const audience = audienceOf(call);
  const segment = findSegment(audience, call.params[1] ?? "");
  const { members_to_add: add = [], members_to_remove: remove = [] } = readBody<{
    members_to_add?: string[];
    members_to_remove?: string[];
  }>(call);
  atMostRows(add);
  atMostRows(remove);
  const change = changeSegment(audience, segment, { add, remove, fails: call.faults.rows() }, call.at);
  return ok(call, {
    get members_added() {
      return change.added.map((member) => shown(call, member));
    },
    get members_removed() {
      return change.removed.map((member) => shown(call, member));
    },
    errors: change.errors,
    total_added: change.added.length,
    total_removed: change.removed.length,
    error_count: change.errors.length,
  });
}

export function deleteSegment(call: Call): Answer {
  const audience = audienceOf(call);
  audience.segments.delete(findSegment(audience, call.params[1] ?? "").id);
  return { status: 204 };
}

export function getSegmentMembers(call: Call): Answer {
  const audience = audienceOf(call);
  const segment = findSegment(audience, call.params[1] ?? "");
  const { items, total } = paged(call, membersOf(audience, segment, included(call)));
  return ok(call, { members: items.map((member) => shown(call, member)), total_items: total });
}
