import { isEmailAddress } from "../email-address.ts";
import { IDENTIFIERS, TEXT_FIELDS } from "./account.ts";
import type { Account, Identifier, Profile } from "./account.ts";
import { Refusal, invalid, notFound } from "./refusal.ts";

export interface ProfileAttributes extends Partial<Record<Identifier | (typeof TEXT_FIELDS)[number], string | null>> {
  _kx?: string | null;
  location?: Record<string, unknown> | null;
  properties?: Record<string, unknown> | null;
}

export interface ProfileResource {
  type: "profile";
  id?: string | null;
  attributes: ProfileAttributes;
  meta?: {
    patch_properties?: {
      append?: Record<string, unknown> | null;
      unappend?: Record<string, unknown> | null;
      unset?: string | string[] | null;
    } | null;
    patch_identifiers?: unknown;
  } | null;
}

export interface UpsertOptions {
  at: number;
  newId: () => string;
  /** profile-import clears a field sent as null; the bulk import leaves it. */
  nullClears: boolean;
}

export const MAX_PROFILE_BYTES = 100_000;

/**
 * Creates the profile or merges into the one an identifier names: id, then e-mail, phone number, external id.
 * Fields not sent stay. Custom properties merge key by key. @throws Refusal; nothing is changed then
 */
export function upsertProfile(
  account: Account,
  resource: ProfileResource,
  options: UpsertOptions,
): { profile: Profile; created: boolean } {
  if (resource.meta?.patch_identifiers) {
    throw invalid("The sandbox does not hold patch_identifiers.", { pointer: "/data/meta/patch_identifiers" });
  }
  const wanted = readIdentifiers(resource.attributes);
  const known = findProfile(account, resource.id ?? null, wanted);
  if (known === null && IDENTIFIERS.every((kind) => !wanted[kind])) {
    throw invalid("One of the following identifiers is required: email, phone_number, external_id, id.", {
      pointer: "/data/attributes",
    });
  }
  refuseForeign(account, wanted, known);
  const profile = known ?? addProfile(account, options.newId(), options.at);
  setIdentifiers(account, profile, wanted, options.nullClears);
  mergeAttributes(profile, resource, options.nullClears);
  profile.updated = options.at;
  return { profile, created: known === null };
}

/** The profile that the resource's id or identifiers name, if there is one. @throws Refusal for malformed identifiers */
export function findKnown(account: Account, resource: Pick<ProfileResource, "id" | "attributes">): Profile | null {
  return findProfile(account, resource.id ?? null, readIdentifiers(resource.attributes));
}

export function findByEmail(account: Account, email: string): Profile | null {
  const id = account.lookup.email.get(email.trim().toLowerCase());
  return (id === undefined ? undefined : account.profiles.get(id)) ?? null;
}

export function profileWithId(account: Account, id: string): Profile {
  const profile = account.profiles.get(id);
  if (profile === undefined) throw notFound("profile", id);
  return profile;
}

function readIdentifiers(attributes: ProfileAttributes): Partial<Record<Identifier, string | null>> {
  const { email, phone_number, external_id } = attributes;
  const wanted: Partial<Record<Identifier, string | null>> = {};
  if (email !== undefined) wanted.email = email === null ? null : email.trim().toLowerCase();
  if (phone_number !== undefined) wanted.phone_number = phone_number;
  if (external_id !== undefined) wanted.external_id = external_id;
  if (wanted.email !== undefined && wanted.email !== null && !isEmailAddress(wanted.email)) {
    throw invalid("Invalid email address", { pointer: "/data/attributes/email" });
  }
  if (phone_number !== undefined && phone_number !== null && !/^\+[1-9]\d{6,14}$/.test(phone_number)) {
    throw invalid("Invalid phone number format (Example of a valid format: +12345678901)", {
      pointer: "/data/attributes/phone_number",
    });
  }
  if ((external_id?.length ?? 0) > 255) {
    throw invalid("external_id is longer than 255 characters", { pointer: "/data/attributes/external_id" });
  }
  return wanted;
}

function findProfile(
  account: Account,
  id: string | null,
  wanted: Partial<Record<Identifier, string | null>>,
): Profile | null {
  if (id !== null) return profileWithId(account, id);
  for (const kind of IDENTIFIERS) {
    const found = account.profiles.get(account.lookup[kind].get(wanted[kind] ?? "") ?? "");
    if (found !== undefined) return found;
  }
  return null;
}

function refuseForeign(
  account: Account,
  wanted: Partial<Record<Identifier, string | null>>,
  known: Profile | null,
): void {
  for (const kind of IDENTIFIERS) {
    const owner = account.lookup[kind].get(wanted[kind] ?? "");
    if (owner !== undefined && owner !== known?.id) throw duplicateProfile(owner);
  }
}

export function duplicateProfile(id: string): Refusal {
  return new Refusal({
    status: 409,
    code: "duplicate_profile",
    title: "Conflict.",
    detail: "A profile already exists with one of these identifiers.",
    source: { pointer: "/data/attributes" },
    meta: { duplicate_profile_id: id },
  });
}

function addProfile(account: Account, id: string, at: number): Profile {
  const profile: Profile = {
    id,
    identifiers: { email: null, phone_number: null, external_id: null },
    texts: {},
    location: null,
    properties: {},
    created: at,
    updated: at,
    lastEvent: null,
    consent: { status: "NEVER_SUBSCRIBED", at: null, method: null, suppressions: [], listSuppressions: [] },
  };
  account.profiles.set(id, profile);
  account.order.add(id, at);
  return profile;
}

function setIdentifiers(
  account: Account,
  profile: Profile,
  wanted: Partial<Record<Identifier, string | null>>,
  nullClears: boolean,
): void {
  for (const kind of IDENTIFIERS) {
    const value = wanted[kind];
    if (value === undefined || (value === null && !nullClears)) continue;
    const before = profile.identifiers[kind];
    if (before !== null) account.lookup[kind].delete(before);
    if (value !== null) account.lookup[kind].set(value, profile.id);
    profile.identifiers[kind] = value;
  }
}

function mergeAttributes(profile: Profile, { attributes, meta }: ProfileResource, nullClears: boolean): void {
  for (const field of TEXT_FIELDS) {
    const value = attributes[field];
    if (value === null && nullClears) delete profile.texts[field];
    if (typeof value === "string") profile.texts[field] = value;
  }
  if (attributes.location) profile.location = merged(profile.location ?? {}, attributes.location, nullClears);
  else if (attributes.location === null && nullClears) profile.location = null;
  if (attributes.properties) profile.properties = merged(profile.properties, attributes.properties, nullClears);
  else if (attributes.properties === null && nullClears) profile.properties = {};

  const patch = meta?.patch_properties;
  for (const [key, value] of Object.entries(patch?.append ?? {})) {
    const all = [...asList(profile.properties[key]), ...asList(value)];
    profile.properties[key] = [...new Set(all)];
  }
  for (const [key, value] of Object.entries(patch?.unappend ?? {})) {
    const gone = asList(value);
    profile.properties[key] = asList(profile.properties[key]).filter((each) => !gone.includes(each));
  }
  for (const key of asList(patch?.unset)) delete profile.properties[String(key)];
}

function merged(before: Record<string, unknown>, sent: Record<string, unknown>, nullClears: boolean) {
  const result = { ...before };
  for (const [key, value] of Object.entries(sent)) {
    if (value !== null) result[key] = value;
    else if (nullClears) delete result[key];
  }
  return result;
}

function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
