import type { Answer } from "../http.ts";
import { readBody } from "./body.ts";
import { audienceOf, caller, instant, memberOf, ok, paged, shown } from "./call.ts";
import type { Call } from "./call.ts";
import { archiveMember, createMember, forgetMember, idFromPath, memberId, updateMember } from "./members.ts";
import type { MemberBody } from "./members.ts";
import { invalidResource } from "./problem.ts";
import { iso } from "./render.ts";
import { setTag, tagsOf } from "./segments.ts";

/** Archived members are shown only when asked for by status. */
export function getMembers(call: Call): Answer {
  const audience = audienceOf(call);
  const { query } = call.request;
  const status = query.get("status");
  const since = instant(query, "since_last_changed");
  const before = instant(query, "before_last_changed");
  const found = [...audience.members.values()].filter((member) => {
    const changed = Math.floor(member.changed / 1000);
    if (status === null ? member.archived : status !== (member.archived ? "archived" : member.status)) return false;
    return (since === null || changed > since) && (before === null || changed < before);
  });
  const { items, total } = paged(call, found);
  const members = items.map((member) => shown(call, member));
  return ok(call, { members, list_id: audience.id, total_items: total });
}

export function addMember(call: Call): Answer {
  const audience = audienceOf(call);
  const row = readBody<MemberBody>(call);
  const existing = audience.members.get(memberId(row.email_address ?? ""));
  const member = existing?.archived
    ? updateMember(audience, existing, row, caller(call))
    : createMember(audience, row, row.status ?? "pending", caller(call));
  for (const tag of row.tags ?? []) setTag(audience, member, tag, true, call.newSegmentId, call.at);
  return ok(call, shown(call, member));
}

export function putMember(call: Call): Answer {
  const audience = audienceOf(call);
  const row = readBody<MemberBody>(call);
  const id = idFromPath(call.params[1] ?? "");
  const existing = audience.members.get(id);
  if (existing !== undefined) return ok(call, shown(call, updateMember(audience, existing, row, caller(call))));
  if (memberId(row.email_address ?? "") !== id) {
    const message = "The address does not belong to the subscriber hash of the path.";
    throw invalidResource(message, [{ field: "email_address", message }]);
  }
  const member = createMember(audience, row, row.status_if_new ?? "pending", caller(call));
  return ok(call, shown(call, member));
}

export function patchMember(call: Call): Answer {
  const row = readBody<MemberBody>(call);
  return ok(call, shown(call, updateMember(audienceOf(call), memberOf(call), row, caller(call))));
}

export function archive(call: Call): Answer {
  archiveMember(memberOf(call), call.at);
  return { status: 204 };
}

export function deletePermanent(call: Call): Answer {
  forgetMember(audienceOf(call), memberOf(call));
  return { status: 204 };
}

export function getTags(call: Call): Answer {
  const tags = tagsOf(audienceOf(call), memberOf(call)).map(({ id, name, at }) => ({ id, name, date_added: iso(at) }));
  const { items, total } = paged(call, tags);
  return ok(call, { tags: items, total_items: total });
}

export function setTags(call: Call): Answer {
  const audience = audienceOf(call);
  const member = memberOf(call);
  const { tags } = readBody<{ tags: { name: string; status: "active" | "inactive" }[] }>(call);
  for (const { name, status } of tags) {
    setTag(audience, member, name, status === "active", call.newSegmentId, call.at);
  }
  return { status: 204 };
}
