import type { Download } from "../../platform/download.server.ts";
import type { MemberOutcome } from "../destination.ts";
import { Refused, RetryLater } from "../retry-classes.ts";
import type { MailchimpClient } from "./client.ts";
import { readResults } from "./read-results.ts";
import { isMissing } from "./refusal.ts";

export interface FollowOptions {
  client: MailchimpClient;
  download: Download;
  sleep(ms: number): Promise<void>;
}

export type Followed =
  /** What became of each operation, by its id. */
  | { outcome: "finished"; results: Map<string, MemberOutcome> }
  /** Mailchimp is not through with it. */
  | { outcome: "running" }
  /** It ran, or somebody stopped it, and what became of it cannot be had. */
  | { outcome: "unknown" };

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;
/** Together with what a pass does before and after, less than the lease of its members. */
const PATIENCE_MS = 16_000;
const MOST_BYTES = 8 * 1024 * 1024;
const READ_ATTEMPTS = 3;

/** Follows a batch as long as its members are ours, reads what became of it and removes it. Throws the retry classes. */
export async function followBatch(id: string, options: FollowOptions): Promise<Followed> {
  const { client, sleep } = options;
  try {
    let waited = 0;
    for (let pause = FIRST_PAUSE_MS; waited < PATIENCE_MS; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await sleep(pause);
      waited += pause;
      if ((await client.batch(id)).status !== "finished") continue;
      const results = await resultsOf(id, options);
      await removeBatch(client, id);
      return results ? { outcome: "finished", results } : { outcome: "unknown" };
    }
    return { outcome: "running" };
  } catch (error) {
    if (isMissing(error)) return { outcome: "unknown" };
    throw error;
  }
}

/** The address of the results is good for ten minutes, and asking for the batch makes another one. */
async function resultsOf(id: string, { client, download }: FollowOptions): Promise<Map<string, MemberOutcome> | null> {
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt += 1) {
    const { response_body_url: url } = await client.batch(id);
    const file = url ? await download(url, MOST_BYTES) : null;
    if (file?.outcome !== "downloaded") continue;
    try {
      return await readResults(file.content);
    } catch {
      // Cut off on its way, or no archive at all.
    }
  }
  return null;
}

/** Stops it if it is running. One that stays behind goes by itself after a week. */
export async function removeBatch(client: MailchimpClient, id: string): Promise<void> {
  await client.deleteBatch(id).catch((error: unknown) => {
    if (!(error instanceof Refused) && !(error instanceof RetryLater)) throw error;
  });
}
