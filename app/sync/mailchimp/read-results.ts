import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { filesOfTar } from "../../platform/tar.ts";
import { TRY_AGAIN } from "../answers.ts";
import type { MemberOutcome } from "../destination.ts";
import { isTransient } from "../http.ts";
import { Refused } from "../retry-classes.ts";
import { rejectedBy } from "./refusal.ts";

const rows = z.array(
  z.object({ status_code: z.number(), operation_id: z.string().nullish(), response: z.string().nullish() }),
);

/** A batch of 500 has some hundred kilobytes. */
const MOST_BYTES_UNPACKED = 32 * 1024 * 1024;

const unpack = promisify(gunzip);

/**
 * What became of each operation of a batch, by its id: the archive is a gzipped tar of JSON files, each with some of the results.
 * @throws when it cannot be read to its end.
 */
export async function readResults(archive: Buffer): Promise<Map<string, MemberOutcome>> {
  const outcomes = new Map<string, MemberOutcome>();
  for (const { name, content } of filesOfTar(await unpack(archive, { maxOutputLength: MOST_BYTES_UNPACKED }))) {
    if (!name.endsWith(".json")) continue;
    for (const row of rows.parse(JSON.parse(content.toString("utf8")))) {
      if (row.operation_id) outcomes.set(row.operation_id, outcomeOf(row.status_code, row.response ?? ""));
    }
  }
  return outcomes;
}

/** As the answer to a call of its own would be taken, except that trouble with the key is left to the next call to tell. */
function outcomeOf(status: number, response: string): MemberOutcome {
  if (status >= 200 && status < 300) return { outcome: "done" };
  if (isTransient(status)) return { ...TRY_AGAIN, countsAsAttempt: status !== 429 };
  // Whoever is no contact any more is created by the next pass.
  if (status === 404) return TRY_AGAIN;
  if (status === 401 || status === 403 || status === 410) return TRY_AGAIN;
  return rejectedBy(new Refused(status, parsed(response)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
