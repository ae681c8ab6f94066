import { z } from "zod";
import { TRY_AGAIN, toRetry } from "../answers.ts";
import type { MemberOutcome, Person } from "../destination.ts";
import { withoutAddresses } from "../http.ts";
import { Refused, RetryLater } from "../retry-classes.ts";
import { chunk } from "../chunk.ts";
import type { ImportError, KlaviyoClient } from "./client.ts";
import { blamesRequest, isAboutExternalId, namesField, readRefusal, refusedAlone, rejected } from "./refusal.ts";

export type Imported = { outcome: "imported"; profileId: string } | MemberOutcome;

export interface ImportOptions {
  client: KlaviyoClient;
  /** How many single imports could start now. */
  singlesAvailable(): Promise<number>;
  sleep(ms: number): Promise<void>;
}

/** Klaviyo asks that a few profiles be sent one by one and the bulk job be kept for many. */
const FEWEST_IN_A_JOB = 50;
/** 10,000 are allowed, and 5 MB. */
const MOST_IN_A_JOB = 10_000;
const SINGLES_AT_ONCE = 10;
const JOB_PATIENCE_MS = 60_000;
const RETRY_UNFINISHED_JOB_MS = 15_000;

/** Makes sure that everyone has a profile at Klaviyo and tells its id. Touches no consent. */
export async function importPeople(people: readonly Person[], options: ImportOptions): Promise<Map<Person, Imported>> {
  const few = people.length < FEWEST_IN_A_JOB && people.length <= (await options.singlesAvailable());
  if (few) return importSingly(people, options, needsExternalId);
  // A bulk job leaves a property as it is that is sent as null; the single import clears it
  // (https://developers.klaviyo.com/en/docs/use_klaviyos_bulk_profile_import_api).
  const clearing = people.filter(clearsSomething);
  const imported = await importSingly(clearing, options, needsExternalId);
  const others = clearing.length === 0 ? people : people.filter((person) => !clearsSomething(person));
  for (const some of chunk(others, MOST_IN_A_JOB)) {
    for (const [person, result] of await importInAJob(some, options)) imported.set(person, result);
  }
  return imported;
}

/** Told once, with the first import: a person whose address changed would otherwise clash with the profile of the old one. */
function needsExternalId(person: Person): boolean {
  return person.remoteId === null;
}

function clearsSomething({ remoteId, traits }: Person): boolean {
  return remoteId !== null && traits !== null && Object.values(traits).includes(null);
}

async function importSingly(
  people: readonly Person[],
  { client }: ImportOptions,
  withExternalId: (person: Person) => boolean,
): Promise<Map<Person, Imported>> {
  const imported = new Map<Person, Imported>();
  for (const some of chunk(people, SINGLES_AT_ONCE)) {
    await Promise.all(
      some.map(async (person) => imported.set(person, await importOne(person, client, withExternalId(person)))),
    );
  }
  return imported;
}

async function importOne(person: Person, client: KlaviyoClient, withExternalId: boolean): Promise<Imported> {
  try {
    return { outcome: "imported", profileId: await client.importProfile(person, withExternalId) };
  } catch (error) {
    if (error instanceof RetryLater) return toRetry(error);
    if (!(error instanceof Refused)) throw error;
    const refusal = readRefusal(error);
    if (withExternalId && refusal !== null && isAboutExternalId(refusal)) return importOne(person, client, false);
    return refusedAlone(error);
  }
}

async function importInAJob(people: readonly Person[], options: ImportOptions): Promise<Map<Person, Imported>> {
  const { client } = options;
  try {
    const jobId = await client.createImport(people, needsExternalId);
    const state = await followToItsEnd(jobId, options);
    if (state === null)
      return forAll(people, { outcome: "retry", afterMs: RETRY_UNFINISHED_JOB_MS, countsAsAttempt: true });
    const errors =
      state.failed > 0 ? attribute(await client.importErrors(jobId), people) : new Map<Person, ImportError>();
    const imported = await readIds(
      people.filter((person) => !errors.has(person)),
      client,
    );
    for (const [person, result] of await judge(errors, options)) imported.set(person, result);
    return imported;
  } catch (error) {
    if (error instanceof RetryLater) return forAll(people, toRetry(error));
    if (!(error instanceof Refused)) throw error;
    return importHalves(people, error, options);
  }
}

/** A job refused whole is halved until what Klaviyo will not have is alone. */
async function importHalves(
  people: readonly Person[],
  error: Refused,
  options: ImportOptions,
): Promise<Map<Person, Imported>> {
  if (people.length <= SINGLES_AT_ONCE) return importSingly(people, options, needsExternalId);
  // A job that Klaviyo does not know any more says nothing of who was in it.
  if (!blamesRequest(error)) return forAll(people, TRY_AGAIN);
  const middle = people.length >> 1;
  const left = await importInAJob(people.slice(0, middle), options);
  const right = await importInAJob(people.slice(middle), options);
  return new Map([...left, ...right]);
}

/** The job's last state, or null when it takes longer than we care to wait: importing again is harmless. */
async function followToItsEnd(jobId: string, { client, sleep }: ImportOptions): Promise<{ failed: number } | null> {
  let waited = 0;
  for (let pause = 250; waited < JOB_PATIENCE_MS; pause = Math.min(pause * 2, 8_000)) {
    await sleep(pause);
    waited += pause;
    const { status, failed } = await client.readImport(jobId);
    if (status === "complete") return { failed };
    if (status === "cancelled") return null;
  }
  return null;
}

const payload = z.object({
  email: z.string().optional(),
  attributes: z.object({ email: z.string().optional() }).optional(),
});

/** Whose error is it: by the address in the payload Klaviyo gives back, else by the position in the request. */
function attribute(errors: readonly ImportError[], people: readonly Person[]): Map<Person, ImportError> {
  const byEmail = new Map(people.map((person) => [person.email.toLowerCase(), person]));
  const found = new Map<Person, ImportError>();
  for (const error of errors) {
    const given = payload.safeParse(error.original_payload).data;
    const email = given?.attributes?.email ?? given?.email;
    const position = /\/profiles\/data\/(\d+)/.exec(error.source?.pointer ?? "")?.[1];
    const person = email === undefined ? people[Number(position ?? NaN)] : byEmail.get(email.toLowerCase());
    if (person) found.set(person, error);
  }
  return found;
}

/**
 * A row's error that names none of the person's fields may be trouble of Klaviyo's own, however often it comes: what is the matter it says of
 * whoever is sent alone, and of an outage that is nothing about them. Of many, some are asked about each time.
 */
async function judge(errors: ReadonlyMap<Person, ImportError>, options: ImportOptions): Promise<Map<Person, Imported>> {
  const imported = new Map<Person, Imported>();
  const clashing: Person[] = [];
  const unexplained: Person[] = [];
  for (const [person, { code, detail, source }] of errors) {
    const refusal = { code, words: withoutAddresses(detail), pointer: source?.pointer ?? "" };
    if (isAboutExternalId(refusal)) clashing.push(person);
    else if (namesField(refusal)) imported.set(person, rejected(refusal));
    else unexplained.push(person);
  }
  const now = unexplained.length === 0 ? 0 : Math.min(FEWEST_IN_A_JOB, await options.singlesAvailable());
  const alone = await importSingly(unexplained.slice(0, now), options, needsExternalId);
  const withoutIt = await importSingly(clashing, options, () => false);
  return new Map([...imported, ...forAll(unexplained.slice(now), TRY_AGAIN), ...alone, ...withoutIt]);
}

/** An imported profile that cannot be found yet is asked for again later. */
async function readIds(people: readonly Person[], client: KlaviyoClient): Promise<Map<Person, Imported>> {
  const ids = await client.findIds(people.map((person) => person.email));
  return new Map(
    people.map((person): [Person, Imported] => {
      const found = ids.get(person.email.toLowerCase());
      if (found === undefined) return [person, TRY_AGAIN];
      return [person, found instanceof RetryLater ? toRetry(found) : { outcome: "imported", profileId: found }];
    }),
  );
}

function forAll(people: readonly Person[], result: Imported): Map<Person, Imported> {
  return new Map(people.map((person) => [person, result]));
}
