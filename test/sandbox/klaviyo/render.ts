import type { Job, List, Profile, RowError } from "./account.ts";
import { jobStatus } from "./jobs.ts";

export interface ProfileView {
  origin: string;
  /** `additional-fields[profile]` */
  additional: string[];
  /** `fields[profile]`; empty: all. */
  fields: string[];
  joinedAt?: number;
}

export function profileResource(profile: Profile, view: ProfileView) {
  const { texts, identifiers } = profile;
  const attributes = {
    email: identifiers.email,
    phone_number: identifiers.phone_number,
    external_id: identifiers.external_id,
    first_name: texts.first_name ?? null,
    last_name: texts.last_name ?? null,
    organization: texts.organization ?? null,
    locale: texts.locale ?? null,
    image: texts.image ?? null,
    created: iso(profile.created),
    updated: iso(profile.updated),
    last_event_date: isoOrNull(profile.lastEvent),
    location: profile.location,
    properties: profile.properties,
    ...(view.joinedAt === undefined ? {} : { joined_group_at: iso(view.joinedAt) }),
    ...(view.additional.includes("subscriptions") ? { subscriptions: subscriptions(profile) } : {}),
    ...(view.additional.includes("predictive_analytics") ? { predictive_analytics: null } : {}),
  };
  return {
    type: "profile",
    id: profile.id,
    attributes: onlyFields(attributes, view.fields),
    links: { self: `${view.origin}/api/profiles/${profile.id}` },
  };
}

export function listResource(list: List, origin: string, fields: string[], withCount = false) {
  const attributes = {
    name: list.name,
    created: iso(list.created),
    updated: iso(list.updated),
    opt_in_process: list.optIn,
    ...(withCount ? { profile_count: list.members.size } : {}),
  };
  return {
    type: "list",
    id: list.id,
    attributes: onlyFields(attributes, fields),
    links: { self: `${origin}/api/lists/${list.id}` },
  };
}

const WEEK = 7 * 24 * 3600 * 1000;

export function importJobResource(job: Job, origin: string, now: number, jobMillis: number, fields: string[]) {
  const status = jobStatus(job, now, jobMillis);
  const attributes = {
    status,
    created_at: iso(job.created),
    total_count: job.total,
    completed_count: status === "complete" ? job.total - job.errors.length : 0,
    failed_count: job.errors.length,
    completed_at: isoOrNull(job.completed),
    expires_at: iso(job.created + WEEK),
    started_at: status === "queued" ? null : iso(job.created + jobMillis / 3),
  };
  return {
    type: "profile-bulk-import-job",
    id: job.id,
    attributes: onlyFields(attributes, fields),
    links: { self: `${origin}/api/profile-bulk-import-jobs/${job.id}` },
  };
}

export function suppressionJobResource(job: Job, origin: string) {
  const type = job.kind === "suppress" ? "profile-suppression-bulk-create-job" : "profile-suppression-bulk-delete-job";
  return {
    type,
    id: job.id,
    attributes: {
      status: "queued",
      created_at: iso(job.created),
      total_count: job.total,
      completed_count: 0,
      completed_at: null,
      skipped_count: 0,
    },
    links: { self: `${origin}/api/${type}s/${job.id}` },
  };
}

export function importErrorResource(error: RowError, fields: string[]) {
  const attributes = {
    code: error.code,
    title: error.title,
    detail: error.detail,
    source: { pointer: error.pointer },
    original_payload: error.payload,
  };
  return { type: "import-error", id: error.id, attributes: onlyFields(attributes, fields) };
}

/** Klaviyo's instants carry seconds and an offset. */
function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "+00:00");
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}

function subscriptions({ consent, sms, whatsApp }: Profile) {
  return {
    email: {
      marketing: {
        can_receive_email_marketing: consent.suppressions.length === 0,
        consent: consent.status,
        consent_timestamp: isoOrNull(consent.at),
        last_updated: isoOrNull(consent.at),
        method: consent.method,
        method_detail: "",
        custom_method_detail: null,
        double_optin: false,
        suppression: consent.suppressions.map(({ reason, at }) => ({ reason, timestamp: iso(at) })),
        list_suppressions: consent.listSuppressions.map(({ list, at }) => ({
          list_id: list,
          reason: "UNSUBSCRIBE",
          timestamp: iso(at),
        })),
      },
    },
    sms: sms
      ? {
          marketing: {
            can_receive_sms_marketing: sms.status === "SUBSCRIBED",
            consent: sms.status,
            consent_timestamp: iso(sms.at),
            method: "SMS",
            method_detail: "",
            last_updated: iso(sms.at),
          },
        }
      : null,
    whatsapp: whatsApp
      ? {
          marketing: {
            can_receive: whatsApp.status === "SUBSCRIBED",
            consent: whatsApp.status,
            consent_timestamp: iso(whatsApp.at),
          },
        }
      : null,
  };
}

/** Sparse fieldsets; `location.city` and the like keep the whole `location`. */
function onlyFields(attributes: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  if (fields.length === 0) return attributes;
  const roots = new Set(fields.map((field) => field.split(".")[0]));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => roots.has(name)));
}
