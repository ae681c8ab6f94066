import { createHash } from "node:crypto";
import { TRY_AGAIN, toRetry } from "../answers.ts";
import type { MemberOutcome, Person } from "../destination.ts";
import type { KeptBatches } from "../kept-batches.server.ts";
import { Refused, RetryLater } from "../retry-classes.ts";
import { type MailchimpClient, memberUpdate } from "./client.ts";
import { followBatch, type FollowOptions, removeBatch } from "./follow-batch.ts";
import { rejectedBy } from "./refusal.ts";

/** Writes names and traits of contacts who exist, at most 500; their status stays what it is. */
export type WriteTraits = (people: readonly Person[]) => Promise<Map<Person, MemberOutcome>>;

export type Batches = Omit<FollowOptions, "client"> & { kept: KeptBatches };

/** A batch is half a dozen calls, however many it writes, and takes its time. */
const FEWEST_IN_A_BATCH = 100;
const STILL_RUNNING = { outcome: "retry", afterMs: 15_000, countsAsAttempt: false } as const satisfies MemberOutcome;

/**
 * Updates contacts one by one, or many in a batch that Mailchimp works on by itself (a batch of members, which would be one call,
 * also changes their status). What an earlier batch has written, or still is to write, is not sent again.
 * @param batches null: one by one, always.
 */
export function createTraitWriter(client: MailchimpClient, segmentId: string, batches: Batches | null): WriteTraits {
  if (batches === null) return (people) => writeSingly(client, people);
  const options = { ...batches, client, segmentId };
  let earlier: Promise<Earlier> | undefined;
  return async (people) => {
    const outcomes = new Map<Person, MemberOutcome>();
    if (people.length === 0) return outcomes;
    const { written, isOpen } = await (earlier ??= followEarlier(options));
    const others = people.filter((person) => {
      const mark = markOf(client, person);
      const before = written.get(memberOf(mark));
      if (before?.mark === mark) outcomes.set(person, before.outcome);
      return before?.mark !== mark;
    });
    // Mailchimp runs one batch after the other: by a call of its own a newer value would overtake the one in an open batch.
    const few = others.length < FEWEST_IN_A_BATCH && !isOpen;
    const rest = few ? await writeSingly(client, others) : await writeInABatch(others, options);
    return new Map([...outcomes, ...rest]);
  };
}

interface Earlier {
  /** The last that was written of a member, and what became of it. */
  written: Map<string, { mark: string; outcome: MemberOutcome }>;
  /** One of them is not through yet. */
  isOpen: boolean;
}

type Options = FollowOptions & { kept: KeptBatches; segmentId: string };

/** Follows what a process left behind that died, or that had to let go of it. */
async function followEarlier(options: Options): Promise<Earlier> {
  const { client, kept, segmentId } = options;
  const all = await kept.take(segmentId);
  const followed = await Promise.all(
    all.map(async ({ id, marks, isOurs, isStale }) => {
      if (!isOurs) return { marks, results: null };
      if (!isStale) return { marks, results: await settle(id, options) };
      await removeBatch(client, id);
      await kept.forget(segmentId, id);
      return { marks: [], results: null };
    }),
  );
  const written: Earlier["written"] = new Map();
  for (const { marks, results } of followed) {
    for (const mark of marks) {
      const outcome = results === null ? STILL_RUNNING : results.get(mark);
      if (outcome) written.set(memberOf(mark), { mark, outcome });
      else written.delete(memberOf(mark));
    }
  }
  return { written, isOpen: followed.some(({ marks, results }) => marks.length > 0 && results === null) };
}

async function writeInABatch(people: readonly Person[], options: Options): Promise<Map<Person, MemberOutcome>> {
  const { client, kept, segmentId } = options;
  if (people.length === 0) return new Map();
  try {
    const marked = new Map(people.map((person) => [markOf(client, person), person]));
    const id = await client.createBatch([...marked].map(([mark, person]) => ({ person, id: mark })));
    await kept.keep(segmentId, { id, marks: [...marked.keys()] });
    const results = await settle(id, options);
    if (results === null) return forAll(people, STILL_RUNNING);
    const outcomes = new Map([...marked].map(([mark, person]) => [person, results.get(mark)]));
    const unanswered = people.filter((person) => outcomes.get(person) === undefined);
    // Its results cannot be had; writing the same again is harmless, and each call tells what became of it.
    const rest = unanswered.length === people.length ? await writeSingly(client, people) : new Map();
    return new Map(
      people.map((person): [Person, MemberOutcome] => [person, outcomes.get(person) ?? rest.get(person) ?? TRY_AGAIN]),
    );
  } catch (error) {
    // A batch that was created and whose answer got lost runs unseen: it writes what is sent again.
    if (error instanceof RetryLater) return forAll(people, toRetry(error));
    if (error instanceof Refused) return writeSingly(client, people);
    throw error;
  }
}

/** @returns what became of each operation, as far as that can be had; null: it is not through, and whoever comes next may follow it. */
async function settle(id: string, options: Options): Promise<Map<string, MemberOutcome> | null> {
  const { kept, segmentId } = options;
  try {
    const followed = await followBatch(id, options);
    if (followed.outcome !== "running") {
      await kept.forget(segmentId, id);
      return followed.outcome === "finished" ? followed.results : new Map();
    }
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
  }
  await kept.release(segmentId, id);
  return null;
}

async function writeSingly(client: MailchimpClient, people: readonly Person[]): Promise<Map<Person, MemberOutcome>> {
  const written = people.map(async (person): Promise<[Person, MemberOutcome]> => {
    try {
      await client.updateMember(person);
      return [person, { outcome: "done" }];
    } catch (error) {
      if (error instanceof RetryLater) return [person, toRetry(error)];
      if (error instanceof Refused) return [person, rejectedBy(error)];
      throw error;
    }
  });
  return new Map(await Promise.all(written));
}

/** Who, and what is written of them: the id of an operation, known again after a restart. */
function markOf(client: MailchimpClient, person: Person): string {
  const { path, body } = memberUpdate(client.listId, person);
  return `${digest(path)}.${digest(JSON.stringify(body))}`;
}

function memberOf(mark: string): string {
  return mark.slice(0, mark.indexOf("."));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

function forAll(people: readonly Person[], outcome: MemberOutcome): Map<Person, MemberOutcome> {
  return new Map(people.map((person) => [person, outcome]));
}
