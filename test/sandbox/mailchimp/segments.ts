import { OrderedSet } from "../ordered-set.ts";
import type { Audience, Member, Segment } from "./audience.ts";
import { memberId } from "./members.ts";
import { Problem, notFound } from "./problem.ts";

/** Which statuses beside `subscribed` a reading asks for; pending and archived members are never shown. */
export interface Included {
  cleaned: boolean;
  transactional: boolean;
  unsubscribed: boolean;
}

export interface SegmentChange {
  added: Member[];
  removed: Member[];
  errors: { email_addresses: string[]; error: string }[];
}

/** @throws Problem when the name is taken, in whatever case */
export function createSegment(audience: Audience, id: number, name: string, emails: string[], at: number): Segment {
  if (findByName(audience, name) !== null) throw new Problem(400, "Bad Request", "Sorry, that tag already exists.");
  const segment: Segment = { id, name, created: at, updated: at, members: new OrderedSet() };
  for (const email of emails) {
    const member = present(audience, email);
    if (member !== null) segment.members.add(member.id, at);
  }
  audience.segments.set(id, segment);
  return segment;
}

export function findSegment(audience: Audience, part: string): Segment {
  const segment = audience.segments.get(Number(part));
  if (segment === undefined) throw notFound();
  return segment;
}

/** Who is in already, or not in, is neither added nor removed and no error; who is not in the audience is an error. */
export function changeSegment(
  audience: Audience,
  segment: Segment,
  change: { add: string[]; remove: string[]; fails: (() => boolean) | null },
  at: number,
): SegmentChange {
  const absent: string[] = [];
  const failed: string[] = [];
  const each = (emails: string[], apply: (member: Member) => boolean): Member[] => {
    const changed: Member[] = [];
    for (const email of emails) {
      const member = present(audience, email);
      if (change.fails?.() === true) failed.push(email);
      else if (member === null) absent.push(email);
      else if (apply(member)) changed.push(member);
    }
    return changed;
  };
  const added = each(change.add, (member) => segment.members.add(member.id, at));
  const removed = each(change.remove, (member) => segment.members.delete(member.id));
  segment.updated = at;
  const errors = [
    { email_addresses: absent, error: "Email addresses are not members of this list." },
    { email_addresses: failed, error: "An internal error occurred; these addresses were not processed." },
  ];
  return { added, removed, errors: errors.filter(({ email_addresses }) => email_addresses.length > 0) };
}

/** Tags are static segments by name; a tag that does not exist is created when it is set. */
export function setTag(
  audience: Audience,
  member: Member,
  name: string,
  active: boolean,
  newId: () => number,
  at: number,
) {
  let segment = findByName(audience, name);
  if (segment === null && !active) return;
  segment ??= createSegment(audience, newId(), name, [], at);
  if (active) segment.members.add(member.id, at);
  else segment.members.delete(member.id);
}

export function tagsOf(audience: Audience, member: Member): { id: number; name: string; at: number }[] {
  return [...audience.segments.values()].flatMap(({ id, name, members }) => {
    const entry = members.get(member.id);
    return entry === undefined ? [] : [{ id, name, at: entry.at }];
  });
}

export function membersOf(audience: Audience, segment: Segment, included: Included): Member[] {
  return segment.members.list().flatMap(({ id }) => {
    const member = audience.members.get(id);
    return member !== undefined && isShown(member, included) ? [member] : [];
  });
}

function isShown({ status, archived }: Member, included: Included): boolean {
  if (archived || status === "pending") return false;
  return status === "subscribed" || included[status];
}

function present(audience: Audience, email: string): Member | null {
  const member = audience.members.get(memberId(email));
  return member === undefined || member.archived ? null : member;
}

function findByName(audience: Audience, name: string): Segment | null {
  const lower = name.toLowerCase();
  return [...audience.segments.values()].find((segment) => segment.name.toLowerCase() === lower) ?? null;
}
