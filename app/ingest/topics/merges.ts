import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { gid } from "../payload.ts";

const merge = z.object({
  admin_graphql_api_customer_kept_id: gid,
  admin_graphql_api_customer_deleted_id: gid,
  status: z.string(),
});

/**
 * customers/merge. A merge that failed or is under way says nothing about anybody. The deleted customer is gone from then on,
 * whether or not Shopify announces the deletion by itself.
 */
export function customersMerged(payload: unknown, version: Version): Partial<Facts> {
  const given = merge.parse(payload);
  const deletedId = given.admin_graphql_api_customer_deleted_id;
  const keptId = given.admin_graphql_api_customer_kept_id;
  if (given.status.toLowerCase() !== "completed" || keptId === deletedId) return {};
  return {
    merges: [{ deletedId, keptId, version }],
    deletedCustomers: [{ id: deletedId, at: version.triggeredAt }],
  };
}
