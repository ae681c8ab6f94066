import { GraphqlQueryError, HttpResponseError, HttpRequestError, HttpThrottlingError } from "@shopify/shopify-api";
import { SessionNotFoundError } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import type { AdminGraphql } from "./shop-info.server.ts";

export type AdminAnswer<T> =
  /** `restMs`: how long to wait until the shop's budget holds another call of the same cost. */
  | { outcome: "answered"; data: T; restMs: number }
  /** Throttled, or Shopify has trouble: the same call may work after this time. */
  | { outcome: "later"; afterMs: number }
  /** No repetition helps. `reason` is a sentence for the merchant and names no value. */
  | { outcome: "refused"; reason: string };

/** Sends an operation of `operations.ts` and reads its data. @throws ZodError when the answer has another shape. */
export type AskAdmin = <T>(
  operation: string,
  variables: Record<string, unknown>,
  shape: z.ZodType<T>,
) => Promise<AdminAnswer<T>>;

const cost = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
});
const answer = z.object({ data: z.unknown(), extensions: z.object({ cost: cost.optional() }).optional() });
const graphqlErrors = z.object({
  errors: z.object({
    graphQLErrors: z.array(
      z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() }),
    ),
  }),
  extensions: z.object({ cost: cost.optional() }).optional(),
});

const TROUBLE_MS = 5_000;
const LEAST_THROTTLE_MS = 1_000;
const NO_ACCESS = "Muster has no access to this shop any more. Open it once in the Shopify admin to renew it.";

/**
 * The Admin API as answers instead of exceptions.
 * @param open gives the shop's client, renewing its token when that is close to its end
 */
export function createAskAdmin(open: () => Promise<AdminGraphql>): AskAdmin {
  return async (operation, variables, shape) => {
    try {
      const graphql = await open();
      const { data, extensions } = answer.parse(await (await graphql(operation, { variables })).json());
      return { outcome: "answered", data: shape.parse(data), restMs: restAfter(extensions?.cost) };
    } catch (error) {
      const known = asAnswer(error);
      if (known) return known;
      throw error;
    }
  };
}

function restAfter(spent: z.infer<typeof cost> | undefined): number {
  if (!spent) return 0;
  const { currentlyAvailable, restoreRate } = spent.throttleStatus;
  return Math.ceil(Math.max(spent.requestedQueryCost - currentlyAvailable, 0) * (1_000 / restoreRate));
}

/** Undefined for what is a mistake of ours. The messages of these errors hold whole answers, so none of them is passed on. */
function asAnswer(error: unknown): Exclude<AdminAnswer<never>, { outcome: "answered" }> | undefined {
  if (error instanceof GraphqlQueryError) return asGraphqlAnswer(error.body);
  if (error instanceof HttpThrottlingError) {
    return { outcome: "later", afterMs: Math.max((error.response.retryAfter ?? 0) * 1_000, LEAST_THROTTLE_MS) };
  }
  if (error instanceof HttpResponseError) {
    const { code } = error.response;
    if (code >= 500) return { outcome: "later", afterMs: TROUBLE_MS };
    return { outcome: "refused", reason: [401, 403].includes(code) ? NO_ACCESS : `Shopify answered ${code}.` };
  }
  if (error instanceof HttpRequestError) return { outcome: "later", afterMs: TROUBLE_MS };
  // The refresh token ran out or was revoked; the library answers such a refresh with a Response or with no session.
  if (error instanceof SessionNotFoundError || error instanceof Response)
    return { outcome: "refused", reason: NO_ACCESS };
  return undefined;
}

function asGraphqlAnswer(body: unknown): Exclude<AdminAnswer<never>, { outcome: "answered" }> | undefined {
  const parsed = graphqlErrors.safeParse(body);
  if (!parsed.success) return undefined;
  const codes = parsed.data.errors.graphQLErrors.map(({ extensions, message }) => extensions?.code ?? message);
  if (codes.some((code) => /^throttled$/i.test(code))) {
    const rest = restAfter(parsed.data.extensions?.cost);
    return { outcome: "later", afterMs: Math.max(rest, LEAST_THROTTLE_MS) };
  }
  if (codes.includes("ACCESS_DENIED")) {
    return { outcome: "refused", reason: "Shopify denied access to some of the shop's data: a permission is missing." };
  }
  if (codes.includes("INTERNAL_SERVER_ERROR") || codes.includes("TIMEOUT"))
    return { outcome: "later", afterMs: TROUBLE_MS };
  return undefined;
}
