import { z } from "zod";

export interface PageInfo {
  hasNextPage: boolean;
  endCursor?: string | null | undefined;
}

/** A page of a connection, asked for as `nodes` and `pageInfo { hasNextPage endCursor }`. */
export function pageOf<Node extends z.ZodType>(node: Node) {
  return z.object({
    nodes: z.array(node),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  });
}
