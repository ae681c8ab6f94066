import { randomUUID } from "node:crypto";
import { OrderedSet } from "../ordered-set.ts";
import type { Account, Job, JobKind, Profile } from "./account.ts";
import { decideText, subscribe, suppress, unsubscribe, unsuppress } from "./consent.ts";
import { findByEmail, upsertProfile } from "./profiles.ts";
import type { ProfileResource } from "./profiles.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

/** A row of any job: the profile's resource, for consent jobs with the subscriptions in its attributes. */
export interface JobRow extends ProfileResource {
  attributes: ProfileResource["attributes"] & {
    subscriptions?: Partial<Record<"email" | "sms" | "whatsapp", { marketing?: unknown } | null>>;
  };
}

const OPERATIONS: Record<JobKind, string> = {
  import: "bulk_import_profiles",
  subscribe: "bulk_subscribe_profiles",
  unsubscribe: "bulk_unsubscribe_profiles",
  suppress: "bulk_suppress_profiles",
  unsuppress: "bulk_unsuppress_profiles",
};

export function queueJob(
  account: Account,
  job: { kind: JobKind; rows: JobRow[]; lists: string[]; historical?: boolean },
  at: number,
  world: World,
): Job {
  const queued: Job = {
    id: world.newId("job"),
    created: at,
    total: job.rows.length,
    historical: false,
    ...job,
    completed: null,
    profiles: new OrderedSet(),
    errors: [],
    skipped: 0,
  };
  account.jobs.set(queued.id, queued);
  account.queue.push(queued);
  return queued;
}

/** A job stands in the queue for the first third of its time and has its whole effect at the end. */
export function jobStatus(job: Job, now: number, jobMillis: number): "queued" | "processing" | "complete" {
  if (job.completed !== null) return "complete";
  return now < job.created + jobMillis / 3 ? "queued" : "processing";
}

/** Runs, in order, the jobs whose time has come; called before anything reads or changes the account. */
export function runDueJobs(account: Account, now: number, world: World): void {
  for (let job = account.queue[0]; job !== undefined; job = account.queue[0]) {
    const due = job.created + world.jobMillis;
    if (due > now) return;
    account.queue.shift();
    job.completed = due;
    run(account, job, due, world);
    job.rows = [];
  }
}

function run(account: Account, job: Job, at: number, world: World): void {
  const fails = job.kind === "import" ? world.faults.rows() : null;
  for (const [index, row] of (job.rows as JobRow[]).entries()) {
    try {
      if (fails?.() === true) throw interrupted();
      runRow(account, job, row, at, world);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      noteRowError(job, index, row, error);
    }
  }
  if (job.kind === "suppress" || job.kind === "unsuppress") runSuppressionOfLists(account, job, at, world);
}

function runRow(account: Account, job: Job, row: JobRow, at: number, world: World): void {
  if (job.kind === "unsuppress") {
    const profile = findByEmail(account, row.attributes.email ?? "");
    if (profile === null) job.skipped += 1;
    else changeSuppression(job, profile, at, world);
    return;
  }
  const { email, phone_number } = row.attributes;
  const identifiers = { ...(email ? { email } : {}), ...(phone_number ? { phone_number } : {}) };
  const resource = job.kind === "import" ? row : { ...row, attributes: identifiers };
  const { profile, created } = upsertProfile(account, resource, {
    at,
    newId: () => world.newId("profile"),
    nullClears: false,
  });
  job.profiles.add(profile.id, at);
  if (job.kind === "import") addToLists(account, job, profile, at);
  if (job.kind === "subscribe") subscribeRow(account, job, profile, created, at, world);
  if (job.kind === "unsubscribe") {
    const { email: byMail, sms: byText, whatsapp } = row.attributes.subscriptions ?? {};
    if (byText?.marketing) decideText(profile, "sms", "UNSUBSCRIBED", at);
    if (whatsapp?.marketing) decideText(profile, "whatsApp", "UNSUBSCRIBED", at);
    if (byMail?.marketing) unsubscribeRow(account, job, profile, created, at, world);
  }
  if (job.kind === "suppress") changeSuppression(job, profile, at, world);
}

/** With double opt-in, or without a list and single opt-in being the account's default: see the README. */
function subscribeRow(account: Account, job: Job, profile: Profile, created: boolean, at: number, world: World): void {
  const list = account.lists.get(job.lists[0] ?? "");
  if (list?.optIn === "double_opt_in" && !job.historical) return;
  subscribe(account, profile, at, actor(job, created, world));
  addToLists(account, job, profile, at);
}

/** A profile that is not in the list named is unsubscribed altogether, as Klaviyo warns. */
function unsubscribeRow(
  account: Account,
  job: Job,
  profile: Profile,
  created: boolean,
  at: number,
  world: World,
): void {
  const list = account.lists.get(job.lists[0] ?? "");
  if (list?.members.delete(profile.id)) profile.consent.listSuppressions.push({ list: list.id, at });
  else unsubscribe(profile, at, actor(job, created, world));
}

function addToLists(account: Account, job: Job, profile: Profile, at: number): void {
  for (const id of job.lists) account.lists.get(id)?.members.add(profile.id, at);
}

function runSuppressionOfLists(account: Account, job: Job, at: number, world: World): void {
  for (const list of job.lists) {
    for (const { id } of account.lists.get(list)?.members.list() ?? []) {
      const profile = account.profiles.get(id);
      if (profile !== undefined) changeSuppression(job, profile, at, world);
    }
  }
}

function changeSuppression(job: Job, profile: Profile, at: number, world: World): void {
  if (job.kind === "suppress") suppress(profile, "USER_SUPPRESSED", at);
  else unsuppress(profile, world.ledger);
}

function actor(job: Job, created: boolean, world: World) {
  return { by: "request" as const, operation: OPERATIONS[job.kind], ledger: world.ledger, created };
}

function noteRowError(job: Job, index: number, payload: JobRow, { problem }: Refusal): void {
  const inRow = (problem.source?.pointer ?? "/data").replace(/^\/data/, "");
  job.errors.push({
    position: index + 1,
    id: randomUUID(),
    code: problem.code,
    title: problem.title,
    detail: problem.detail,
    pointer: `/data/attributes/profiles/data/${index}${inRow}`,
    payload,
  });
}

function interrupted(): Refusal {
  return new Refusal({
    status: 500,
    code: "error",
    title: "A server error occurred.",
    detail: "This profile could not be imported. Please try again.",
  });
}
