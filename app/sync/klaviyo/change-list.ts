import { toRetry } from "../answers.ts";
import { bisect } from "../bisect.ts";
import { chunk } from "../chunk.ts";
import type { MemberOutcome } from "../destination.ts";
import { PauseAudience, Refused, RetryLater } from "../retry-classes.ts";
import type { KlaviyoClient } from "./client.ts";

/** `refused`: Klaviyo will not do it for this profile id; what that means depends on what was asked. */
export type Changed = MemberOutcome | { outcome: "refused"; refused: Refused };

/** Profile ids in one list call. */
const MOST_IDS = 1_000;

/**
 * Puts profiles on a list or takes them off it, with an answer for each.
 * @throws PauseAudience when the list does not exist any more; PauseConnection.
 */
export async function changeList(
  client: KlaviyoClient,
  listId: string,
  action: "add" | "remove",
  profileIds: readonly string[],
): Promise<Map<string, Changed>> {
  const send = async (ids: readonly string[]): Promise<void> => {
    try {
      await (action === "add" ? client.addToList(listId, ids) : client.removeFromList(listId, ids));
    } catch (error) {
      // 404 is said of a missing list and of a missing profile alike.
      if (isMissing(error)) await assertListExists(client, listId);
      throw error;
    }
  };
  const changed = new Map<string, Changed>();
  for (const ids of chunk(profileIds, MOST_IDS)) {
    try {
      const refusals = await bisect(ids, send);
      for (const id of ids) changed.set(id, { outcome: "done", remoteId: id });
      for (const [id, refused] of refusals) changed.set(id, { outcome: "refused", refused });
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      for (const id of ids) changed.set(id, toRetry(error));
    }
  }
  return changed;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Refused && error.status === 404;
}

export function listGone(): PauseAudience {
  return new PauseAudience("The list was deleted at Klaviyo");
}

async function assertListExists(client: KlaviyoClient, listId: string): Promise<void> {
  try {
    await client.readList(listId);
  } catch (error) {
    throw isMissing(error) ? listGone() : error;
  }
}
