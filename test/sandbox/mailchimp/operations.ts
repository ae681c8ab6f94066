import type { Answer, ApiRequest } from "../http.ts";
import { createList, createMergeField, getAccount, getLists, getMergeFields } from "./audience-operations.ts";
import { batchMembers } from "./batch-operation.ts";
import { createBatch, deleteBatch, getBatch, getBatches } from "./batches.ts";
import { audienceOf, memberOf, ok, shown } from "./call.ts";
import type { Call, World } from "./call.ts";
import {
  addMember,
  archive,
  deletePermanent,
  getMembers,
  getTags,
  patchMember,
  putMember,
  setTags,
} from "./member-operations.ts";
import { getAbuseReports, getCampaigns, getEmailActivity, getSentTo, getUnsubscribed } from "./report-operations.ts";
import { notFound } from "./problem.ts";
import { renderAudience } from "./render.ts";
import {
  changeStaticSegment,
  createStaticSegment,
  deleteSegment,
  getSegment,
  getSegmentMembers,
  getSegments,
} from "./segment-operations.ts";

import { addWebhook, deleteWebhook, getWebhooks } from "./webhooks.ts";

interface Route {
  method: string;
  path: string[];
  operation: string;
  run: (call: Call) => Answer | Promise<Answer>;
}

const ROUTES: Route[] = [
  route("GET /3.0/ping", "ping", () => ({ status: 200, body: { health_status: "Everything's Chimpy!" } })),
  route("GET /3.0", "getAccount", getAccount),
  route("GET /3.0/batches", "getBatches", getBatches),
  route("POST /3.0/batches", "createBatch", createBatch),
  route("GET /3.0/batches/{}", "getBatch", getBatch),
  route("DELETE /3.0/batches/{}", "deleteBatch", deleteBatch),
  route("GET /3.0/lists", "getLists", getLists),
  route("POST /3.0/lists", "createList", createList),
  route("GET /3.0/lists/{}", "getList", (call) => ok(call, renderAudience(audienceOf(call)))),
  route("POST /3.0/lists/{}", "batchMembers", batchMembers),
  route("GET /3.0/lists/{}/members", "getMembers", getMembers),
  route("POST /3.0/lists/{}/members", "addMember", addMember),
  route("GET /3.0/lists/{}/members/{}", "getMember", (call) => ok(call, shown(call, memberOf(call)))),
  route("PUT /3.0/lists/{}/members/{}", "putMember", putMember),
  route("PATCH /3.0/lists/{}/members/{}", "patchMember", patchMember),
  route("DELETE /3.0/lists/{}/members/{}", "archiveMember", archive),
  route("POST /3.0/lists/{}/members/{}/actions/delete-permanent", "deletePermanent", deletePermanent),
  route("GET /3.0/lists/{}/members/{}/tags", "getTags", getTags),
  route("POST /3.0/lists/{}/members/{}/tags", "setTags", setTags),
  route("GET /3.0/lists/{}/segments", "getSegments", getSegments),
  route("POST /3.0/lists/{}/segments", "createSegment", createStaticSegment),
  route("GET /3.0/lists/{}/segments/{}", "getSegment", getSegment),
  route("POST /3.0/lists/{}/segments/{}", "changeSegment", changeStaticSegment),
  route("DELETE /3.0/lists/{}/segments/{}", "deleteSegment", deleteSegment),
  route("GET /3.0/lists/{}/segments/{}/members", "getSegmentMembers", getSegmentMembers),
  route("GET /3.0/campaigns", "getCampaigns", getCampaigns),
  route("GET /3.0/reports/{}/email-activity", "getEmailActivity", getEmailActivity),
  route("GET /3.0/reports/{}/sent-to", "getSentTo", getSentTo),
  route("GET /3.0/reports/{}/unsubscribed", "getUnsubscribed", getUnsubscribed),
  route("GET /3.0/reports/{}/abuse-reports", "getAbuseReports", getAbuseReports),
  route("GET /3.0/lists/{}/webhooks", "getWebhooks", getWebhooks),
  route("POST /3.0/lists/{}/webhooks", "addWebhook", addWebhook),
  route("DELETE /3.0/lists/{}/webhooks/{}", "deleteWebhook", deleteWebhook),
  route("GET /3.0/lists/{}/merge-fields", "getMergeFields", getMergeFields),
  route("POST /3.0/lists/{}/merge-fields", "createMergeField", createMergeField),
];

export function operationName(method: string, path: string): string {
  return findRoute(method, path)?.route.operation ?? "unknown";
}

/** @throws Problem */
export function runOperation(world: World, request: ApiRequest): Answer | Promise<Answer> {
  const found = findRoute(request.method, request.path);
  if (found === null) throw notFound();
  const { operation, run } = found.route;
  return run({ ...world, operation, request, params: found.params });
}

function route(line: string, operation: string, run: Route["run"]): Route {
  const [method = "", path = ""] = line.split(" ");
  return { method, path: path.split("/"), operation, run };
}

function findRoute(method: string, path: string): { route: Route; params: string[] } | null {
  const parts = path.replace(/\/$/, "").split("/");
  for (const each of ROUTES) {
    if (each.method !== method || each.path.length !== parts.length) continue;
    if (each.path.every((expected, index) => expected === "{}" || expected === parts[index])) {
      const params = parts.filter((_, index) => each.path[index] === "{}");
      return { route: each, params: params.map(decoded) };
    }
  }
  return null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
