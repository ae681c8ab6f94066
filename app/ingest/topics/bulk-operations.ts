import { z } from "zod";
import type { Facts } from "../facts.ts";
import { gid } from "../payload.ts";

const finished = z.object({ admin_graphql_api_id: gid });

/** bulk_operations/finish, whatever came of it: the back-fill asks for the operation's state itself. */
export function bulkOperationFinished(payload: unknown): Partial<Facts> {
  return { finishedBulkOperations: [finished.parse(payload).admin_graphql_api_id] };
}
