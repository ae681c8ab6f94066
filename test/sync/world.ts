import { createHash, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { createCrypto } from "../../app/platform/crypto.server.ts";
import { type CallOut, createCallOut } from "../../app/platform/call-out.server.ts";
import { createDownload, type Download } from "../../app/platform/download.server.ts";
import { newSigningSecret } from "../../app/platform/signed-message.ts";
import type { Db } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import { hearConsents } from "../../app/sync/consent/hear-consents.server.ts";
import { credentialsPlace } from "../../app/sync/credentials-place.ts";
import { connectDestination } from "../../app/sync/destination-store.server.ts";
import {
  createDestinations,
  type Destinations,
  type NewConnection,
  serializeCredentials,
} from "../../app/sync/destinations.ts";
import { ensureAudiences, projectAudiences } from "../../app/sync/projection-store.server.ts";
import { createRenewStored } from "../../app/sync/oauth/renew-stored.server.ts";
import type { Limits } from "../../app/sync/limits/limiter.ts";
import { createKeptBatches } from "../../app/sync/kept-batches.server.ts";
import { reconcileAudience } from "../../app/sync/reconcile.server.ts";
import { syncAudience } from "../../app/sync/sync-audience.server.ts";
import { audienceStates } from "../../app/sync/sync-store.server.ts";
import type { FaultSettings } from "../sandbox/faults.ts";
import { listen } from "../sandbox/http.ts";
import { createKlaviyo } from "../sandbox/klaviyo/klaviyo.ts";
import { createMailchimp } from "../sandbox/mailchimp/mailchimp.ts";
import { createReceiver } from "../sandbox/receiver/receiver.ts";
import { watchWire } from "./wire.ts";

export type Kind = "klaviyo" | "mailchimp" | "webhook";

const LIST = "5a4db0c5e1";
/** What both platforms know this app by. */
const APP = { clientId: "muster", clientSecret: "of the app", accountId: "ACC" };
/** What messages to the receiver are signed with. */
export const SECRET = newSigningSecret(Buffer.alloc(32, 7));
const CONNECTIONS: Record<Exclude<Kind, "webhook">, NewConnection> = {
  klaviyo: { kind: "klaviyo", credentials: { apiKey: "pk_test" }, settings: {} },
  mailchimp: { kind: "mailchimp", credentials: { apiKey: "test-us1" }, settings: { listId: LIST } },
};
const connectionTo = (kind: Kind, url: string): NewConnection =>
  kind === "webhook"
    ? { kind, credentials: { url: `${url}/muster`, secret: SECRET }, settings: {} }
    : CONNECTIONS[kind];
const crypto = createCrypto([randomBytes(32).toString("base64")]);

export interface Someone {
  id: number;
  email?: string | null;
  consent?: string;
  firstName?: string;
}

/** A shop with one segment, its people, and the sandbox vendor its audience is kept in. */
export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld(db: Db, kind: Kind) {
  const vendor = await startVendor(kind);
  const shop = await createShop(db);
  const segmentId = await createSegment(db, shop, "Loyal");
  const wire = watchWire();
  const callOut = createCallOut({ sandboxOrigin: vendor.url });
  const download = createDownload({ sandboxOrigin: vendor.url });
  const destinationsOver = (
    fetch: typeof globalThis.fetch,
    {
      callOut: post = callOut,
      limits,
      ...batches
    }: { callOut?: CallOut; limits?: Limits; db?: Db; download?: Download } = {},
  ) =>
    createDestinations({
      ...(limits && { limits }),
      crypto,
      callOut: post,
      batches: {
        kept: createKeptBatches({ db: batches.db ?? db, now: () => now() }),
        download: batches.download ?? download,
      },
      oauth: {
        klaviyo: { ...APP, authorizeUrl: `${vendor.url}/oauth/authorize`, tokenUrl: `${vendor.url}/oauth/token` },
        mailchimp: { ...APP, authorizeUrl: `${vendor.url}/oauth2/authorize`, tokenUrl: `${vendor.url}/oauth2/token` },
        renewStored: createRenewStored({ db, crypto }),
      },
      klaviyoUrl: vendor.url,
      mailchimpUrl: vendor.url,
      fetch,
      // Patience between two reads is not what the tests are about.
      sleep: (ms) => setTimeout(Math.min(ms, 60)),
    });
  const destinations = destinationsOver(wire.fetch);
  // Back-off is waited out by moving this clock; the vendor's clock is the machine's.
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const moment = () => ({ now: now(), receivedAt: null, dueAfterMs: 0 });

  const world = {
    db,
    shop,
    segmentId,
    vendor,
    destinations,
    crypto,
    marks: crypto.marks,
    /** As another process has them, under limits of its own. */
    otherDestinations: (limits?: Limits) => destinationsOver(wire.fetch, limits && { limits }),
    wire,
    now,

    /** Connects the vendor, or connects it again with other settings. */
    async connect(connection: NewConnection = connectionTo(kind, vendor.url)): Promise<number> {
      const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, kind));
      await connectDestination(db, shop, { kind, sealed, settings: connection.settings }, now());
      const [audienceId] = await ensureAudiences(db, shop, moment());
      return audienceId ?? (await world.overview()).audienceId;
    },

    /** Connects the vendor with no audience at all. */
    async connectOnly(): Promise<number> {
      const connection = connectionTo(kind, vendor.url);
      const sealed = crypto.seal(serializeCredentials(connection), credentialsPlace(shop, kind));
      const { settings } = connection;
      return connectDestination(db, shop, { kind, sealed, settings, everySegment: false }, now());
    },

    /** Writes the people's profiles and what their audiences are to hold; they are members already or become it. */
    async put(people: readonly Someone[]): Promise<number[]> {
      await writeProfiles(db, shop, people);
      await enter(db, shop, segmentId, people);
      return world.project(people.map(({ id }) => id));
    },

    /** Writes the people's profiles alone: their audiences hear of it later. */
    write: (people: readonly Someone[]) => writeProfiles(db, shop, people),

    async leave(ids: readonly number[]): Promise<number[]> {
      await db.query(
        `UPDATE memberships SET left_at = now() WHERE shop_id = $1 AND customer_id = ANY ($2::bigint[]) AND left_at IS NULL`,
        [shop, ids],
      );
      return world.project(ids);
    },

    project: (ids: readonly number[]) => db.tx((tx) => projectAudiences(tx, shop, ids.map(String), moment())),

    async overview() {
      const [overview] = await audienceStates(db, shop);
      if (!overview) throw new Error("there is no audience");
      return overview;
    },

    /** One pass. */
    async sync(limit = 500, which?: number) {
      const audienceId = which ?? (await world.overview()).audienceId;
      return syncAudience({ db, shop, audienceId, destinations, now, limit, passes: 4, random: () => 0 });
    },

    /** One pass whose process dies when the vendor has answered and nothing of it is recorded yet. */
    async killedSync(limit = 500) {
      const { audienceId } = await world.overview();
      const dying: Db = {
        ...db,
        query: (text, values) =>
          /SET acked_email = change|DELETE FROM audience_members/.test(text)
            ? Promise.reject(new Error("killed"))
            : db.query(text, values),
      };
      const pass = syncAudience({ db: dying, shop, audienceId, destinations, now, limit, passes: 4, random: () => 0 });
      await pass.catch((error: Error) => {
        if (error.message !== "killed") throw error;
      });
    },

    /** One run of the audience that dies there: see `killedAt`. */
    async syncKilledAt(nth: number): Promise<{ died: boolean; effects: string[] }> {
      const { audienceId } = await world.overview();
      return world.killedAt(nth, (dying, destinations) =>
        syncAudience({ db: dying, shop, audienceId, destinations, now, random: () => 0 }),
      );
    },

    /**
     * A run in a process of its own that dies right before its nth effect, a statement or a call to the vendor; what it began before
     * that is done. To die right after an effect is to die before the next, or at the end.
     * @returns the effects it came to, the last being where it died; all of them when there were fewer.
     */
    async killedAt(
      nth: number,
      run: (db: Db, destinations: Destinations) => Promise<unknown>,
    ): Promise<{ died: boolean; effects: string[] }> {
      const effects: string[] = [];
      let dead = false;
      const effect = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
        if (dead) throw new Killed();
        if (effects.push(name) === nth) dead = true;
        if (dead) throw new Killed();
        const result = await work();
        if (dead) throw new Killed();
        return result;
      };
      const dying: Db = {
        ...db,
        query: (text, values) => effect(statementName(text), () => db.query(text, values)),
        tx: (work) => effect("transaction", () => db.tx(work)),
      };
      const dyingFetch: typeof fetch = (url, init) =>
        effect(`${init?.method ?? "GET"} ${new URL(String(url)).pathname}`, () => wire.fetch(url, init));
      const dyingPost: CallOut = (call) => effect(`POST ${new URL(call.url).pathname}`, () => callOut(call));
      const destinations = destinationsOver(dyingFetch, {
        callOut: dyingPost,
        db: dying,
        download: (url, most) => effect("download", () => download(url, most)),
      });
      try {
        await run(dying, destinations);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      return { died: dead, effects };
    },

    /** Passes until nothing is due, back-off waited out; the last outcome. */
    async settle(limit = 500, which?: number): Promise<"settled" | "paused"> {
      for (let pass = 0; pass < 300; pass += 1) {
        const result = await world.sync(limit, which);
        if (result.outcome === "settled" || result.outcome === "paused") return result.outcome;
        ahead += Math.max(0, result.nextAt.getTime() - now().getTime());
      }
      throw new Error("it does not settle");
    },

    /** Asks the vendor who unsubscribed there, as often as it is called. */
    async hear() {
      const { audienceId } = await world.overview();
      await db.query(
        `UPDATE destinations SET consent_read_at = consent_read_at - interval '1 day' WHERE shop_id = $1`,
        [shop],
      );
      return hearConsents({ db, shop, marks: crypto.marks, audienceId, destinations, now });
    },

    async reconcile(repair = true) {
      const { audienceId } = await world.overview();
      const result = await reconcileAudience({ db, shop, audienceId, destinations, now, repair });
      if (result.outcome !== "read") throw new Error(`not read: ${result.outcome}`);
      return result.report;
    },
  };
  return world;
}

class Killed extends Error {}

/** The verb and the table, as in "UPDATE audience_members". */
function statementName(text: string): string {
  const [, verb = "", table = ""] = /\b(INSERT INTO|UPDATE|DELETE FROM|FROM)\s+(\w+)/.exec(text) ?? [];
  return `${verb === "FROM" ? "SELECT FROM" : verb} ${table}`;
}

async function createShop(db: Db): Promise<ShopId> {
  const { rows } = await db.query<{ id: ShopId }>(`INSERT INTO shops (domain) VALUES ($1) RETURNING id`, [
    `${randomBytes(6).toString("hex")}.myshopify.com`,
  ]);
  const [row] = rows;
  if (!row) throw new Error("no shop");
  return row.id;
}

async function createSegment(db: Db, shop: ShopId, name: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at) VALUES ($1, $2, $2, '{}', now(), now()) RETURNING id`,
    [shop, name],
  );
  return rows[0]?.id ?? 0;
}

async function writeProfiles(db: Db, shop: ShopId, people: readonly Someone[]): Promise<void> {
  const ids = people.map(({ id }) => id);
  const emails = people.map(({ id, email }) => (email === undefined ? addressOf(id) : email));
  await db.query(
    `INSERT INTO customers (shop_id, id, email, source_updated_at, source_triggered_at, source_delivery)
     SELECT $1, *, now(), now(), '' FROM unnest($2::bigint[], $3::text[])
     ON CONFLICT (shop_id, id) DO UPDATE SET email = excluded.email`,
    [shop, ids, emails],
  );
  await db.query(
    `INSERT INTO profiles (shop_id, customer_id, email, first_name, email_consent, orders_count, gross_minor, refunded_minor,
       computed_at)
     SELECT $1, *, 0, 0, 0, now() FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])
     ON CONFLICT (shop_id, customer_id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
       email_consent = excluded.email_consent`,
    [
      shop,
      ids,
      emails,
      people.map(({ firstName }) => firstName ?? "Ada"),
      people.map(({ consent }) => consent ?? "subscribed"),
    ],
  );
}

async function enter(db: Db, shop: ShopId, segmentId: number, people: readonly { id: number }[]): Promise<void> {
  await db.query(
    `INSERT INTO memberships (shop_id, segment_id, customer_id, entered_at, decided_at)
     SELECT $1, $2, id, clock_timestamp(), now() FROM unnest($3::bigint[]) AS someone (id)
     WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.shop_id = $1 AND m.segment_id = $2 AND m.customer_id = id
       AND m.left_at IS NULL)`,
    [shop, segmentId, people.map(({ id }) => id)],
  );
}

export function addressOf(id: number): string {
  return `person-${id}@example.com`;
}

export function crowd(count: number, consent = "subscribed"): Someone[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, consent }));
}

async function startVendor(kind: Kind) {
  const receiver = createReceiver({ secret: SECRET });
  const sandbox =
    kind === "webhook"
      ? receiver
      : kind === "klaviyo"
        ? createKlaviyo({
            privateKeys: { pk_test: { accountId: "ACC" } },
            jobMillis: 50,
            webhookAccounts: ["ACC"],
            oauth: APP,
          })
        : createMailchimp({
            apiKeys: { "test-us1": { accountId: "ACC" } },
            oauth: APP,
            audiences: [
              { id: LIST, name: "Customers" },
              { id: "elsewhere", name: "Others" },
            ],
          });
  const server = await listen(sandbox.handle);

  async function control<T>(method: "GET" | "POST", name: string, body?: unknown): Promise<T> {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await fetch(`${server.url}/__sandbox/${name}`, init)).json() as Promise<T>;
  }

  /** A call as anybody with the key could make it. */
  async function call(line: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const [method = "", path = ""] = line.split(" ");
    const headers: Record<string, string> =
      kind === "klaviyo"
        ? { authorization: "Klaviyo-API-Key pk_test", revision: "2026-07-15", "content-type": "application/json" }
        : { authorization: "Bearer test-us1", "content-type": "application/json" };
    const response = await fetch(server.url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  return {
    kind,
    url: server.url,
    ledger: () => sandbox.ledger.report(),
    faults: (settings: FaultSettings) => control("POST", "faults", settings),
    engage: (what: { email: string; action: string }) => control("POST", "engage", what),
    moves: (email: string, to: string) => control("POST", "move", { email, to }),
    /** Where it calls when somebody decides something there. */
    async webhooks(): Promise<string[]> {
      const { accounts } = await control<VendorState>("GET", "state");
      return accounts.ACC?.webhooks ?? accounts.ACC?.audiences?.[0]?.webhooks ?? [];
    },
    personDecides: (decision: "subscribe" | "unsubscribe", email: string) => control("POST", decision, { email }),
    /** The merchant revokes the key, or has it restored. */
    /** All access runs out now, or the owner of the account withdraws the permission. */
    access: (what: "expire" | "withdraw") => control("POST", what, {}),
    async renewals(): Promise<number> {
      return (await control<{ renewals: number }>("GET", "renewals")).renewals;
    },
    key: (what: "revoke" | "restore") => control("POST", what, {}),
    /** Somebody deletes the audience in the vendor's own pages. */
    deleteAudience: (id: string) =>
      call(
        {
          klaviyo: `DELETE /api/lists/${id}`,
          mailchimp: `DELETE /3.0/lists/${LIST}/segments/${id}`,
          webhook: `DELETE /audiences/${id}`,
        }[kind],
      ),
    /** What the merchant's own system knows from now on. */
    learnSecret: receiver.learn,
    call,
    /** Everyone the vendor knows, by address: their consent there. */
    async people(): Promise<Record<string, string>> {
      const { accounts } = await control<VendorState>("GET", "state");
      const all = kind === "mailchimp" ? (accounts.ACC?.audiences?.[0]?.members ?? []) : (accounts.ACC?.profiles ?? []);
      return Object.fromEntries(
        all.map((person) => [person.email, "consent" in person ? person.consent : person.status]),
      );
    },
    /** What the vendor keeps of one person under these names. */
    async traits(email: string, fields: readonly string[]): Promise<unknown[]> {
      if (kind === "klaviyo") {
        const filter = encodeURIComponent(`equals(email,"${email}")`);
        const { body } = await call(`GET /api/profiles?filter=${filter}`);
        const kept = (body as { data: { attributes: { properties: Record<string, unknown> } }[] }).data[0]?.attributes;
        return fields.map((field) => kept?.properties[field] ?? null);
      }
      if (kind === "webhook") {
        const { body } = await call(`GET /people/${encodeURIComponent(email)}`);
        return fields.map((field) => (body as { traits?: Record<string, unknown> }).traits?.[field] ?? null);
      }
      const hash = createHash("md5").update(email).digest("hex");
      const { body } = await call(`GET /3.0/lists/${LIST}/members/${hash}`);
      return fields.map((field) => (body as { merge_fields: Record<string, unknown> }).merge_fields[field]);
    },
    async audiences(): Promise<{ id: string; name: string; members: string[] }[]> {
      const { accounts } = await control<VendorState>("GET", "state");
      const found = kind === "mailchimp" ? accounts.ACC?.audiences?.[0]?.segments : accounts.ACC?.lists;
      return (found ?? []).map(({ id, name, members }) => ({ id: String(id), name, members: members.toSorted() }));
    },
    async close() {
      await server.close();
      sandbox.close();
    },
  };
}

interface RemoteAudience {
  id: string | number;
  name: string;
  members: string[];
}

interface VendorState {
  accounts: {
    ACC?: {
      profiles?: { email: string; consent: string }[];
      lists?: RemoteAudience[];
      webhooks?: string[];
      audiences?: { webhooks: string[]; members: { email: string; status: string }[]; segments: RemoteAudience[] }[];
    };
  };
}
