import { TRY_AGAIN } from "../answers.ts";
import { bisect } from "../bisect.ts";
import type { MemberOutcome, Person } from "../destination.ts";
import { changeSegment } from "./change-segment.ts";
import type { MailchimpClient } from "./client.ts";
import { rejectedBy, rejectedRow } from "./refusal.ts";
import { standingOf } from "./standing.ts";
import type { WriteTraits } from "./write-traits.ts";

const ARCHIVED: MemberOutcome = {
  outcome: "rejected",
  code: "contact_archived",
  words: "The contact was archived at Mailchimp; bringing it back would decide over its consent.",
};

/**
 * Puts up to 500 people into a segment: the contacts among them straight away, the others after they were created.
 * Contacts keep their status. Archived ones are left alone: creating them anew would subscribe whoever had not been.
 */
export async function addPeople(
  client: MailchimpClient,
  segmentId: string,
  people: readonly Person[],
  write: WriteTraits,
): Promise<Map<Person, MemberOutcome>> {
  const outcomes = new Map<Person, MemberOutcome>(people.map((person) => [person, { outcome: "done" }]));
  const first = await changeSegment(client, segmentId, "add", people);
  for (const [person, outcome] of first.refused) outcomes.set(person, outcome);

  const absent: Person[] = [];
  const standing = await standingOf(
    client,
    segmentId,
    first.unsure.map((person) => person.email),
  );
  for (const person of first.unsure) {
    const where = standing.get(person.email);
    if (where === "archived") outcomes.set(person, ARCHIVED);
    else if (where !== "in") absent.push(person);
  }
  const present = people.filter((person) => !absent.includes(person));
  await writeTraits(write, present, outcomes);
  if (absent.length === 0) return outcomes;

  const { refused, existing } = await createContacts(client, absent);
  for (const [person, outcome] of refused) outcomes.set(person, outcome);
  await writeTraits(write, existing, outcomes);
  const created = absent.filter((person) => !refused.has(person));
  const second = await changeSegment(client, segmentId, "add", created);
  for (const [person, outcome] of second.refused) outcomes.set(person, outcome);
  for (const person of second.unsure) outcomes.set(person, TRY_AGAIN);
  return outcomes;
}

/**
 * As `addPeople`, for many of whom most are likely to be no contacts yet: creates first, which leaves contacts as they are and says
 * so, and then changes the segment. Two calls instead of four.
 * @param archive the archived addresses, in lower case.
 */
export async function addMany(
  client: MailchimpClient,
  segmentId: string,
  people: readonly Person[],
  archive: () => Promise<ReadonlySet<string>>,
  write: WriteTraits,
): Promise<Map<Person, MemberOutcome>> {
  const archived = await archive();
  const outcomes = new Map<Person, MemberOutcome>(people.map((person) => [person, { outcome: "done" }]));
  for (const person of people) if (archived.has(person.email.toLowerCase())) outcomes.set(person, ARCHIVED);
  const { refused, existing } = await createContacts(
    client,
    people.filter((person) => outcomes.get(person) !== ARCHIVED),
  );
  for (const [person, outcome] of refused) outcomes.set(person, outcome);
  const present = people.filter((person) => outcomes.get(person)?.outcome === "done");
  const changed = await changeSegment(client, segmentId, "add", present);
  for (const [person, outcome] of changed.refused) outcomes.set(person, outcome);
  const standing = await standingOf(
    client,
    segmentId,
    changed.unsure.map((person) => person.email),
  );
  for (const person of changed.unsure) if (standing.get(person.email) !== "in") outcomes.set(person, TRY_AGAIN);
  await writeTraits(write, existing, outcomes);
  return outcomes;
}

/** Of those who are in the segment now, and of whom there is something to write. */
async function writeTraits(
  write: WriteTraits,
  people: readonly Person[],
  outcomes: Map<Person, MemberOutcome>,
): Promise<void> {
  const writable = people.filter((person) => person.traits !== null && outcomes.get(person)?.outcome === "done");
  for (const [person, outcome] of await write(writable)) outcomes.set(person, outcome);
}

async function createContacts(
  client: MailchimpClient,
  people: readonly Person[],
): Promise<{ refused: Map<Person, MemberOutcome>; existing: Person[] }> {
  const outcomes = new Map<Person, MemberOutcome>();
  const existing: Person[] = [];
  const refusals = await bisect(people, async (part) => {
    const byAddress = new Map(part.map((person) => [person.email.toLowerCase(), person]));
    for (const error of await client.createMembers(part)) {
      const person = byAddress.get(error.email_address.toLowerCase());
      if (!person) continue;
      if (error.error_code === "ERROR_CONTACT_EXISTS") existing.push(person);
      else outcomes.set(person, rejectedRow(error));
    }
  });
  for (const [person, refused] of refusals) outcomes.set(person, rejectedBy(refused));
  return { refused: outcomes, existing };
}
