import type { Faults } from "../faults.ts";
import type { Answer, ApiRequest } from "../http.ts";
import type { Ledger } from "../ledger.ts";
import type { Audience, Member } from "./audience.ts";
import type { Batches } from "./batches.ts";
import { findMember } from "./members.ts";
import type { Caller } from "./members.ts";
import { invalidResource, notFound } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { project } from "./projection.ts";
import { renderMember } from "./render.ts";
import type { Included } from "./segments.ts";

export const MOST_ROWS = 500;
const MOST_PER_PAGE = 1000;

/** One account's audiences and what an operation needs beside them. */
export interface World {
  account: string;
  audiences: Map<string, Audience>;
  /** Of every account. */
  batches: Batches;
  ledger: Ledger;
  faults: Faults;
  newAudienceId(): string;
  newSegmentId(): number;
  at: number;
}

export interface Call extends World {
  operation: string;
  request: ApiRequest;
  params: string[];
}

export function ok(call: Call, result: unknown): Answer {
  return { status: 200, body: project(result, call.request.query) };
}

export function shown(call: Call, member: Member) {
  return renderMember(audienceOf(call), member);
}

export function audienceOf(call: Call): Audience {
  const audience = call.audiences.get(call.params[0] ?? "");
  if (audience === undefined) throw notFound();
  return audience;
}

export function memberOf(call: Call): Member {
  return findMember(audienceOf(call), call.params[1] ?? "");
}

export function caller(call: Call): Caller {
  const { account, operation, ledger, at } = call;
  return { account, operation, ledger, at, skipMergeValidation: flag(call, "skip_merge_validation") };
}

export function included(call: Call): Included {
  return {
    cleaned: flag(call, "include_cleaned"),
    transactional: flag(call, "include_transactional"),
    unsubscribed: flag(call, "include_unsubscribed"),
  };
}

export function flag(call: Call, name: string): boolean {
  return call.request.query.get(name) === "true";
}

/** `count` (10 unless given) above 1000 gives 1000, without a word, as Mailchimp does. */
export function paged<T>(call: Call, all: T[]): { items: T[]; total: number } {
  const count = Math.min(wholeNumber(call, "count", 10), MOST_PER_PAGE);
  const offset = wholeNumber(call, "offset", 0);
  return { items: all.slice(offset, offset + count), total: all.length };
}

/** Whole seconds since 1970. */
export function instant(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const millis = Date.parse(text);
  if (Number.isNaN(millis))
    throw invalidResource(`${name} should be an ISO 8601 time.`, [{ field: name, message: text }]);
  return Math.floor(millis / 1000);
}

export function atMostRows(emails: string[]): void {
  if (emails.length <= MOST_ROWS) return;
  throw invalidResource(
    "Maximum allowed member items exceeded, please provide at most 500 items in members_to_add field or members_to_remove field",
  );
}

export function missingField(field: string): Problem {
  const message = "Required field left blank.";
  return invalidResource(`${field}: ${message}`, [{ field, message }]);
}

function wholeNumber(call: Call, name: string, fallback: number): number {
  const text = call.request.query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text)) throw invalidResource(`${name} should be a whole number.`, [{ field: name, message: text }]);
  return Number(text);
}
