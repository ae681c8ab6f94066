import type { ApiRequest } from "../http.ts";
import { IDENTIFIERS } from "./account.ts";
import type { Account, Identifier, List } from "./account.ts";
import type { Operation, Query } from "./contract.ts";
import { parseFilter } from "./filter.ts";
import type { Condition } from "./filter.ts";
import { Refusal, invalid, notFound } from "./refusal.ts";
import type { World } from "./world.ts";

/** One request that passed authentication, limits and the contract's query parameters. */
export interface Call {
  account: Account;
  operation: Operation;
  /** The `{…}` of the path, in order. */
  params: string[];
  query: Query;
  request: ApiRequest;
  at: number;
  world: World;
}

export function readFilter(query: Query): Condition[] {
  const text = query.one("filter");
  if (text === undefined) return [];
  const conditions = parseFilter(text);
  if (conditions === null) throw invalid(`Invalid filter provided: ${text}`, { parameter: "filter" });
  return conditions;
}

export function isLookup(operator: string): boolean {
  return operator === "any" || operator === "equals";
}

export function notHeld(operator: string, field: string): Refusal {
  return invalid(`The sandbox does not hold ${operator} on ${field}.`, { parameter: "filter" });
}

export function lookup(account: Account, { operator, field }: Condition, value: string): string | undefined {
  if (!isLookup(operator)) throw notHeld(operator, field);
  if (field === "id") return account.profiles.get(value)?.id;
  if (!isIdentifier(field)) throw notHeld(operator, field);
  return account.lookup[field].get(field === "email" ? value.toLowerCase() : value);
}

export function listWithId(account: Account, id: string): List {
  const list = account.lists.get(id);
  if (list === undefined) throw notFound("list", id);
  return list;
}

export function pathList(call: Call): List {
  return listWithId(call.account, call.params[0] ?? "");
}

export function view(call: Call) {
  return {
    origin: call.request.origin,
    additional: call.query.many("additional-fields[profile]"),
    fields: call.query.many("fields[profile]"),
  };
}

export function upserting(call: Call, nullClears: boolean) {
  return { at: call.at, newId: () => call.world.newId("profile"), nullClears };
}

export function countRows(rows: unknown[], most: number): void {
  if (rows.length > most) throw invalid(`A request holds at most ${most} items; this one has ${rows.length}.`);
}

export function atMost(request: ApiRequest, bytes: number): void {
  if (request.body.length <= bytes) return;
  const detail = `The payload is larger than ${bytes} bytes.`;
  throw new Refusal({ status: 413, code: "payload_too_large", title: "Payload too large.", detail });
}

function isIdentifier(field: string): field is Identifier {
  return (IDENTIFIERS as readonly string[]).includes(field);
}
