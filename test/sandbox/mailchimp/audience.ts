import { OrderedSet } from "../ordered-set.ts";
import type { Webhook } from "./webhooks.ts";

export type Status = "subscribed" | "unsubscribed" | "cleaned" | "pending" | "transactional";

/** Times are ms since 1970. */
export interface Member {
  /** MD5 of the lower-case e-mail, in hex. */
  id: string;
  email: string;
  status: Status;
  /** Archived members keep their status for the day they come back. */
  archived: boolean;
  /** The person unsubscribed: only they can undo that. */
  unsubscribedByPerson: boolean;
  mergeFields: Record<string, unknown>;
  language: string;
  vip: boolean;
  emailType: string;
  signedUp: number;
  optedIn: number | null;
  changed: number;
}

/** A static segment, which Mailchimp also shows as a tag. */
export interface Segment {
  id: number;
  name: string;
  created: number;
  updated: number;
  /** Member ids. */
  members: OrderedSet;
}

export interface MergeField {
  merge_id: number;
  tag: string;
  name: string;
  type: string;
  required: boolean;
  public: boolean;
  default_value: string;
}

export type ActivityAction = "sent" | "open" | "click" | "bounce" | "unsubscribe" | "abuse";

/** What became of a campaign's mail to one member. */
export interface Activity {
  campaign: string;
  /** The member's id. */
  member: string;
  email: string;
  action: ActivityAction;
  at: number;
  url?: string;
}

export interface Audience {
  webhooks: Webhook[];
  activity: Activity[];
  id: string;
  name: string;
  created: number;
  /** By id, in the order in which they came, or came under their address of now. */
  members: Map<string, Member>;
  /** Ids of members deleted for good. */
  forgotten: Set<string>;
  segments: Map<number, Segment>;
  mergeFields: MergeField[];
}

export interface AudienceDump {
  webhooks?: Webhook[];
  activity?: Activity[];
  id: string;
  name: string;
  created: number;
  members: Member[];
  forgotten: string[];
  segments: (Omit<Segment, "members"> & { entries: [string, number][] })[];
  mergeFields: MergeField[];
}

export function emptyAudience(id: string, name: string, at: number): Audience {
  const field = { required: false, public: true, default_value: "" };
  return {
    id,
    name,
    created: at,
    activity: [],
    webhooks: [],
    members: new Map(),
    forgotten: new Set(),
    segments: new Map(),
    mergeFields: [
      { merge_id: 1, tag: "FNAME", name: "First Name", type: "text", ...field },
      { merge_id: 2, tag: "LNAME", name: "Last Name", type: "text", ...field },
      { merge_id: 4, tag: "PHONE", name: "Phone Number", type: "phone", ...field },
    ],
  };
}

export function dumpAudience(audience: Audience): AudienceDump {
  const { id, name, created, mergeFields, activity, webhooks } = audience;
  return {
    webhooks,
    activity,
    id,
    name,
    created,
    members: [...audience.members.values()],
    forgotten: [...audience.forgotten],
    segments: [...audience.segments.values()].map(({ members, ...segment }) => ({
      ...segment,
      entries: members.dump(),
    })),
    mergeFields,
  };
}

export function loadAudience(dump: AudienceDump): Audience {
  const audience = emptyAudience(dump.id, dump.name, dump.created);
  audience.members = new Map(dump.members.map((member) => [member.id, member]));
  audience.forgotten = new Set(dump.forgotten);
  for (const { entries, ...segment } of dump.segments) {
    audience.segments.set(segment.id, { ...segment, members: OrderedSet.load(entries) });
  }
  audience.mergeFields = dump.mergeFields;
  audience.activity = dump.activity ?? [];
  audience.webhooks = dump.webhooks ?? [];
  return audience;
}
