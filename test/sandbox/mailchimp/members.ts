import { hash } from "node:crypto";
import { isEmailAddress } from "../email-address.ts";
import type { Ledger } from "../ledger.ts";
import type { Audience, Member, Status } from "./audience.ts";
import { checkMergeFields } from "./merge-fields.ts";
import { Problem, complianceState, forgotten, invalidResource, memberExists, notFound } from "./problem.ts";

export interface MemberBody {
  email_address?: string;
  status?: Status;
  status_if_new?: Status;
  merge_fields?: Record<string, unknown>;
  language?: string;
  vip?: boolean;
  email_type?: string;
  tags?: string[];
  /** When somebody new opted in; absent: now. */
  timestamp_opt?: string;
}

/** Who asks, for the books. */
export interface Caller {
  account: string;
  operation: string;
  ledger: Ledger;
  at: number;
  skipMergeValidation: boolean;
}

const MOST_IDS = 200_000;
const ids = new Map<string, string>();

/** Of an address that was asked for lately it is known. */
export function memberId(email: string): string {
  const known = ids.get(email);
  if (known !== undefined) return known;
  if (ids.size === MOST_IDS) ids.clear();
  const id = hash("md5", email.trim().toLowerCase());
  ids.set(email, id);
  return id;
}

/** The path takes the id or the address itself. */
export function idFromPath(part: string): string {
  return part.includes("@") ? memberId(part) : part.toLowerCase();
}

export function findMember(audience: Audience, part: string): Member {
  const member = audience.members.get(idFromPath(part));
  if (member === undefined) throw notFound();
  return member;
}

/** @throws Problem; nothing is changed then */
export function createMember(audience: Audience, body: MemberBody, status: Status, caller: Caller): Member {
  const email = readEmail(body.email_address);
  const id = memberId(email);
  if (audience.forgotten.has(id)) throw forgotten(email);
  if (audience.members.has(id)) throw memberExists(email);
  const mergeFields = checkMergeFields(audience, body.merge_fields ?? {}, {
    requireAll: !caller.skipMergeValidation,
  });
  const member: Member = {
    id,
    email,
    status,
    archived: false,
    unsubscribedByPerson: false,
    mergeFields,
    language: body.language ?? "",
    vip: body.vip ?? false,
    emailType: body.email_type || "html",
    signedUp: caller.at,
    optedIn: status === "subscribed" ? (body.timestamp_opt ? Date.parse(body.timestamp_opt) : caller.at) : null,
    changed: caller.at,
  };
  audience.members.set(id, member);
  if (status === "subscribed") {
    caller.ledger.createdSubscribed({ account: caller.account, email, operation: caller.operation });
  }
  return member;
}

/** @throws Problem; nothing is changed then */
export function updateMember(audience: Audience, member: Member, body: MemberBody, caller: Caller): Member {
  const email = body.email_address === undefined ? member.email : readEmail(body.email_address);
  const id = memberId(email);
  if (id !== member.id && audience.forgotten.has(id)) throw forgotten(email);
  if (id !== member.id && audience.members.has(id)) throw memberExists(email);
  const mergeFields = checkMergeFields(audience, body.merge_fields ?? {}, { requireAll: false });
  if (body.status !== undefined) changeStatus(member, body.status, caller);
  Object.assign(member.mergeFields, mergeFields);
  if (body.language !== undefined) member.language = body.language;
  if (body.vip !== undefined) member.vip = body.vip;
  if (body.email_type) member.emailType = body.email_type;
  member.changed = caller.at;
  moveMember(audience, member, id, email);
  return member;
}

/**
 * A request sets a status. What the person ended, and what bounced, no request may subscribe again: only `pending`, which
 * asks the person, brings them back. A status also brings an archived member back.
 */
function changeStatus(member: Member, to: Status, caller: Caller): void {
  const inCompliance = member.status === "cleaned" || (member.status === "unsubscribed" && member.unsubscribedByPerson);
  if (inCompliance && (to === "subscribed" || to === "transactional")) {
    caller.ledger.consentRefused();
    throw complianceState(member.email);
  }
  if (to === "subscribed" && member.status !== "subscribed") {
    const { account, operation, ledger } = caller;
    ledger.consentRaised({ account, email: member.email, from: member.status, operation });
    member.optedIn = caller.at;
  }
  if (to !== member.status) member.unsubscribedByPerson = false;
  member.status = to;
  member.archived = false;
}

/** The person subscribes or unsubscribes, through a form or a link in a mail. */
export function personDecides(member: Member, decision: "subscribe" | "unsubscribe", at: number): void {
  member.status = decision === "subscribe" ? "subscribed" : "unsubscribed";
  member.unsubscribedByPerson = decision === "unsubscribe";
  member.archived = false;
  if (decision === "subscribe") member.optedIn = at;
  member.changed = at;
}

/** @throws Problem 405 for members that Mailchimp does not archive: bounced, pending, archived already */
export function archiveMember(member: Member, at: number): void {
  if (member.archived || member.status === "cleaned" || member.status === "pending") {
    throw new Problem(405, "Method Not Allowed", "This list member cannot be removed. Please contact support.");
  }
  member.archived = true;
  member.changed = at;
}

export function forgetMember(audience: Audience, member: Member): void {
  audience.activity = audience.activity.filter((each) => each.member !== member.id);
  audience.members.delete(member.id);
  for (const segment of audience.segments.values()) segment.members.delete(member.id);
  audience.forgotten.add(member.id);
}

function readEmail(email: string | undefined): string {
  const trimmed = (email ?? "").trim();
  if (isEmailAddress(trimmed)) return trimmed;
  const message = "This value should be a valid email.";
  throw invalidResource("Please provide a valid email address.", [{ field: "email_address", message }]);
}

export function moveMember(audience: Audience, member: Member, id: string, email: string): void {
  const before = member.id;
  member.email = email;
  if (id === before) return;
  member.id = id;
  audience.members.delete(before);
  audience.members.set(id, member);
  for (const segment of audience.segments.values()) {
    const entry = segment.members.get(before);
    if (entry === undefined) continue;
    segment.members.delete(before);
    segment.members.add(id, entry.at);
  }
}
