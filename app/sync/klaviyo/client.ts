import { z } from "zod";
import { type Authorization, authorized } from "../authorization.ts";
import type { Addressee } from "../consent/decide-consent.ts";
import type { Person, SegmentEvent } from "../destination.ts";
import type { Answered, CallOptions, Transport } from "../http.ts";
import type { Limiter, Priority, Said } from "../limits/limiter.ts";
import { PauseConnection, RetryLater } from "../retry-classes.ts";
import { API_REVISION } from "./api-revision.ts";
import { type Operation, SCOPES } from "./operations.ts";

export interface KlaviyoClientOptions {
  transport: Transport;
  /** https://a.klaviyo.com, or what stands in for it. */
  baseUrl: string;
  authorization: Authorization;
  limiter(operation: Operation): Limiter;
  /** How urgent what it is used for is. */
  priority: Priority;
  sleep(ms: number): Promise<void>;
}

export interface Profile {
  id: string;
  email: string;
}

interface Standing {
  consent: string;
  at: Date | null;
  /** Altogether, or in any list. */
  suppressions: { reason: string; at: Date }[];
}

export interface ImportState {
  status: "queued" | "processing" | "complete" | "cancelled";
  failed: number;
}

const resource = z.object({ id: z.string() });
const oneResource = z.object({ data: resource });
const profiles = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ email: z.string().nullish() }) })),
  links: z.object({ next: z.string().nullish() }).optional(),
});
const suppression = z.array(z.object({ reason: z.string(), timestamp: z.coerce.date() })).nullish();
const listSuppressions = z
  .array(z.object({ list_id: z.string(), reason: z.string(), timestamp: z.coerce.date() }))
  .nullish();
const suppressed = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        email: z.string().nullish(),
        subscriptions: z.object({
          email: z.object({
            marketing: z.object({ suppression, list_suppressions: listSuppressions }),
          }),
        }),
      }),
    }),
  ),
  links: profiles.shape.links,
});
const metrics = z.object({
  data: z.array(z.object({ id: z.string(), attributes: z.object({ name: z.string().nullish() }) })),
  links: profiles.shape.links,
});
const events = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      attributes: z.object({
        datetime: z.coerce.date(),
        event_properties: z.record(z.string(), z.unknown()).nullish(),
      }),
      relationships: z
        .object({ profile: z.object({ data: z.object({ id: z.string() }).nullish() }).optional() })
        .optional(),
    }),
  ),
  links: profiles.shape.links,
});
const standing = z
  .object({
    // Somebody may have been asked for transactional messages alone.
    marketing: z
      .object({
        consent: z.string(),
        consent_timestamp: z.coerce.date().nullish(),
        suppression,
        list_suppressions: listSuppressions,
      })
      .nullish(),
  })
  .nullish();
const standings = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        subscriptions: z.object({ email: standing, sms: standing, whatsapp: standing }).nullish(),
      }),
    }),
  ),
});
const reached = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      attributes: z.object({ email: z.string().nullish(), phone_number: z.string().nullish() }),
    }),
  ),
  links: profiles.shape.links,
});
const importState = z.object({
  data: z.object({
    attributes: z.object({
      status: z.enum(["queued", "processing", "complete", "cancelled"]),
      failed_count: z.number().nullish(),
    }),
  }),
});
const importErrors = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        code: z.string(),
        title: z.string(),
        detail: z.string(),
        source: z.object({ pointer: z.string().nullish() }).nullish(),
        original_payload: z.unknown(),
      }),
    }),
  ),
  links: z.object({ next: z.string().nullish() }).optional(),
});

export type ImportError = z.infer<typeof importErrors>["data"][number]["attributes"];

export interface LoggedEvent {
  id: string;
  /** Klaviyo's id of the profile. */
  profileId: string | null;
  at: Date;
  properties: Record<string, unknown>;
}

/** What flows and segments at Klaviyo go by: fixed, with the segment as a property. */
const METRICS = { entered: "Entered Muster Segment", left: "Left Muster Segment" } as const;

/** A read is repeated at once this often before its failure counts: a lost page must not cost a whole read-back. */
const READ_ATTEMPTS = 4;
const LONGEST_READ_PAUSE_MS = 5_000;

export type KlaviyoClient = ReturnType<typeof createKlaviyoClient>;

/** Klaviyo's JSON:API as far as audiences need it, under its rate limits. Throws the retry classes. */
export function createKlaviyoClient(options: KlaviyoClientOptions) {
  const { transport, baseUrl, authorization, limiter, priority, sleep } = options;
  const headers = {
    revision: API_REVISION,
    // Without it a retired revision is silently served as a newer one.
    "x-klaviyo-revision-fall-forward-opt-out": "1",
  };

  async function call<Answer>(
    operation: Operation,
    request: Pick<CallOptions<Answer>, "method" | "body" | "answer"> & { path: string },
  ): Promise<Answer> {
    const { path, ...rest } = request;
    const url = path.startsWith("http") ? path : `${baseUrl}${path}`;
    const given = await authorization.current();
    return limiter(operation).run(priority, async (said) => {
      try {
        const answered = await authorized(authorization, given, (proof) =>
          transport.call({ ...rest, url, headers: { ...headers, authorization: proof } }),
        );
        readQuota(said, answered);
        return answered.answer;
      } catch (error) {
        if (error instanceof RetryLater && error.afterMs !== null) said.hold(error.afterMs);
        if (error instanceof PauseConnection && error.status === 403)
          throw new PauseConnection(`The key lacks the permission ${SCOPES[operation]} at Klaviyo`, 403);
        throw error;
      }
    });
  }

  async function read<Answer>(operation: Operation, path: string, answer: z.ZodType<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call(operation, { method: "GET", path, answer });
      } catch (error) {
        if (!(error instanceof RetryLater) || attempt === READ_ATTEMPTS) throw error;
        const pause = error.afterMs ?? 250 * 2 ** attempt;
        if (pause > LONGEST_READ_PAUSE_MS) throw error;
        await sleep(pause);
      }
    }
  }

  async function* pages<Page extends { links?: { next?: string | null | undefined } | undefined }>(
    operation: Operation,
    path: string,
    answer: z.ZodType<Page>,
  ): AsyncIterable<Page> {
    for (let next: string | null = path; next !== null;) {
      const page: Page = await read(operation, next, answer);
      yield page;
      next = page.links?.next ? atBase(page.links.next) : null;
    }
  }

  /** The key goes to our base address alone, whatever host a link names. */
  const atBase = (link: string): string => {
    const { pathname, search } = new URL(link, baseUrl);
    return `${pathname}${search}`;
  };

  return {
    async account(): Promise<{ id: string; name: string }> {
      const shape = z.object({
        data: z.tuple([
          z.object({
            id: z.string(),
            attributes: z.object({ contact_information: z.object({ organization_name: z.string() }).optional() }),
          }),
        ]),
      });
      const [account] = (await read("getAccounts", "/api/accounts", shape)).data;
      return { id: account.id, name: account.attributes.contact_information?.organization_name ?? account.id };
    },

    async createList(name: string): Promise<string> {
      const body = { data: { type: "list", attributes: { name } } };
      return (await call("createList", { method: "POST", path: "/api/lists", body, answer: oneResource })).data.id;
    },

    /** Asks for a profile to be deleted for good; Klaviyo does it some time later. */
    async forgetProfile(email: string): Promise<void> {
      const profile = { data: { type: "profile", attributes: { email } } };
      const body = { data: { type: "data-privacy-deletion-job", attributes: { profile } } };
      await call("forgetProfile", { method: "POST", path: "/api/data-privacy-deletion-jobs", body, answer: z.null() });
    },

    async *lists(): AsyncIterable<{ id: string; name: string }> {
      const shape = z.object({
        data: z.array(z.object({ id: z.string(), attributes: z.object({ name: z.string() }) })),
        links: profiles.shape.links,
      });
      for await (const page of pages("getLists", "/api/lists?fields[list]=name", shape))
        for (const { id, attributes } of page.data) yield { id, name: attributes.name };
    },

    async deleteList(listId: string): Promise<void> {
      const path = `/api/lists/${encodeURIComponent(listId)}`;
      await call("deleteList", { method: "DELETE", path, answer: z.null() });
    },

    async listsNamed(name: string): Promise<string[]> {
      const filter = encodeURIComponent(`equals(name,${JSON.stringify(name)})`);
      const ids: string[] = [];
      const shape = z.object({ data: z.array(resource), links: profiles.shape.links });
      for await (const page of pages("getLists", `/api/lists?filter=${filter}`, shape)) {
        ids.push(...page.data.map((list) => list.id));
      }
      return ids;
    },

    /** @throws Refused with status 404 when the list is not there any more. */
    async readList(listId: string): Promise<void> {
      await read("getList", `/api/lists/${encodeURIComponent(listId)}`, oneResource);
    },

    async *listProfiles(listId: string): AsyncIterable<Profile> {
      const path = `/api/lists/${encodeURIComponent(listId)}/profiles?page[size]=100&fields[profile]=email`;
      for await (const page of pages("getListProfiles", path, profiles)) yield* page.data.map(readProfile);
    },

    /** At most 1000 ids. Consent stays as it is. */
    async addToList(listId: string, profileIds: readonly string[]): Promise<void> {
      await call("addToList", { method: "POST", ...membership(listId, profileIds) });
    },

    /** At most 1000 ids. Consent stays as it is. */
    async removeFromList(listId: string, profileIds: readonly string[]): Promise<void> {
      await call("removeFromList", { method: "DELETE", ...membership(listId, profileIds) });
    },

    /**
     * Klaviyo's ids by address, in lower case. Whose look-up failed or could not be made in time has the failure instead, so that what the
     * others' told is not lost; nobody has an address that is missing.
     */
    async findIds(emails: readonly string[]): Promise<Map<string, string | RetryLater>> {
      const found = new Map<string, string | RetryLater>();
      const find = async (some: readonly string[]): Promise<void> => {
        const filter = encodeURIComponent(`any(email,${JSON.stringify(some)})`);
        const path = `/api/profiles?filter=${filter}&page[size]=100&fields[profile]=email`;
        for await (const page of pages("getProfiles", path, profiles))
          for (const { id, email } of page.data.map(readProfile)) found.set(email.toLowerCase(), id);
      };
      // All lanes share it: one that throws ends it for all.
      const groups = shortEnoughForAnAddress(emails);
      const begun = performance.now();
      const lane = async (): Promise<void> => {
        for (const some of groups) {
          try {
            if (performance.now() - begun > LOOK_UPS_MS) throw new RetryLater("Out of time for look-ups", 0);
            await find(some);
          } catch (error) {
            if (!(error instanceof RetryLater)) throw error;
            for (const email of some) found.set(email.toLowerCase(), error);
          }
        }
      };
      await Promise.all(Array.from({ length: LOOK_UPS_AT_ONCE }, lane));
      return found;
    },

    /**
     * Profiles that were suppressed at or after this moment, with every reason there is for each: altogether, or in one list alone, which
     * is then named.
     */
    async *suppressedSince(
      since: Date,
    ): AsyncIterable<{ email: string; reason: string; at: Date; listId: string | null }> {
      const fields = "additional-fields[profile]=subscriptions&fields[profile]=email,subscriptions";
      for (const kind of ["suppression", "list_suppressions"] as const) {
        const field = `subscriptions.email.marketing.${kind}.timestamp`;
        const filter = encodeURIComponent(`greater-or-equal(${field},${since.toISOString()})`);
        const path = `/api/profiles?filter=${filter}&page[size]=100&${fields}`;
        for await (const page of pages("getProfiles", path, suppressed))
          for (const { attributes } of page.data) {
            const { email } = attributes;
            const { suppression: all, list_suppressions: some } = attributes.subscriptions.email.marketing;
            if (!email) continue;
            if (kind === "suppression")
              for (const { reason, timestamp: at } of all ?? []) yield { email, reason, at, listId: null };
            else
              for (const { reason, timestamp: at, list_id: listId } of some ?? []) yield { email, reason, at, listId };
          }
      }
    },

    /** What a profile's consent in a channel is and since when; null: nobody has the address, or never was asked. */
    async consentOf(of: Addressee): Promise<Standing | null> {
      const [[field, value] = ["", ""]] = Object.entries(identifierOf(of));
      const filter = encodeURIComponent(`equals(${field},${JSON.stringify(value)})`);
      const fields = "additional-fields[profile]=subscriptions&fields[profile]=subscriptions";
      const { data } = await read("getProfiles", `/api/profiles?filter=${filter}&${fields}`, standings);
      const marketing = data[0]?.attributes.subscriptions?.[of.channel]?.marketing;
      if (!marketing) return null;
      const suppressions = [...(marketing.suppression ?? []), ...(marketing.list_suppressions ?? [])].map(
        ({ reason, timestamp: at }) => ({ reason, at }),
      );
      return { consent: marketing.consent, at: marketing.consent_timestamp ?? null, suppressions };
    },

    /** Without a list it holds for the whole account. */
    async unsubscribe(of: Addressee): Promise<void> {
      const subscriptions = { [of.channel]: { marketing: { consent: "UNSUBSCRIBED" } } };
      const profiles = { data: [{ type: "profile", attributes: { ...identifierOf(of), subscriptions } }] };
      const body = { data: { type: "profile-subscription-bulk-delete-job", attributes: { profiles } } };
      const path = "/api/profile-subscription-bulk-delete-jobs";
      await call("unsubscribe", { method: "POST", path, body, answer: z.null() });
    },

    /** For the consent sync alone: as a consent given elsewhere, at that time in the past, it sends no confirmation and starts no flow. */
    async subscribe(email: string, consentedAt: Date): Promise<void> {
      const marketing = { consent: "SUBSCRIBED", consented_at: consentedAt.toISOString() };
      const profiles = { data: [{ type: "profile", attributes: { email, subscriptions: { email: { marketing } } } }] };
      const attributes = { custom_source: "Muster consent sync", profiles, historical_import: true };
      const body = { data: { type: "profile-subscription-bulk-create-job", attributes } };
      const path = "/api/profile-subscription-bulk-create-jobs";
      await call("subscribe", { method: "POST", path, body, answer: z.null() });
    },

    async metrics(): Promise<{ id: string; name: string }[]> {
      const found: { id: string; name: string }[] = [];
      for await (const page of pages("getMetrics", "/api/metrics", metrics))
        found.push(...page.data.map(({ id, attributes }) => ({ id, name: attributes.name ?? "" })));
      return found;
    },

    /**
     * Records that somebody came into a segment or left it, one by one: a `unique_id` that is there already is passed over here, while in a
     * bulk job it fails all (Create Event and Bulk Create Events in Klaviyo's OpenAPI file). With the profile's id no profile is made.
     */
    async createEvent({
      name,
      change,
      segmentId,
      segmentName,
      email,
      remoteId,
      at,
      backfill,
    }: SegmentEvent): Promise<void> {
      const profile = {
        type: "profile",
        ...(remoteId === null ? { attributes: { email } } : { id: remoteId, attributes: {} }),
      };
      const attributes = {
        metric: { data: { type: "metric", attributes: { name: METRICS[change] } } },
        profile: { data: profile },
        properties: { segment: segmentName, segment_id: segmentId },
        time: at.toISOString(),
        unique_id: name,
        ...(backfill && { backfill }),
      };
      const body = { data: { type: "event", attributes } };
      await call("createEvent", { method: "POST", path: "/api/events", body, answer: z.null() });
    },

    /** Events of one metric from a moment on, oldest first, a page at a time. Klaviyo keeps whole seconds. */
    async *events(metricId: string, since: Date): AsyncIterable<LoggedEvent[]> {
      const from = since.toISOString().replace(/\.\d+Z$/, "Z");
      const filter = encodeURIComponent(`equals(metric_id,"${metricId}"),greater-or-equal(datetime,${from})`);
      const path = `/api/events?filter=${filter}&sort=datetime&page[size]=1000&fields[event]=datetime,event_properties`;
      for await (const page of pages("getEvents", path, events))
        yield page.data.map(({ id, attributes, relationships }) => ({
          id,
          profileId: relationships?.profile?.data?.id ?? null,
          at: attributes.datetime,
          properties: attributes.event_properties ?? {},
        }));
    },

    /** At most 100 ids. */
    async profilesById(ids: readonly string[]): Promise<{ id: string; email: string | null; phone: string | null }[]> {
      const filter = encodeURIComponent(`any(id,${JSON.stringify(ids)})`);
      const path = `/api/profiles?filter=${filter}&page[size]=100&fields[profile]=email,phone_number`;
      const found: { id: string; email: string | null; phone: string | null }[] = [];
      for await (const page of pages("getProfiles", path, reached))
        for (const { id, attributes } of page.data)
          found.push({ id, email: attributes.email ?? null, phone: attributes.phone_number ?? null });
      return found;
    },

    /** The addresses that Klaviyo calls. Accounts without its Advanced KDP have none, and neither have keys without the permission. */
    async hooks(): Promise<{ id: string; url: string }[]> {
      const shape = z.object({
        data: z.array(z.object({ id: z.string(), attributes: z.object({ endpoint_url: z.string() }) })),
      });
      const { data } = await read("getWebhooks", "/api/webhooks", shape);
      return data.map(({ id, attributes }) => ({ id, url: attributes.endpoint_url }));
    },

    /** Topics come to be with the account's metrics. */
    async hookTopics(): Promise<string[]> {
      const shape = z.object({ data: z.array(resource) });
      return (await read("getWebhookTopics", "/api/webhook-topics", shape)).data.map(({ id }) => id);
    },

    async createHook(url: string, secret: string, topics: readonly string[]): Promise<string> {
      const attributes = { name: "Muster", endpoint_url: url, secret_key: secret };
      const relationships = { "webhook-topics": { data: topics.map((id) => ({ type: "webhook-topic", id })) } };
      const body = { data: { type: "webhook", attributes, relationships } };
      const created = await call("createWebhook", { method: "POST", path: "/api/webhooks", body, answer: oneResource });
      return created.data.id;
    },

    async deleteHook(hookId: string): Promise<void> {
      const path = `/api/webhooks/${encodeURIComponent(hookId)}`;
      await call("deleteWebhook", { method: "DELETE", path, answer: z.null() });
    },

    /** Creates or updates one profile by its address. @returns Klaviyo's id of it. */
    async importProfile(person: Person, withExternalId: boolean): Promise<string> {
      const body = { data: profileBody(person, withExternalId) };
      const answer = await call("importProfile", {
        method: "POST",
        path: "/api/profile-import",
        body,
        answer: oneResource,
      });
      return answer.data.id;
    },

    /** Starts creating or updating up to 10,000 profiles. @returns the job's id. */
    async createImport(people: readonly Person[], withExternalId: (person: Person) => boolean): Promise<string> {
      const data = people.map((person) => profileBody(person, withExternalId(person)));
      const body = { data: { type: "profile-bulk-import-job", attributes: { profiles: { data } } } };
      const path = "/api/profile-bulk-import-jobs";
      return (await call("createImport", { method: "POST", path, body, answer: oneResource })).data.id;
    },

    async readImport(jobId: string): Promise<ImportState> {
      const path = `/api/profile-bulk-import-jobs/${encodeURIComponent(jobId)}`;
      const { attributes } = (await read("getImport", path, importState)).data;
      return { status: attributes.status, failed: attributes.failed_count ?? 0 };
    },

    async importErrors(jobId: string): Promise<ImportError[]> {
      const path = `/api/profile-bulk-import-jobs/${encodeURIComponent(jobId)}/import-errors?page[size]=100`;
      const errors: ImportError[] = [];
      for await (const page of pages("getImportErrors", path, importErrors)) {
        errors.push(...page.data.map((error) => error.attributes));
      }
      return errors;
    },
  };
}

/** Others may use up the same account's quota; what is left of it in this minute comes with every answer. */
function readQuota(said: Said, { headers }: Answered<unknown>): void {
  const remaining = headers.get("ratelimit-remaining");
  const reset = Number(headers.get("ratelimit-reset"));
  if (remaining !== null && Number(remaining) >= 0 && reset > 0) said.left(Number(remaining), reset * 1_000);
}

function readProfile({ id, attributes }: z.infer<typeof profiles>["data"][number]): Profile {
  return { id, email: attributes.email ?? "" };
}

function membership(listId: string, profileIds: readonly string[]) {
  return {
    path: `/api/lists/${encodeURIComponent(listId)}/relationships/profiles`,
    body: { data: profileIds.map((id) => ({ type: "profile", id })) },
    // 204: anything else is not Klaviyo's own word.
    answer: z.null(),
  };
}

/** Klaviyo takes phone numbers as E.164 has them. */
function identifierOf({ channel, address }: Addressee): { email: string } | { phone_number: string } {
  return channel === "email" ? { email: address } : { phone_number: `+${address}` };
}

/** Names that are not known are left out, so that nothing is cleared at Klaviyo; consent is never mentioned. */
function profileBody(person: Person, withExternalId: boolean) {
  return {
    type: "profile",
    attributes: {
      email: person.email,
      ...(withExternalId && { external_id: person.customerId }),
      ...(person.firstName !== null && { first_name: person.firstName }),
      ...(person.lastName !== null && { last_name: person.lastName }),
      ...(person.traits !== null && { properties: person.traits }),
    },
  };
}

const LOOK_UPS_AT_ONCE = 10;
/** So long look-ups are begun: whoever's members they are holds them for some minutes (`sync-audience`), and the last of them may wait, too. */
const LOOK_UPS_MS = 80_000;
const LONGEST_FILTER = 4_000;
const MOST_IN_A_FILTER = 100;

function* shortEnoughForAnAddress(emails: readonly string[]): Generator<string[]> {
  let group: string[] = [];
  let length = 0;
  for (const email of emails) {
    const cost = encodeURIComponent(email).length + 9;
    if (group.length === MOST_IN_A_FILTER || (group.length > 0 && length + cost > LONGEST_FILTER)) {
      yield group;
      group = [];
      length = 0;
    }
    group.push(email);
    length += cost;
  }
  if (group.length > 0) yield group;
}
