import type { Sql } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/shopify/shop-id.ts";
import type { DestinationKind } from "../../app/sync/destination-store.server.ts";
import { audienceStates } from "../../app/sync/sync-store.server.ts";
import type { LedgerReport } from "../sandbox/ledger.ts";
import type { AudienceEvidence, Evidence } from "./judge.ts";
import type { Delivered, Sandbox } from "./sandbox-process.ts";
import type { DemoApp } from "./start-app.ts";

interface RemoteList {
  name: string;
  members: string[];
}
interface State {
  accounts: Record<
    string,
    {
      profiles?: { email: string | null; consent: string }[];
      writtenEvents?: { uniqueId: string | null }[];
      lists?: RemoteList[];
      audiences?: { members: { email: string; status: string }[]; segments: RemoteList[] }[];
    }
  >;
}

/** Asks the vendors' control endpoints and the database; nothing goes through the app's own reading. */
export async function gatherEvidence(
  { muster, shop }: DemoApp,
  { urls }: Sandbox,
  { everSubscribed }: Delivered,
): Promise<Evidence> {
  const ask = async <T>(url: string, what: string): Promise<T> =>
    (await fetch(`${url}/__sandbox/${what}`)).json() as Promise<T>;
  const [klaviyo, mailchimp] = [await ask<State>(urls.klaviyo, "state"), await ask<State>(urls.mailchimp, "state")];
  const accounts = [...Object.values(klaviyo.accounts), ...Object.values(mailchimp.accounts)];
  const lists: Partial<Record<DestinationKind, RemoteList[]>> = {
    klaviyo: Object.values(klaviyo.accounts).flatMap(({ lists }) => lists ?? []),
    mailchimp: Object.values(mailchimp.accounts).flatMap(({ audiences }) =>
      (audiences ?? []).flatMap(({ segments }) => segments),
    ),
  };
  const recorded = Object.values(klaviyo.accounts).flatMap(({ writtenEvents = [] }) =>
    writtenEvents.map(({ uniqueId }) => uniqueId),
  );
  const audiences: AudienceEvidence[] = [];
  for (const state of await audienceStates(muster.db, shop.id)) {
    const { audienceId, kind, segmentId, segmentName, members, acked, exceptions, due } = state;
    // A list that is there twice is held twice.
    const held = (lists[kind] ?? [])
      .filter(({ name }) => name === `Muster: ${segmentName}`)
      .flatMap((list) => list.members);
    const wanted = await wantedIn(muster.db, shop.id, segmentId);
    const rejected = await rejectedIn(muster.db, shop.id, audienceId);
    audiences.push({ name: `${kind} ${segmentName}`, wanted, held, members, acked, exceptions, due, rejected });
  }
  const mailed = accounts.flatMap(({ profiles = [], audiences = [] }) => [
    ...profiles.flatMap(({ email, consent }) => (consent === "SUBSCRIBED" && email !== null ? [email] : [])),
    ...audiences.flatMap(({ members }) =>
      members.flatMap(({ email, status }) => (status === "subscribed" ? [email] : [])),
    ),
  ]);
  return {
    books: {
      klaviyo: await ask<LedgerReport>(urls.klaviyo, "ledger"),
      mailchimp: await ask<LedgerReport>(urls.mailchimp, "ledger"),
    },
    audiences,
    events: { sent: await countSent(muster.db, shop.id), recorded },
    everSubscribed: new Set(everSubscribed),
    mailedAgainstConsent: await withoutConsent(muster.db, shop.id, mailed),
  };
}

async function wantedIn(sql: Sql, shop: ShopId, segmentId: number): Promise<string[]> {
  const { rows } = await sql.query<{ email: string }>(
    `SELECT DISTINCT lower(btrim(p.email)) AS email FROM memberships m
     JOIN profiles p ON p.shop_id = m.shop_id AND p.customer_id = m.customer_id
     WHERE m.shop_id = $1 AND m.segment_id = $2 AND m.left_at IS NULL AND p.email_consent = 'subscribed' AND btrim(p.email) <> ''`,
    [shop, segmentId],
  );
  return rows.map(({ email }) => email);
}

async function rejectedIn(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
): Promise<{ customerId: string; rejection: string }[]> {
  const { rows } = await sql.query<{ customerId: string; rejection: string }>(
    `SELECT customer_id AS "customerId", rejection FROM audience_members
     WHERE shop_id = $1 AND audience_id = $2 AND email IS NOT NULL AND rejection IS NOT NULL ORDER BY customer_id`,
    [shop, audienceId],
  );
  return rows;
}

async function countSent(sql: Sql, shop: ShopId): Promise<number> {
  const { rows } = await sql.query<{ sent: number }>(
    "SELECT count(*)::int AS sent FROM segment_events WHERE shop_id = $1 AND outcome = 'sent'",
    [shop],
  );
  return rows[0]?.sent ?? 0;
}

/** Of these addresses, those of customers who unsubscribed in the shop and of nobody who is subscribed. */
async function withoutConsent(sql: Sql, shop: ShopId, emails: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ email: string }>(
    `SELECT lower(btrim(email)) AS email FROM profiles WHERE shop_id = $1 AND lower(btrim(email)) = ANY ($2::text[])
     GROUP BY 1 HAVING NOT bool_or(email_consent = 'subscribed') AND bool_or(email_consent = 'unsubscribed')`,
    [shop, emails.map((email) => email.toLowerCase())],
  );
  return rows.map(({ email }) => email);
}
