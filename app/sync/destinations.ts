import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { expiring, lasting } from "./authorization.ts";
import type { CallOut } from "../platform/call-out.server.ts";
import type { Download } from "../platform/download.server.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import { newSigningSecret } from "../platform/signed-message.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type {
  CallRecord,
  ConnectionForm,
  Destination,
  FieldRules,
  HookCall,
  HookReading,
  OAuth,
  Place,
  Tokens,
} from "./destination.ts";
import { credentialsPlace } from "./credentials-place.ts";
import type { DestinationKind, DestinationRow } from "./destination-store.server.ts";
import { createTransport } from "./http.ts";
import type { KeptBatches } from "./kept-batches.server.ts";
import type { Limits, Priority } from "./limits/limiter.ts";
import { createLocalLimits } from "./limits/local-limits.ts";
import { createKlaviyoClient } from "./klaviyo/client.ts";
import { connectionForm as klaviyoForm } from "./klaviyo/connection-form.ts";
import { fieldRules as klaviyoFields } from "./klaviyo/field-rules.ts";
import { createKlaviyoDestination } from "./klaviyo/destination.ts";
import { type Operation, OPERATIONS } from "./klaviyo/operations.ts";
import { readHook as readKlaviyoHook } from "./klaviyo/read-hook.ts";
import { createKlaviyoOAuth, REVOKED as KLAVIYO_REVOKED } from "./klaviyo/oauth.ts";
import { createMailchimpClient, keyAuthorization } from "./mailchimp/client.ts";
import { createMailchimpOAuth, REVOKED as MAILCHIMP_REVOKED } from "./mailchimp/oauth.ts";
import { connectionForm as mailchimpForm } from "./mailchimp/connection-form.ts";
import { fieldRules as mailchimpFields } from "./mailchimp/field-rules.ts";
import { createMailchimpDestination } from "./mailchimp/destination.ts";
import { readHook as readMailchimpHook } from "./mailchimp/read-hook.ts";
import { listAudiences } from "./mailchimp/list-audiences.ts";
import { PauseConnection } from "./retry-classes.ts";
import { createWebhookClient } from "./webhook/client.ts";
import { connectionForm as webhookForm } from "./webhook/connection-form.ts";
import { createWebhookDestination } from "./webhook/destination.ts";
import { fieldRules as webhookFields } from "./webhook/field-rules.ts";

export interface DestinationsOptions {
  crypto: Pick<Crypto, "open">;
  /** Posts to addresses that merchants typed in. */
  callOut: CallOut;
  klaviyoUrl: string;
  /** Replaces `https://<dc>.api.mailchimp.com`. */
  mailchimpUrl?: string | undefined;
  /** The platforms that this app is known to, as it is known there. */
  oauth?: {
    klaviyo?: OAuthClient | undefined;
    mailchimp?: OAuthClient | undefined;
    /** Renews access that is stored, once for all processes. */
    renewStored: RenewStored;
  };
  /** What work that a platform does by itself is kept in and its results fetched with; without, everybody is sent one by one. */
  batches?: { kept(place: StoredPlace): KeptBatches; download: Download };
  /** Shared by all processes where they can be; without, those of this process alone. */
  limits?: Limits;
  fetch?: typeof fetch;
  sleep?(ms: number): Promise<void>;
}

export interface OAuthClient {
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  tokenUrl: string;
}

/** A destination that is stored. */
export interface StoredPlace {
  shop: ShopId;
  destinationId: number;
}

export type RenewStored = (
  place: StoredPlace,
  stale: Tokens,
  renew: (held: Tokens) => Promise<Tokens>,
) => Promise<Tokens>;

/** Makes destinations out of what a merchant connected. One per process: it holds the accounts' limiters. */
export interface Destinations {
  /** @throws when the stored credentials do not open or the settings are not what that kind needs. */
  open(shop: ShopId, row: StoredConnection & Pick<DestinationRow, "id" | "accountId">): Destination;
  /** What was given to connect. @throws as `open` does. */
  stored(shop: ShopId, row: StoredConnection): NewConnection;
  /** With credentials that are not stored yet, for `check`. */
  connect(connection: NewConnection): Destination;
  /** What credentials open, for the merchant to choose from; none for a kind whose account is one place. @throws RetryLater. */
  places(kind: DestinationKind, credentials: unknown): Promise<Places>;
  /** The kinds that are connected by permission here, too. */
  oauth: Readonly<Partial<Record<DestinationKind, OAuth>>>;
}

export type StoredConnection = Pick<DestinationRow, "kind" | "credentials" | "settings">;

export type Places = { outcome: "found"; places: Place[] } | { outcome: "refused"; reason: string };

/** One form for each kind there is. */
export const CONNECTION_FORMS: readonly ConnectionForm[] = [klaviyoForm, mailchimpForm, webhookForm];

/** How the fields are named that traits go into, for each kind there is. */
export const FIELD_RULES: Readonly<Record<DestinationKind, FieldRules>> = {
  klaviyo: klaviyoFields,
  mailchimp: mailchimpFields,
  webhook: webhookFields,
};

/** How a platform's calls to us are read, for each kind that calls. */
export const HOOK_READERS: Readonly<Partial<Record<DestinationKind, (call: HookCall) => HookReading>>> = {
  klaviyo: readKlaviyoHook,
  mailchimp: readMailchimpHook,
};

export type NewConnection = z.infer<typeof newConnection>;

/** A key or a permission. */
const eitherOne = (given: { apiKey?: unknown; oauth?: unknown }): boolean =>
  (given.apiKey === undefined) !== (given.oauth === undefined);
const klaviyoCredentials = z
  .object({
    apiKey: z
      .string()
      .regex(/^[\w-]+$/, "This is no Klaviyo private key: it starts with pk_ and has letters and digits only.")
      .optional(),
    oauth: z.object({ access: z.string(), refresh: z.string(), expiresAt: z.coerce.date() }).optional(),
  })
  .refine(eitherOne, "The key is missing.");
const mailchimpCredentials = z
  .object({
    /** The data centre after the dash becomes part of a host name. */
    apiKey: z
      .string()
      .regex(/^\w+-[a-z]{2}\d{1,3}$/, "This is no Mailchimp key: it ends in its data centre, as in -us19.")
      .optional(),
    oauth: z.object({ access: z.string(), dc: z.string().regex(/^[a-z]{2}\d{1,3}$/) }).optional(),
  })
  .refine(eitherOne, "The key is missing.");

const webhookCredentials = z.object({
  url: z.url("This is not an address. It has to look like https://example.com/audiences."),
  secret: z.string(),
  /** Signs beside the new one for a while after it was changed. */
  old: z.object({ secret: z.string(), until: z.coerce.date() }).optional(),
});

/** What a merchant gives to connect. The settings decide, with the kind, which place it is. */
const newConnection = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("klaviyo"), credentials: klaviyoCredentials, settings: z.object({}) }),
  z.object({
    kind: z.literal("mailchimp"),
    credentials: mailchimpCredentials,
    settings: z.object({ listId: z.string().regex(/^\w+$/) }),
  }),
  z.object({ kind: z.literal("webhook"), credentials: webhookCredentials, settings: z.object({}) }),
]);

/** What Mailchimp allows an account. */
const MAILCHIMP_CONNECTIONS = 10;
/** What a merchant's own system has to stand: README.md says it. */
const RECEIVER_CALLS = { perSecond: 10, atOnce: 4 };

export function createDestinations(options: DestinationsOptions): Destinations {
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const limits = options.limits ?? createLocalLimits();
  const ownFetch = options.fetch && { fetch: options.fetch };
  const now = (): Date => new Date();
  const klaviyoOAuth = options.oauth?.klaviyo && createKlaviyoOAuth({ ...options.oauth.klaviyo, now, ...ownFetch });

  /** Two shops that connect one account share its limits, and so do two keys of it once it is known. */
  const accountOf = (kind: DestinationKind, apiKey: string, accountId: string | null): string =>
    accountId === null ? createHash("sha256").update(apiKey).digest("base64url") : `${kind}-${accountId}`;

  const klaviyo = (
    { apiKey = "", oauth }: z.infer<typeof klaviyoCredentials>,
    accountId: string | null,
    stored: StoredPlace | null,
  ): Destination => {
    const account = accountOf("klaviyo", oauth?.refresh ?? apiKey, accountId);
    const calls = createCallBook();
    const transport = createTransport({
      vendor: "Klaviyo",
      onCall: calls.note,
      ...(oauth && { unauthorised: KLAVIYO_REVOKED }),
      ...ownFetch,
    });
    const authorization = oauth
      ? expiring(oauth, (stale) => renewKlaviyo(stored, stale), now)
      : lasting(`Klaviyo-API-Key ${apiKey}`);
    const limiter = (operation: Operation) => limits.of(account, operation, OPERATIONS[operation]);
    const clientFor = (priority: Priority) =>
      createKlaviyoClient({ transport, baseUrl: options.klaviyoUrl, authorization, limiter, priority, sleep });
    return createKlaviyoDestination({
      takeCalls: calls.take,
      clientFor,
      sleep,
      singlesAvailable: () => limiter("importProfile").available(),
    });
  };

  /** Only what is stored can be renewed for everybody. */
  async function renewKlaviyo(stored: StoredPlace | null, stale: Tokens): Promise<Tokens> {
    const renew = klaviyoOAuth?.renew;
    const renewStored = options.oauth?.renewStored;
    if (!stored || !renew || !renewStored)
      throw new PauseConnection("Klaviyo was connected by an app that is not set up here any more");
    return renewStored(stored, stale, renew);
  }

  /** A key names the data centre its account is in. */
  const toMailchimp = ({ apiKey = "", oauth }: z.infer<typeof mailchimpCredentials>) => ({
    baseUrl: options.mailchimpUrl ?? `https://${oauth?.dc ?? apiKey.split("-")[1]}.api.mailchimp.com`,
    authorization: oauth ? `Bearer ${oauth.access}` : keyAuthorization(apiKey),
    proof: oauth?.access ?? apiKey,
    transport: {
      vendor: "Mailchimp",
      bareForbidden: "retry",
      ...(oauth && { unauthorised: MAILCHIMP_REVOKED }),
      ...ownFetch,
    } as const,
  });

  const mailchimp = (
    credentials: z.infer<typeof mailchimpCredentials>,
    listId: string,
    accountId: string | null,
    stored: StoredPlace | null,
  ): Destination => {
    const calls = createCallBook();
    const { baseUrl, authorization, proof, transport: given } = toMailchimp(credentials);
    const transport = createTransport({ ...given, onCall: calls.note });
    const connections = limits.of(accountOf("mailchimp", proof, accountId), "connections", {
      atOnce: MAILCHIMP_CONNECTIONS,
    });
    const clientFor = (priority: Priority) =>
      createMailchimpClient({ transport, baseUrl, authorization, listId, connections, priority, sleep });
    const { batches } = options;
    const inBatches = batches && stored && { download: batches.download, kept: batches.kept(stored), sleep };
    return createMailchimpDestination(clientFor, calls.take, inBatches ?? null);
  };

  const webhook = ({ url, secret, old }: z.infer<typeof webhookCredentials>): Destination => {
    const account = receiverOf(url);
    const calls = createCallBook();
    const secrets = [secret, ...(old && old.until > now() ? [old.secret] : [])];
    const newId = (): string => `msg_${randomUUID().replaceAll("-", "")}`;
    const limiter = limits.of(`webhook-${account.id}`, "calls", RECEIVER_CALLS);
    const shared = { callOut: options.callOut, url, secrets, calls: limiter, onCall: calls.note, now, newId };
    return createWebhookDestination({
      clientFor: (priority) => createWebhookClient({ ...shared, priority }),
      takeCalls: calls.take,
      account,
    });
  };

  function connect(
    connection: NewConnection,
    accountId: string | null = null,
    stored: StoredPlace | null = null,
  ): Destination {
    switch (connection.kind) {
      case "klaviyo":
        return klaviyo(connection.credentials, accountId, stored);
      case "mailchimp":
        return mailchimp(connection.credentials, connection.settings.listId, accountId, stored);
      case "webhook":
        return webhook(connection.credentials);
    }
  }

  async function places(kind: DestinationKind, credentials: unknown): Promise<Places> {
    if (kind !== "mailchimp") return { outcome: "found", places: [] };
    const key = mailchimpCredentials.safeParse(credentials);
    if (!key.success)
      return { outcome: "refused", reason: key.error.issues[0]?.message ?? "This is no Mailchimp key." };
    const { baseUrl, authorization, transport } = toMailchimp(key.data);
    try {
      const found = await listAudiences({ transport: createTransport(transport), baseUrl, authorization });
      if (found.length > 0) return { outcome: "found", places: found };
      return { outcome: "refused", reason: "The account has no audience yet. Create one at Mailchimp first." };
    } catch (error) {
      if (error instanceof PauseConnection) return { outcome: "refused", reason: error.message };
      throw error;
    }
  }

  function stored(shop: ShopId, { kind, credentials, settings }: StoredConnection): NewConnection {
    const opened: unknown = JSON.parse(options.crypto.open(credentials, credentialsPlace(shop, kind)).toString("utf8"));
    return newConnection.parse({ kind, credentials: opened, settings });
  }

  return {
    connect: (connection) => connect(connection),
    places,
    oauth: {
      ...(klaviyoOAuth && { klaviyo: klaviyoOAuth }),
      ...(options.oauth?.mailchimp && { mailchimp: createMailchimpOAuth({ ...options.oauth.mailchimp, ...ownFetch }) }),
    },
    stored,
    open: (shop, row) => connect(stored(shop, row), row.accountId, { shop, destinationId: row.id }),
  };
}

const MOST_CALLS_KEPT = 500;

/** The calls of one destination until somebody takes them. */
function createCallBook(): { note(call: CallRecord): void; take(): CallRecord[] } {
  let calls: CallRecord[] = [];
  return {
    note: (call) => void (calls.length < MOST_CALLS_KEPT && calls.push(call)),
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
  };
}

export interface TypedConnection {
  kind: DestinationKind;
  apiKey: string;
  /** Id of the chosen place; null for a kind whose account is one. */
  place: string | null;
}

/**
 * What a merchant typed, checked for its form only.
 * @param random 32 random bytes, for a kind whose secret is ours
 */
export function readConnection(
  { kind, apiKey, place }: TypedConnection,
  random: Buffer,
): { outcome: "read"; connection: NewConnection } | { outcome: "refused"; reason: string } {
  return toConnection(kind, typedCredentials(kind, apiKey, random), place);
}

/** @param random 32 random bytes, for a kind whose secret is ours */
export function typedCredentials(kind: DestinationKind, apiKey: string, random: Buffer): object {
  return kind === "webhook" ? { url: apiKey, secret: newSigningSecret(random) } : { apiKey };
}

/** Credentials and the place that was chosen, checked for their form only. */
export function toConnection(
  kind: DestinationKind,
  credentials: object,
  place: string | null,
): { outcome: "read"; connection: NewConnection } | { outcome: "refused"; reason: string } {
  const settings = kind === "mailchimp" ? { listId: place } : {};
  const parsed = newConnection.safeParse({ kind, credentials, settings });
  if (parsed.success) return { outcome: "read", connection: parsed.data };
  return { outcome: "refused", reason: parsed.error.issues[0]?.message ?? "The connection is incomplete." };
}

/** The secret that the merchant has to be shown, once; null: there is none. */
export function secretToShow(connection: NewConnection): string | null {
  return connection.kind === "webhook" ? connection.credentials.secret : null;
}

/** Another secret for the same place; the one before signs too until then. @returns null for a kind whose secret is the platform's. */
export function withNewSecret(connection: NewConnection, random: Buffer, oldUntil: Date): NewConnection | null {
  if (connection.kind !== "webhook") return null;
  const { url, secret } = connection.credentials;
  const credentials = { url, secret: newSigningSecret(random), old: { secret, until: oldUntil } };
  return { ...connection, credentials };
}

/** The access that was permitted and runs out; null: a key, or access that does not. */
export function tokensOf(connection: NewConnection): Tokens | null {
  return connection.kind === "klaviyo" ? (connection.credentials.oauth ?? null) : null;
}

/** Whether both lead to the same receiver. */
export function isSamePlace(one: NewConnection, other: NewConnection): boolean {
  return one.kind === "webhook" && other.kind === "webhook" && one.credentials.url === other.credentials.url;
}

/** Where a receiver is, without what in its address may be a secret. */
function receiverOf(url: string): { id: string; name: string } {
  return { id: createHash("sha256").update(url).digest("base64url").slice(0, 22), name: new URL(url).host };
}

/** The text that is sealed into a destination's row. */
export function serializeCredentials({ credentials }: NewConnection): string {
  return JSON.stringify(credentials);
}
