import type { Answer } from "../http.ts";
import type { Entry } from "../ordered-set.ts";
import { IDENTIFIERS } from "./account.ts";
import type { Account } from "./account.ts";
import { atMost, lookup, readFilter, upserting, view } from "./call.ts";
import type { Call } from "./call.ts";
import { readBody } from "./contract.ts";
import type { Condition } from "./filter.ts";
import { page } from "./paging.ts";
import { MAX_PROFILE_BYTES, duplicateProfile, profileWithId, upsertProfile } from "./profiles.ts";
import type { ProfileResource } from "./profiles.ts";
import { invalid } from "./refusal.ts";
import { profileResource } from "./render.ts";

export function getAccounts({ account, request }: Call): Answer {
  const attributes = {
    test_account: true,
    contact_information: {
      default_sender_name: "Sandbox",
      default_sender_email: "sender@sandbox.example",
      website_url: null,
      organization_name: `Sandbox ${account.id}`,
      street_address: { address1: null, address2: null, city: null, region: null, country: null, zip: null },
    },
    industry: null,
    timezone: "UTC",
    preferred_currency: "GBP",
    public_api_key: account.id,
    locale: "en-GB",
  };
  const self = `${request.origin}/api/accounts`;
  const data = [{ type: "account", id: account.id, attributes, links: { self: `${self}/${account.id}` } }];
  return { status: 200, body: { data, links: { self, next: null, prev: null } } };
}

export function importProfile(call: Call): Answer {
  atMost(call.request, MAX_PROFILE_BYTES);
  const { data } = readBody<{ data: ProfileResource }>(call.operation, call.request.body);
  const { profile, created } = upsertProfile(call.account, data, upserting(call, true));
  return { status: created ? 201 : 200, body: { data: profileResource(profile, view(call)) } };
}

export function createProfile(call: Call): Answer {
  atMost(call.request, MAX_PROFILE_BYTES);
  const { data } = readBody<{ data: ProfileResource }>(call.operation, call.request.body);
  for (const kind of IDENTIFIERS) {
    const value = data.attributes[kind] ?? "";
    const owner = call.account.lookup[kind].get(kind === "email" ? value.trim().toLowerCase() : value);
    if (owner !== undefined) throw duplicateProfile(owner);
  }
  const { profile } = upsertProfile(call.account, data, upserting(call, true));
  return { status: 201, body: { data: profileResource(profile, view(call)) } };
}

export function getProfiles(call: Call): Answer {
  const conditions = readFilter(call.query);
  const entries = conditions.length === 0 ? call.account.order.list() : profilesMatching(call.account, conditions);
  const { items, links } = page(call.request, call.query, entries, 20);
  const data = items.map(({ id }) => profileResource(profileWithId(call.account, id), view(call)));
  return { status: 200, body: { data, links } };
}

export function getProfile(call: Call): Answer {
  const profile = profileWithId(call.account, call.params[0] ?? "");
  return { status: 200, body: { data: profileResource(profile, view(call)) } };
}

function profilesMatching(account: Account, conditions: Condition[]): readonly Entry[] {
  const [first, ...others] = conditions;
  if (first === undefined || others.length > 0) throw invalid("The sandbox holds one condition on profiles.");
  const [, kind] =
    /^subscriptions\.email\.marketing\.(list_suppressions|suppression)\.timestamp$/.exec(first.field) ?? [];
  if (kind !== undefined && first.operator === "greater-or-equal") {
    const since = Date.parse(first.values[0] ?? "");
    return account.order.list().filter(({ id }) => {
      const { suppressions = [], listSuppressions = [] } = account.profiles.get(id)?.consent ?? {};
      const asked: { at: number }[] = kind === "suppression" ? suppressions : listSuppressions;
      return asked.some(({ at }) => Math.floor(at / 1000) >= Math.floor(since / 1000));
    });
  }
  const ids = new Set(first.values.map((value) => lookup(account, first, value)));
  return [...ids]
    .flatMap((id) => (id === undefined ? [] : (account.order.get(id) ?? [])))
    .sort((a, b) => a.position - b.position);
}
