import type { Answer } from "../http.ts";
import { OrderedSet } from "../ordered-set.ts";
import type { Entry } from "../ordered-set.ts";
import type { Account, List } from "./account.ts";
import { countRows, isLookup, lookup, notHeld, pathList, readFilter, view } from "./call.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import type { Condition } from "./filter.ts";
import { page } from "./paging.ts";
import { profileWithId } from "./profiles.ts";
import { invalid } from "./refusal.ts";
import { listResource, profileResource } from "./render.ts";

export function createList(call: Call): Answer {
  const { data } = readBody<{ data: { attributes: { name: string; opt_in_process?: List["optIn"] | null } } }>(
    call.operation,
    call.request.body,
  );
  const { name, opt_in_process } = data.attributes;
  const { account, at, world } = call;
  if ([...account.lists.values()].some((list) => list.name === name)) {
    world.ledger.duplicateEffect(account.id, `list "${name}" created twice`);
  }
  const position = Math.max(0, ...[...account.lists.values()].map((list) => list.position)) + 1;
  const list: List = {
    id: world.newId("list"),
    position,
    name,
    optIn: opt_in_process ?? "double_opt_in",
    created: at,
    updated: at,
    members: new OrderedSet(),
  };
  account.lists.set(list.id, list);
  return { status: 201, body: { data: listView(call, list) } };
}

export function getLists(call: Call): Answer {
  const conditions = readFilter(call.query);
  const lists = [...call.account.lists.values()].filter((list) =>
    conditions.every(({ operator, field, values }) => {
      if ((field !== "name" && field !== "id") || !isLookup(operator)) throw notHeld(operator, field);
      return values.includes(list[field]);
    }),
  );
  const { items, links } = page(call.request, call.query, lists, 10);
  return { status: 200, body: { data: items.map((list) => listView(call, list)), links } };
}

export function getList(call: Call): Answer {
  return { status: 200, body: { data: listView(call, pathList(call)) } };
}

export function deleteList(call: Call): Answer {
  call.account.lists.delete(pathList(call).id);
  return { status: 204 };
}

/** All ids are known or nothing changes. Adding a member again and removing what is no member are no errors. */
export function changeMembers(call: Call): Answer {
  const list = pathList(call);
  const { data } = readBody<{ data: { id: string }[] }>(call.operation, call.request.body);
  countRows(data, 1000);
  const profiles = data.map(({ id }) => profileWithId(call.account, id));
  for (const { id } of profiles) {
    if (call.operation.id === "add_profiles_to_list") list.members.add(id, call.at);
    else list.members.delete(id);
  }
  list.updated = call.at;
  return { status: 204 };
}

export function getMembers(call: Call): Answer {
  const list = pathList(call);
  const conditions = readFilter(call.query);
  const members = conditions.length === 0 ? list.members.list() : membersMatching(call.account, list, conditions);
  const sorted = call.query.one("sort") === "-joined_group_at" ? newestFirst(members) : members;
  const { items, links } = page(call.request, call.query, sorted, 20);
  const data = items.map(({ id, at }) =>
    call.operation.id === "get_profile_ids_for_list"
      ? { type: "profile", id }
      : profileResource(profileWithId(call.account, id), { ...view(call), joinedAt: at }),
  );
  return { status: 200, body: { data, links } };
}

function membersMatching(account: Account, list: List, conditions: Condition[]): readonly Entry[] {
  let entries: readonly Entry[] = list.members.list();
  for (const condition of conditions) {
    if (condition.field === "joined_group_at") {
      entries = entries.filter(({ at }) => compareTime(condition, at));
    } else {
      const ids = new Set(condition.values.map((value) => lookup(account, condition, value)));
      entries = entries.filter(({ id }) => ids.has(id));
    }
  }
  return entries;
}

function compareTime({ operator, field, values }: Condition, at: number): boolean {
  // Klaviyo's instants carry whole seconds; so does the comparison.
  const member = Math.floor(at / 1000);
  const wanted = Math.floor(Date.parse(values[0] ?? "") / 1000);
  if (Number.isNaN(wanted)) throw invalid(`'${values[0] ?? ""}' is not a time.`, { parameter: "filter" });
  if (operator === "greater-than") return member > wanted;
  if (operator === "greater-or-equal") return member >= wanted;
  if (operator === "less-than") return member < wanted;
  if (operator === "less-or-equal") return member <= wanted;
  throw notHeld(operator, field);
}

function newestFirst(entries: readonly Entry[]): Entry[] {
  const last = (entries.at(-1)?.position ?? 0) + 1;
  return entries.toReversed().map((entry) => ({ ...entry, position: last - entry.position }));
}

function listView(call: Call, list: List) {
  const counted = call.query.many("additional-fields[list]").includes("profile_count");
  return listResource(list, call.request.origin, call.query.many("fields[list]"), counted);
}
