import { z } from "zod";
import type { AdminAnswer, AskAdmin } from "../../shopify/ask-admin.server.ts";
import { BULK_OPERATION, BULK_QUERIES, GRANTED_SCOPES, START_BULK_QUERY } from "../../shopify/operations.ts";
import type { BulkKind } from "./back-fill-store.server.ts";

type Later = Extract<AdminAnswer<never>, { outcome: "later" | "refused" }>;

const NEEDED_SCOPE: Record<BulkKind, string> = {
  products: "read_products",
  customers: "read_customers",
  orders: "read_orders",
};

const scopesShape = z.object({
  currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
});
const startShape = z.object({
  bulkOperationRunQuery: z.object({
    bulkOperation: z.object({ id: z.string(), createdAt: z.coerce.date() }).nullish(),
    userErrors: z.array(z.object({ code: z.string().nullish(), message: z.string() })),
  }),
});
const operationShape = z.object({
  bulkOperation: z
    .object({
      status: z.string(),
      errorCode: z.string().nullish(),
      rootObjectCount: z.coerce.number(),
      fileSize: z.coerce.bigint().nullish(),
      url: z.string().nullish(),
      partialDataUrl: z.string().nullish(),
    })
    .nullish(),
});

/** Every place for an operation is taken, by this app's own earlier ones: Shopify runs five at a time for an app and a shop. */
const NO_PLACE_MS = 10_000;

/** What the merchant granted. A written permission holds the reading one. */
export async function grantedScopes(
  ask: AskAdmin,
): Promise<{ outcome: "granted"; has(scope: string): boolean } | Later> {
  const answer = await ask(GRANTED_SCOPES, {}, scopesShape);
  if (answer.outcome !== "answered") return answer;
  const handles = new Set(answer.data.currentAppInstallation.accessScopes.map(({ handle }) => handle));
  const has = (scope: string): boolean => handles.has(scope) || handles.has(scope.replace(/^read_/, "write_"));
  return { outcome: "granted", has };
}

/** Why this kind cannot be read at all, or null. */
export function missingScope(kind: BulkKind, has: (scope: string) => boolean): string | null {
  const scope = NEEDED_SCOPE[kind];
  return has(scope) ? null : `Muster was not granted the permission ${scope}, so ${kind} cannot be read.`;
}

export async function startOperation(
  ask: AskAdmin,
  kind: BulkKind,
): Promise<{ outcome: "started"; id: string; at: Date } | Later> {
  const answer = await ask(START_BULK_QUERY, { query: BULK_QUERIES[kind] }, startShape);
  if (answer.outcome !== "answered") return answer;
  const { bulkOperation, userErrors } = answer.data.bulkOperationRunQuery;
  if (bulkOperation) return { outcome: "started", id: bulkOperation.id, at: bulkOperation.createdAt };
  const codes = userErrors.map(({ code }) => code);
  if (codes.includes("LIMIT_REACHED") || codes.includes("OPERATION_IN_PROGRESS")) {
    return { outcome: "later", afterMs: NO_PLACE_MS };
  }
  return { outcome: "refused", reason: `Shopify did not take the request for ${kind}.` };
}

export type OperationState =
  | { outcome: "collecting"; objects: number }
  /** `url` is null where there was nothing to collect. It admits anyone, so it is asked for again and never stored. */
  | { outcome: "collected"; objects: number; size: bigint | null; url: string | null }
  /** `partialUrl` leads to what was collected by then. */
  | { outcome: "broken"; objects: number; reason: string; partialUrl: string | null; final: boolean };

export async function operationState(ask: AskAdmin, id: string): Promise<OperationState | Later> {
  const answer = await ask(BULK_OPERATION, { id }, operationShape);
  if (answer.outcome !== "answered") return answer;
  const operation = answer.data.bulkOperation;
  if (!operation) {
    return {
      outcome: "broken",
      objects: 0,
      reason: "Shopify knows the export no more.",
      partialUrl: null,
      final: false,
    };
  }
  const { status, rootObjectCount: objects, errorCode, url = null, partialDataUrl = null } = operation;
  switch (status) {
    case "CREATED":
    case "RUNNING":
      return { outcome: "collecting", objects };
    case "COMPLETED":
      return { outcome: "collected", objects, size: operation.fileSize ?? null, url };
    default:
      return {
        outcome: "broken",
        objects,
        reason: REASONS[errorCode ?? status] ?? "Shopify ended the export without a reason.",
        partialUrl: partialDataUrl,
        final: errorCode === "ACCESS_DENIED",
      };
  }
}

const REASONS: Record<string, string> = {
  ACCESS_DENIED: "Shopify denied access to some of the data: a permission is missing.",
  TIMEOUT: "Shopify gave the export up because it took too long.",
  INTERNAL_SERVER_ERROR: "Shopify's export failed.",
  CANCELED: "The export was cancelled at Shopify.",
  CANCELING: "The export was cancelled at Shopify.",
  EXPIRED: "The export expired at Shopify before it was finished.",
};
