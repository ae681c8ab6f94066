import { createHash } from "node:crypto";
import { z } from "zod";
import type { Field, Person } from "../destination.ts";
import type { CallOptions, Transport } from "../http.ts";
import type { Limiter, Priority } from "../limits/limiter.ts";
import { RetryLater } from "../retry-classes.ts";

export interface MailchimpClientOptions {
  transport: Transport;
  /** `https://<dc>.api.mailchimp.com`, or what stands in for it; without `/3.0`. */
  baseUrl: string;
  /** The value of the header. */
  authorization: string;
  /** The merchant's Mailchimp audience that holds the contacts. */
  listId: string;
  /** At most ten connections are allowed per account, whoever holds them. */
  connections: Limiter;
  /** How urgent what it is used for is. */
  priority: Priority;
  sleep(ms: number): Promise<void>;
}

const list = z.object({ id: z.string(), name: z.string() });
const segment = z.object({ id: z.number() });
const batchError = z.object({
  email_address: z.string(),
  error: z.string(),
  error_code: z.string().nullish(),
  field: z.string().nullish(),
});
/** A list that is empty may be left out where an answer is asked for some fields only; its count says whether it was. */
const batchErrors = z
  .object({ errors: z.array(batchError).optional(), error_count: z.number() })
  .refine(({ errors, error_count: count }) => errors !== undefined || count === 0)
  .transform(({ errors = [] }) => ({ errors }));
const segmentChange = z
  .object({
    members_added: z.array(z.object({ email_address: z.string() })).optional(),
    total_added: z.number(),
    errors: z.array(z.object({ email_addresses: z.array(z.string()) })).optional(),
    error_count: z.number(),
  })
  .refine((change) => change.members_added !== undefined || change.total_added === 0)
  .refine((change) => change.errors !== undefined || change.error_count === 0)
  .transform(({ members_added = [], errors = [] }) => ({ members_added, errors }));
const segmentMembers = z.object({ members: z.array(z.object({ id: z.string(), email_address: z.string() })) });
const contactState = z.object({ status: z.string(), tags: z.array(z.object({ id: z.number() })) });
const contacts = z.object({
  members: z.array(
    z.object({
      email_address: z.string(),
      status: z.string(),
      last_changed: z.coerce.date(),
      timestamp_opt: z.string().nullish(),
    }),
  ),
});
const campaigns = z.object({ campaigns: z.array(z.object({ id: z.string(), send_time: z.coerce.date() })) });
const activity = z.object({
  emails: z.array(
    z.object({
      email_address: z.string(),
      activity: z.array(z.object({ action: z.string(), timestamp: z.coerce.date(), url: z.string().nullish() })),
    }),
  ),
});
const deliveries = z.object({
  sent_to: z.array(
    z.object({ email_address: z.string(), status: z.string(), sent: z.coerce.date().nullish().catch(null) }),
  ),
});
const unsubscribes = z.object({
  unsubscribes: z.array(z.object({ email_address: z.string(), timestamp: z.coerce.date() })),
});
const complaints = z.object({
  abuse_reports: z.array(z.object({ email_address: z.string(), date: z.coerce.date() })),
});
const addresses = z.object({ members: z.array(z.object({ email_address: z.string() })) });

interface Contact {
  email: string;
  status: string;
  changedAt: Date;
  /** When the person confirmed that they want mails; null where Mailchimp does not know. */
  optedInAt: Date | null;
}

interface Happened {
  email: string;
  at: Date;
}

export type BatchError = z.infer<typeof batchError>;
export type SegmentChange = z.infer<typeof segmentChange>;

const READ_ATTEMPTS = 4;
const LONGEST_READ_PAUSE_MS = 5_000;
const PAGE = 1_000;
/** Pages are counted from the first row, so that one who no longer belongs there draws all others forward, past the border of a page. */
const PAGES_OVERLAP = 100;

export type MailchimpClient = ReturnType<typeof createMailchimpClient>;

/** Mailchimp's Marketing API 3.0 as far as audiences need it. Throws the retry classes. */
export function createMailchimpClient(options: MailchimpClientOptions) {
  const { transport, baseUrl, authorization, listId, connections, priority, sleep } = options;
  const headers = { authorization };
  const listPath = `/3.0/lists/${encodeURIComponent(listId)}`;

  async function call<Answer>(
    request: Pick<CallOptions<Answer>, "method" | "body" | "answer"> & { path: string },
  ): Promise<Answer> {
    const { path, ...rest } = request;
    const url = `${baseUrl}${path}`;
    const during = <T>(send: () => Promise<T>): Promise<T> => connections.run(priority, send);
    return (await transport.call({ ...rest, url, headers, during })).answer;
  }

  async function read<Answer>(path: string, answer: z.ZodType<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call({ method: "GET", path, answer });
      } catch (error) {
        if (!(error instanceof RetryLater) || attempt === READ_ATTEMPTS) throw error;
        const pause = error.afterMs ?? 250 * 2 ** attempt;
        if (pause > LONGEST_READ_PAUSE_MS) throw error;
        await sleep(pause);
      }
    }
  }

  /** A campaign's report of one kind, page by page. */
  async function* reports<Page>(
    campaignId: string,
    kind: string,
    query: string,
    answer: z.ZodType<Page>,
    rows: (page: Page) => number,
  ): AsyncIterable<Page> {
    for (let offset = 0; ; offset += PAGE) {
      const path = `/3.0/reports/${encodeURIComponent(campaignId)}/${kind}?count=${PAGE}&offset=${offset}${query}`;
      const page = await read(path, answer);
      yield page;
      if (rows(page) < PAGE) return;
    }
  }

  return {
    async listName(): Promise<string> {
      return (await read(`${listPath}?fields=id,name`, list)).name;
    },

    async accountId(): Promise<string> {
      return (await read("/3.0/?fields=account_id", z.object({ account_id: z.string() }))).account_id;
    },

    /** A static segment (what Mailchimp's pages call a tag), empty. */
    async createSegment(name: string): Promise<string> {
      const body = { name, static_segment: [] };
      return String((await call({ method: "POST", path: `${listPath}/segments`, body, answer: segment })).id);
    },

    /** Every static segment. */
    async *segments(): AsyncIterable<{ id: string; name: string }> {
      const shape = z.object({ segments: z.array(z.object({ id: z.number(), name: z.string() })) });
      for (let offset = 0; ; offset += PAGE) {
        const query = `type=static&fields=segments.id,segments.name&count=${PAGE}&offset=${offset}`;
        const { segments } = await read(`${listPath}/segments?${query}`, shape);
        for (const { id, name } of segments) yield { id: String(id), name };
        if (segments.length < PAGE) return;
      }
    },

    async deleteSegment(segmentId: string): Promise<void> {
      const path = `${listPath}/segments/${encodeURIComponent(segmentId)}`;
      await call({ method: "DELETE", path, answer: z.null() });
    },

    /**
     * Creates contacts, at most 500. Contacts that exist stay as they are (`update_existing: false` covers their status too) and
     * are named with ERROR_CONTACT_EXISTS; archived ones come back with our status, so they must not be among these people.
     * @returns the contacts it did not create.
     */
    async createMembers(people: readonly Person[]): Promise<BatchError[]> {
      const members = people.map((person) => ({ ...memberBody(person), ...optIn(person) }));
      const body = { members, update_existing: false, sync_tags: false };
      // Whoever was created needs no answer; each would come back with everything that is known of them.
      const path = `${listPath}?skip_merge_validation=true&fields=errors,error_count`;
      return (await call({ method: "POST", path, body, answer: batchErrors })).errors;
    },

    /** The merge fields of the audience, by tag. */
    async mergeFields(): Promise<{ tag: string; type: string }[]> {
      const shape = z.object({ merge_fields: z.array(z.object({ tag: z.string(), type: z.string() })) });
      const path = `${listPath}/merge-fields?fields=merge_fields.tag,merge_fields.type&count=${PAGE}`;
      return (await read(path, shape)).merge_fields;
    },

    async createMergeField({ name: tag, label: name, type }: Field): Promise<void> {
      const body = { tag, name, type, required: false, public: false };
      await call({ method: "POST", path: `${listPath}/merge-fields`, body, answer: z.object({ tag: z.string() }) });
    },

    listId,

    /** Writes names and traits of one contact, whose status stays what it is. */
    async updateMember(person: Person): Promise<void> {
      const { path, params, body } = memberUpdate(listId, person);
      const url = `/3.0${path}?${new URLSearchParams(params).toString()}`;
      const put = { ...body, status_if_new: memberBody(person).status };
      await call({ method: "PUT", path: url, body: put, answer: z.object({ id: z.string() }) });
    },

    /**
     * Has Mailchimp do what `updateMember` does for up to 500 people, when it comes to it. Whoever is gone by then is not created.
     * @returns the batch's id.
     */
    async createBatch(operations: readonly { id: string; person: Person }[]): Promise<string> {
      const body = {
        operations: operations.map(({ id, person }) => {
          const { path, params, body: update } = memberUpdate(listId, person);
          return { method: "PATCH", path, params, operation_id: id, body: JSON.stringify(update) };
        }),
      };
      const answer = z.object({ id: z.string().min(1) });
      return (await call({ method: "POST", path: "/3.0/batches?fields=id", body, answer })).id;
    },

    /** Where a batch stands; once it is `finished`, its results are an archive at an address that is good for ten minutes. */
    async batch(id: string): Promise<{ status: string; response_body_url?: string | null | undefined }> {
      const shape = z.object({ status: z.string(), response_body_url: z.string().nullish() });
      return read(`/3.0/batches/${encodeURIComponent(id)}?fields=status,response_body_url`, shape);
    },

    /** Stops a batch, if it is running, and drops its results. */
    async deleteBatch(id: string): Promise<void> {
      await call({ method: "DELETE", path: `/3.0/batches/${encodeURIComponent(id)}`, answer: z.null() });
    },

    /** The addresses that Mailchimp calls about the audience. */
    async hooks(): Promise<{ id: string; url: string }[]> {
      const shape = z.object({ webhooks: z.array(z.object({ id: z.string(), url: z.string() })) });
      return (await read(`${listPath}/webhooks?fields=webhooks.id,webhooks.url`, shape)).webhooks;
    },

    /** What we change ourselves through the interface is not told. */
    async createHook(url: string): Promise<string> {
      const events = {
        subscribe: true,
        unsubscribe: true,
        profile: true,
        cleaned: true,
        upemail: true,
        campaign: false,
      };
      const body = { url, events, sources: { user: true, admin: true, api: false } };
      const path = `${listPath}/webhooks`;
      return (await call({ method: "POST", path, body, answer: z.object({ id: z.string() }) })).id;
    },

    async deleteHook(hookId: string): Promise<void> {
      const path = `${listPath}/webhooks/${encodeURIComponent(hookId)}`;
      await call({ method: "DELETE", path, answer: z.null() });
    },

    /** A contact's status and when they opted in. @throws Refused with status 404 when the list has no such contact. */
    async statusOf(email: string): Promise<{ status: string; optedInAt: Date | null }> {
      const shape = z.object({ status: z.string(), timestamp_opt: z.string().nullish() });
      const { status, timestamp_opt: opted } = await read(
        `${listPath}/members/${hashOf(email)}?fields=status,timestamp_opt`,
        shape,
      );
      return { status, optedInAt: opted ? new Date(opted) : null };
    },

    /** Changes the status of a contact who is there. */
    async setStatus(email: string, status: "subscribed" | "unsubscribed"): Promise<void> {
      const path = `${listPath}/members/${hashOf(email)}`;
      await call({ method: "PATCH", path, body: { status }, answer: z.object({ id: z.string() }) });
    },

    /** Deletes a contact for good: the address cannot be imported again. */
    async forgetMember(email: string): Promise<void> {
      const path = `${listPath}/members/${hashOf(email)}/actions/delete-permanent`;
      await call({ method: "POST", path, answer: z.null() });
    },

    /** At most 500 addresses of each. Addresses that are not in the list are ignored. */
    async changeSegment(segmentId: string, change: { add?: string[]; remove?: string[] }): Promise<SegmentChange> {
      const fields = "fields=members_added.email_address,total_added,errors.email_addresses,error_count";
      const path = `${listPath}/segments/${encodeURIComponent(segmentId)}?${fields}`;
      const body = {
        ...(change.add && { members_to_add: change.add }),
        ...(change.remove && { members_to_remove: change.remove }),
      };
      return call({ method: "POST", path, body, answer: segmentChange });
    },

    /** One contact's status and segments. @throws Refused with status 404 when the list has no such contact. */
    async contact(email: string): Promise<{ status: string; segmentIds: string[] }> {
      const { status, tags } = await read(`${listPath}/members/${hashOf(email)}?fields=status,tags`, contactState);
      return { status, segmentIds: tags.map((tag) => String(tag.id)) };
    },

    async *archivedAddresses(): AsyncIterable<string> {
      for (let offset = 0; ; offset += PAGE) {
        const query = `status=archived&fields=members.email_address&count=${PAGE}&offset=${offset}`;
        const { members } = await read(`${listPath}/members?${query}`, addresses);
        for (const member of members) yield member.email_address;
        if (members.length < PAGE) return;
      }
    },

    /**
     * Contacts with this status, or those of any status that changed after a moment, some of them twice. `changedAt` is the last change of any
     * kind.
     */
    async *contacts(which: { status: string } | { since: Date }): AsyncIterable<Contact> {
      const chosen = "status" in which ? `status=${which.status}` : `since_last_changed=${which.since.toISOString()}`;
      const fields = "fields=members.email_address,members.status,members.last_changed,members.timestamp_opt";
      for (let offset = 0; ; offset += PAGE - PAGES_OVERLAP) {
        const { members } = await read(
          `${listPath}/members?${chosen}&${fields}&count=${PAGE}&offset=${offset}`,
          contacts,
        );
        for (const { email_address: email, status, last_changed: changedAt, timestamp_opt: opted } of members)
          yield { email, status, changedAt, optedInAt: opted ? new Date(opted) : null };
        if (members.length < PAGE) return;
      }
    },

    /** Campaigns to the audience that were sent after a moment. */
    async campaigns(since: Date): Promise<{ id: string; sentAt: Date }[]> {
      const query = `list_id=${encodeURIComponent(listId)}&status=sent&since_send_time=${since.toISOString()}`;
      const found: { id: string; sentAt: Date }[] = [];
      for (let offset = 0; ; offset += PAGE) {
        const path = `/3.0/campaigns?${query}&fields=campaigns.id,campaigns.send_time&count=${PAGE}&offset=${offset}`;
        const page = await read(path, campaigns);
        found.push(...page.campaigns.map(({ id, send_time }) => ({ id, sentAt: send_time })));
        if (page.campaigns.length < PAGE) return found;
      }
    },

    /** Opens, clicks and bounces of a campaign after a moment. */
    async *activity(
      campaignId: string,
      since: Date,
    ): AsyncIterable<(Happened & { action: string; url: string | null })[]> {
      const query = `&since=${since.toISOString()}`;
      for await (const { emails } of reports(
        campaignId,
        "email-activity",
        query,
        activity,
        (page) => page.emails.length,
      ))
        yield emails.flatMap(({ email_address: email, activity }) =>
          activity.map(({ action, timestamp, url }) => ({ email, action, at: timestamp, url: url ?? null })),
        );
    },

    /** To whom a campaign was sent; `at` null where the report does not tell. */
    async *deliveries(campaignId: string): AsyncIterable<{ email: string; at: Date | null }[]> {
      for await (const { sent_to } of reports(campaignId, "sent-to", "", deliveries, (page) => page.sent_to.length))
        yield sent_to.flatMap(({ email_address: email, status, sent }) =>
          status === "sent" ? [{ email, at: sent ?? null }] : [],
        );
    },

    async *unsubscribes(campaignId: string): AsyncIterable<Happened[]> {
      const counted = reports(campaignId, "unsubscribed", "", unsubscribes, (page) => page.unsubscribes.length);
      for await (const page of counted)
        yield page.unsubscribes.map(({ email_address: email, timestamp: at }) => ({ email, at }));
    },

    async *complaints(campaignId: string): AsyncIterable<Happened[]> {
      const counted = reports(campaignId, "abuse-reports", "", complaints, (page) => page.abuse_reports.length);
      for await (const page of counted)
        yield page.abuse_reports.map(({ email_address: email, date: at }) => ({ email, at }));
    },

    /** Everyone in the segment. Without the three flags unsubscribed, cleaned and transactional contacts are left out. */
    async *segmentMembers(segmentId: string): AsyncIterable<{ id: string; email: string }> {
      const flags = "include_cleaned=true&include_transactional=true&include_unsubscribed=true";
      const path = `${listPath}/segments/${encodeURIComponent(segmentId)}/members`;
      for (let offset = 0; ; offset += PAGE) {
        const query = `${flags}&fields=members.id,members.email_address&count=${PAGE}&offset=${offset}`;
        const { members } = await read(`${path}?${query}`, segmentMembers);
        for (const member of members) yield { id: member.id, email: member.email_address };
        if (members.length < PAGE) return;
      }
    },
  };
}

function hashOf(email: string): string {
  return createHash("md5").update(email.toLowerCase()).digest("hex");
}

/** HTTP Basic: Mailchimp takes any name with the key. */
export function keyAuthorization(apiKey: string): string {
  return `Basic ${Buffer.from(`muster:${apiKey}`).toString("base64")}`;
}

/** What updates a contact and leaves their status alone; without `/3.0`, as a batch has it. */
export function memberUpdate(listId: string, person: Person) {
  const { status: _, ...body } = memberBody(person);
  return {
    path: `/lists/${encodeURIComponent(listId)}/members/${hashOf(person.email)}`,
    params: { skip_merge_validation: "true", fields: "id" },
    body,
  };
}

/**
 * Without it Mailchimp takes the moment of creation, and an unsubscribe that was given before but is heard of after would look older
 * than the subscription.
 */
function optIn({ consent, consentedAt }: Person) {
  return consent === "subscribed" && consentedAt !== null && { timestamp_opt: consentedAt.toISOString() };
}

/** `subscribed` only for someone who is; anyone else becomes what Mailchimp's pages call non-subscribed. */
function memberBody(person: Person) {
  return {
    email_address: person.email,
    status: person.consent === "subscribed" ? "subscribed" : "transactional",
    merge_fields: {
      ...(person.firstName !== null && { FNAME: person.firstName }),
      ...(person.lastName !== null && { LNAME: person.lastName }),
      // Mailchimp clears a field with an empty text.
      ...(person.traits && Object.fromEntries(Object.entries(person.traits).map(([tag, value]) => [tag, value ?? ""]))),
    },
  };
}
