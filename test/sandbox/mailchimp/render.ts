import type { Audience, Member, Segment } from "./audience.ts";
import { Shown } from "./projection.ts";
import { membersOf, tagsOf } from "./segments.ts";
import type { Included } from "./segments.ts";

interface Place {
  audience: Audience;
  member: Member;
}

const MEMBER: Record<string, (place: Place) => unknown> = {
  id: ({ member }) => member.id,
  email_address: ({ member }) => member.email,
  unique_email_id: ({ member }) => member.id.slice(0, 10),
  email_type: ({ member }) => member.emailType,
  status: ({ member }) => (member.archived ? "archived" : member.status),
  merge_fields: ({ audience, member }) =>
    Object.fromEntries(
      audience.mergeFields.map(({ tag, default_value }) => [tag, member.mergeFields[tag] ?? default_value]),
    ),
  language: ({ member }) => member.language,
  vip: ({ member }) => member.vip,
  timestamp_signup: ({ member }) => iso(member.signedUp),
  timestamp_opt: ({ member }) => (member.optedIn === null ? "" : iso(member.optedIn)),
  last_changed: ({ member }) => iso(member.changed),
  tags_count: ({ audience, member }) => tagsOf(audience, member).length,
  tags: ({ audience, member }) => tagsOf(audience, member).map(({ id, name }) => ({ id, name })),
  list_id: ({ audience }) => audience.id,
};

export function renderMember(audience: Audience, member: Member): Shown<Place> {
  return new Shown(MEMBER, { audience, member });
}

export function renderSegment(audience: Audience, segment: Segment, included: Included) {
  return {
    id: segment.id,
    name: segment.name,
    member_count: membersOf(audience, segment, included).length,
    type: "static",
    created_at: iso(segment.created),
    updated_at: iso(segment.updated),
    list_id: audience.id,
  };
}

export function renderAudience(audience: Audience) {
  const count = (status: Member["status"]) => {
    let found = 0;
    for (const member of audience.members.values()) if (member.status === status && !member.archived) found += 1;
    return found;
  };
  return {
    id: audience.id,
    name: audience.name,
    date_created: iso(audience.created),
    double_optin: false,
    email_type_option: false,
    stats: {
      member_count: count("subscribed"),
      unsubscribe_count: count("unsubscribed"),
      cleaned_count: count("cleaned"),
      merge_field_count: audience.mergeFields.length,
    },
  };
}

let written = { second: NaN, text: "" };

/** Mailchimp's instants carry seconds and an offset. Most that are written one after the other are of one second. */
export function iso(at: number): string {
  const second = Math.floor(at / 1_000);
  if (written.second !== second) written = { second, text: new Date(at).toISOString().replace(/\.\d+Z$/, "+00:00") };
  return written.text;
}
