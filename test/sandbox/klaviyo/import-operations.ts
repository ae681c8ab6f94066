import type { Answer } from "../http.ts";
import type { Job } from "./account.ts";
import { countRows, listWithId, view } from "./call.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import { queueJob } from "./jobs.ts";
import type { JobRow } from "./jobs.ts";
import { page } from "./paging.ts";
import { MAX_PROFILE_BYTES, profileWithId } from "./profiles.ts";
import { invalid, notFound } from "./refusal.ts";
import { importErrorResource, importJobResource, profileResource } from "./render.ts";

export function bulkImport(call: Call): Answer {
  const { data } = readBody<{
    data: { attributes: { profiles: { data: JobRow[] } }; relationships?: { lists?: { data: { id: string }[] } } };
  }>(call.operation, call.request.body);
  const rows = data.attributes.profiles.data;
  countRows(rows, 10_000);
  for (const [index, row] of rows.entries()) {
    if (Buffer.byteLength(JSON.stringify(row)) > MAX_PROFILE_BYTES) {
      throw invalid("A profile is larger than 100 KB.", { pointer: `/data/attributes/profiles/data/${index}` });
    }
  }
  const lists = (data.relationships?.lists?.data ?? []).map(({ id }) => listWithId(call.account, id).id);
  const job = queueJob(call.account, { kind: "import", rows, lists }, call.at, call.world);
  return { status: 202, body: { data: jobView(call, job) } };
}

export function getImportJob(call: Call): Answer {
  return { status: 200, body: { data: jobView(call, importJob(call)) } };
}

export function getImportErrors(call: Call): Answer {
  const { items, links } = page(call.request, call.query, importJob(call).errors, 20);
  const fields = call.query.many("fields[import-error]");
  return { status: 200, body: { data: items.map((error) => importErrorResource(error, fields)), links } };
}

export function getImportedProfiles(call: Call): Answer {
  const { items, links } = page(call.request, call.query, importJob(call).profiles.list(), 20);
  const data = items.map(({ id }) => profileResource(profileWithId(call.account, id), view(call)));
  return { status: 200, body: { data, links } };
}

function importJob(call: Call): Job {
  const id = call.params[0] ?? "";
  const job = call.account.jobs.get(id);
  if (job?.kind !== "import") throw notFound("profile-bulk-import-job", id);
  return job;
}

function jobView(call: Call, job: Job) {
  const fields = call.query.many("fields[profile-bulk-import-job]");
  return importJobResource(job, call.request.origin, call.at, call.world.jobMillis, fields);
}
