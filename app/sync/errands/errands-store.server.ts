import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import {
  type Channel,
  type Decision,
  decideConsent,
  isProven,
  learn,
  readShopState,
  type Register,
  type Source,
} from "../consent/decide-consent.ts";
import { toldSince } from "../consent/told-since.ts";
import { type DestinationKind, HEARS } from "../destination-store.server.ts";

export type ErrandKind = "unsubscribe" | "subscribe" | "forget";

/** Something another side has to hear. */
export interface Errand {
  id: string;
  /** Null: the shop itself. */
  destinationId: number | null;
  kind: ErrandKind;
  channel: Channel;
  address: string;
  /** Whose record in the shop it is about; "0" of an errand to a platform. */
  customerId: string;
  requestId: string | null;
  /** Since when what is told holds. */
  since: Date;
  attempts: number;
}

/** As it is written. */
interface Booked {
  destination_id: number | null;
  customer_id: string;
  kind: ErrandKind;
  channel: Channel;
  address: string;
  since: Date;
  /** When the shop's subscription was given that this ends: one errand answers it, however often the end of it is heard. */
  answers: Date | null;
}

/** Everything all sides said of one customer's address in one channel, and what follows from it. */
interface Considered {
  customerId: string;
  channel: Channel;
  address: string;
  decision: Decision;
}

interface Side {
  id: number;
  kind: DestinationKind;
  source: Source;
  connectedAt: Date;
}

/**
 * Books what the shop and the platforms have to hear of these customers' consent, where that was not booked already. Platforms do not
 * hear of what was ended before they were connected, unless they said something themselves or we put the person there before we knew:
 * otherwise the person is in no audience anyway.
 * Belongs into the transaction that learned of it.
 * @returns whether there is something to do.
 */
export async function bookConsent(tx: Sql, shop: ShopId, customerIds: readonly string[], now: Date): Promise<boolean> {
  if (customerIds.length === 0) return false;
  const sides = await readSides(tx, shop);
  if (sides.length === 0) return false;
  const ours = await heldAddresses(tx, shop, customerIds);
  const errands = (await consider(tx, shop, customerIds, sides)).flatMap(
    ({ customerId, channel, address, decision, register, shopYes }) =>
      decision.tell.flatMap(({ source, state, at }): Booked[] => {
        const kind: ErrandKind = state === "subscribed" ? "subscribe" : "unsubscribe";
        const errand = { kind, channel, address, since: at };
        if (source === "shop") return [{ ...errand, destination_id: null, customer_id: customerId, answers: shopYes }];
        return sides
          .filter((side) => side.source === source)
          .filter(({ id, connectedAt }) => at >= connectedAt || register.has(source) || ours.has(`${id} ${address}`))
          .map(({ id }) => ({ ...errand, destination_id: id, customer_id: "0", answers: null }));
      }),
  );
  if (errands.length === 0) return false;
  const { rowCount } = await tx.query(
    `INSERT INTO errands AS known (shop_id, destination_id, kind, channel, address, customer_id, since, due_at)
     SELECT DISTINCT ON (coalesce(destination_id, 0), channel, address, customer_id) $1::int, destination_id, kind, channel, address,
       customer_id, since, $3::timestamptz
     FROM json_to_recordset($2::json) AS given (destination_id int, kind text, channel text, address text, customer_id bigint,
       since timestamptz, answers timestamptz)
     WHERE answers IS NULL OR NOT EXISTS (SELECT FROM errands told WHERE told.shop_id = $1 AND told.destination_id IS NULL
       AND told.channel = given.channel AND told.customer_id = given.customer_id AND told.kind = given.kind AND told.since >= answers
       AND (told.address = given.address OR told.outcome = 'told'))
     ORDER BY coalesce(destination_id, 0), channel, address, customer_id, since DESC
     ON CONFLICT (shop_id, coalesce(destination_id, 0), channel, address, customer_id, (kind = 'forget')) DO UPDATE SET
       kind = excluded.kind, since = excluded.since, due_at = excluded.due_at, attempts = 0, outcome = NULL
     WHERE (known.since, known.kind) IS DISTINCT FROM (excluded.since, excluded.kind) AND known.since <= excluded.since`,
    [shop, JSON.stringify(errands), now],
  );
  return (rowCount ?? 0) > 0;
}

/** Whether what an errand says still follows from what all sides have said by now. */
export async function isStillWanted(sql: Sql, shop: ShopId, errand: Errand): Promise<boolean> {
  const sides = await readSides(sql, shop);
  const side = sides.find(({ id }) => id === errand.destinationId);
  if (errand.destinationId !== null && !side) return false;
  const { rows } = await sql.query<{ id: string }>(
    `SELECT customer_id AS id FROM profiles WHERE shop_id = $1 AND (customer_id = $2
       OR $3 = 'email' AND lower(btrim(email)) = $4 OR $3 <> 'email' AND regexp_replace(phone, '\\D', '', 'g') = $4)`,
    [shop, errand.customerId, errand.channel, errand.address],
  );
  const state = errand.kind === "subscribe" ? "subscribed" : "unsubscribed";
  const considered = await consider(
    sql,
    shop,
    rows.map(({ id }) => id),
    sides,
  );
  const source = side?.source ?? "shop";
  return considered.some(({ channel, address, decision, register }) => {
    if (channel !== errand.channel || address !== errand.address) return false;
    // A subscription counts as the side's own from before it is told: one that did not arrive is told again.
    const begun = state === "subscribed" && register.get(source)?.subscribedAt?.getTime() === errand.since.getTime();
    return (begun && decision.regained) || decision.tell.some((tell) => tell.source === source && tell.state === state);
  });
}

async function readSides(sql: Sql, shop: ShopId): Promise<Side[]> {
  const { rows } = await sql.query<Side>(
    `SELECT id, kind, consent_source AS source, created_at AS "connectedAt" FROM destinations WHERE shop_id = $1 AND NOT leaving ORDER BY id`,
    [shop],
  );
  return rows;
}

/** Where these customers are, or may be, because of us: destination and address. */
async function heldAddresses(sql: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql.query<{ held: string }>(
    `SELECT DISTINCT a.destination_id || ' ' || m.acked_email AS held
     FROM audience_members m JOIN audiences a ON a.id = m.audience_id
     WHERE m.shop_id = $1 AND m.customer_id = ANY ($2::bigint[]) AND m.acked_email IS NOT NULL`,
    [shop, customerIds],
  );
  return new Set(rows.map(({ held }) => held));
}

interface Said {
  source: string;
  no: string | null;
  yes: string | null;
  proven: string | null;
  lasting: boolean;
  raisedUntil: string | null;
  loweredAt: string | null;
}

interface ConsentRow {
  customerId: string;
  channel: Channel;
  address: string;
  state: string | null;
  optInLevel: string | null;
  at: Date | null;
  said: Said[] | null;
}

/** A yes that another of the person took back since, as the profile says, is no yes. */
const CONSENTS = `
SELECT p.customer_id AS "customerId", reach.channel, reach.address,
  CASE WHEN reach.channel <> 'email' OR n.state <> 'subscribed' OR p.email_consent <> 'unsubscribed' THEN n.state END AS state,
  n.opt_in_level AS "optInLevel",
  coalesce(n.consented_at, n.source_updated_at) AS at, platforms.said
FROM profiles p
CROSS JOIN LATERAL (VALUES ('email', lower(btrim(p.email))), ('sms', regexp_replace(p.phone, '\\D', '', 'g')),
  ('whatsapp', regexp_replace(p.phone, '\\D', '', 'g'))) AS reach (channel, address)
LEFT JOIN consents n ON n.shop_id = $1 AND n.customer_id = p.customer_id AND n.channel = reach.channel
LEFT JOIN LATERAL (
  SELECT json_agg(json_build_object('source', c.source, 'no', c.unsubscribed_at, 'yes', c.subscribed_at, 'proven', c.proven_at,
    'lasting', c.lasting, 'raisedUntil', told.raised_until, 'loweredAt', told.lowered_at)) AS said
  FROM platform_consents c
  CROSS JOIN LATERAL (${toldSince("e.shop_id = $1 AND e.channel = c.channel AND e.address = c.address AND e.source = c.source")}) told
  WHERE c.shop_id = $1 AND c.channel = reach.channel AND c.address = reach.address
) platforms ON true
WHERE p.shop_id = $1 AND p.customer_id = ANY ($2::bigint[]) AND coalesce(reach.address, '') <> ''
  AND (platforms.said IS NOT NULL OR n.state IN ('unsubscribed', 'redacted', 'invalid'))`;

async function consider(
  sql: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  sides: readonly Side[],
): Promise<(Considered & { register: Register; shopYes: Date | null })[]> {
  const { rows } = await sql.query<ConsentRow>(CONSENTS, [shop, customerIds]);
  if (rows.length === 0) return [];
  const consentSync = await readConsentSync(sql, shop);
  return rows.map((row) => {
    const register = toRegister(row);
    const platforms = sides.filter(({ kind }) => HEARS[kind].includes(row.channel)).map(({ source }) => source);
    const decision = decideConsent(register, { consentSync, platforms });
    // The consent sync is agreed to for mails: of other channels nobody is told more than the end. Shopify takes none of WhatsApp's.
    const tell = decision.tell.filter(
      ({ source, state }) =>
        (source === "shop" ? row.channel !== "whatsapp" : platforms.includes(source)) &&
        (state === "unsubscribed" || row.channel === "email"),
    );
    const shopYes = register.get("shop")?.subscribedAt ?? null;
    return { ...row, register, decision: { ...decision, tell }, shopYes };
  });
}

function toRegister({ state, optInLevel, at, said }: ConsentRow): Register {
  let register: Register = new Map();
  const own = state === null ? "nothing" : readShopState(state);
  if (own !== "nothing" && at !== null)
    register = learn(register, { source: "shop", state: own, at, proven: isProven(optInLevel) });
  for (const { source, no, yes, proven, lasting, raisedUntil, loweredAt } of said ?? []) {
    const end = { source, state: "unsubscribed", lasting } as const;
    if (no !== null) register = learn(register, { ...end, at: new Date(no), ...when(loweredAt) });
    if (yes !== null)
      register = learn(register, { source, state: "subscribed", at: new Date(yes), ...when(raisedUntil) });
    if (proven !== null)
      register = learn(register, { source, state: "subscribed", at: new Date(proven), proven: true });
  }
  return register;
}

function when(told: string | null): { told?: Date } {
  return told === null ? {} : { told: new Date(told) };
}

/** Whether newer evidence may subscribe somebody at another side. */
export async function readConsentSync(sql: Sql, shop: ShopId): Promise<boolean> {
  const { rows } = await sql.query<{ on: boolean }>(`SELECT consent_sync AS on FROM shops WHERE id = $1`, [shop]);
  return rows[0]?.on ?? false;
}

/** Switches it. What follows for those of whom a platform said something before is worked out by `reconsiderConsents`. */
export async function saveConsentSync(sql: Sql, shop: ShopId, on: boolean): Promise<void> {
  await sql.query(`UPDATE shops SET consent_sync = $2, consent_sync_after = -1 WHERE id = $1 AND consent_sync <> $2`, [
    shop,
    on,
  ]);
}

/** Books that platforms forget these people, wherever we put them: after `placesOf` was read and their rows are gone. */
export async function bookForgetting(
  tx: Sql,
  shop: ShopId,
  requestId: string,
  places: readonly { destinationId: number; address: string }[],
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO errands (shop_id, destination_id, kind, channel, address, request_id, since, due_at)
     SELECT DISTINCT $1::int, destination, 'forget', 'email', address, $2::bigint, $5::timestamptz, $5::timestamptz
     FROM unnest($3::int[], $4::text[]) AS given (destination, address) ON CONFLICT DO NOTHING`,
    [shop, requestId, places.map((place) => place.destinationId), places.map((place) => place.address), now],
  );
}

/**
 * Under which addresses customers may be known to which destinations because of us: of who is in an audience there, and of who was a member
 * of its segment and said yes once, since whoever has left it is a contact there all the same. What another customer has too stays theirs.
 */
export async function placesOf(
  tx: Sql,
  shop: ShopId,
  customerIds: readonly string[],
  emails: readonly string[],
): Promise<{ destinationId: number; kind: DestinationKind; address: string }[]> {
  const { rows } = await tx.query<{ destinationId: number; kind: DestinationKind; address: string }>(
    `SELECT DISTINCT d.id AS "destinationId", d.kind, address FROM (
       SELECT a.destination_id, address FROM audience_members m JOIN audiences a ON a.id = m.audience_id
         CROSS JOIN LATERAL (SELECT m.acked_email UNION SELECT unnest($3::text[])) AS known (address)
       WHERE m.shop_id = $1 AND m.customer_id = ANY ($2::bigint[]) AND m.acked_email IS NOT NULL AND address IS NOT NULL
       UNION SELECT a.destination_id, address FROM memberships m
         JOIN audiences a ON a.shop_id = $1 AND a.segment_id = m.segment_id AND a.remote_id IS NOT NULL
         CROSS JOIN unnest($3::text[]) AS known (address)
       WHERE m.shop_id = $1 AND m.customer_id = ANY ($2::bigint[]) AND (a.non_subscribed
         OR EXISTS (SELECT FROM consents n WHERE n.shop_id = $1 AND n.customer_id = m.customer_id AND n.channel = 'email' AND n.state = 'subscribed')
         OR EXISTS (SELECT FROM consent_evidence e WHERE e.shop_id = $1 AND e.channel = 'email' AND e.address = known.address
           AND e.source = 'shop' AND e.state = 'subscribed'))
     ) AS place JOIN destinations d ON d.id = place.destination_id
     WHERE NOT EXISTS (SELECT FROM profiles p WHERE p.shop_id = $1 AND lower(btrim(p.email)) = address AND p.customer_id <> ALL ($2::bigint[]))`,
    [shop, customerIds, emails],
  );
  return rows;
}

/** How many platforms of a request still have to forget somebody. */
export async function countForgetting(sql: Sql, shop: ShopId, requestId: string): Promise<number> {
  // A platform that was disconnected can no longer be asked.
  await sql.query(
    `DELETE FROM errands e WHERE shop_id = $1 AND request_id = $2
       AND NOT EXISTS (SELECT FROM destinations d WHERE d.id = e.destination_id)`,
    [shop, requestId],
  );
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM errands WHERE shop_id = $1 AND request_id = $2`,
    [shop, requestId],
  );
  return rows[0]?.count ?? 0;
}

/** What is due, forgetting and unsubscribes first. Nobody is forgotten before they have left the audiences. */
export async function dueErrands(sql: Sql, shop: ShopId, limit: number, now: Date): Promise<Errand[]> {
  const { rows } = await sql.query<Errand>(
    `SELECT e.id, e.destination_id AS "destinationId", e.kind, e.channel, e.address, e.customer_id AS "customerId",
       e.request_id AS "requestId", e.since, e.attempts
     FROM errands e LEFT JOIN destinations d ON d.id = e.destination_id
     WHERE e.shop_id = $1 AND e.due_at <= $2 AND (e.destination_id IS NULL OR d.state = 'live')
       AND (e.kind <> 'forget' OR NOT EXISTS (SELECT FROM audience_members m JOIN audiences a ON a.id = m.audience_id
         WHERE m.shop_id = $1 AND m.acked_email = e.address AND NOT m.member AND a.destination_id = e.destination_id))
     ORDER BY e.kind = 'subscribe', e.due_at, e.id LIMIT $3`,
    [shop, now, limit],
  );
  return rows;
}

/** Whether a destination has an address because of us, or may get it from a call that is under way. */
export async function isHeld(sql: Sql, shop: ShopId, { destinationId, address }: Errand): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM audience_members m JOIN audiences a ON a.id = m.audience_id
     WHERE m.shop_id = $1 AND a.destination_id = $2 AND m.acked_email = $3 LIMIT 1`,
    [shop, destinationId, address],
  );
  return rows.length > 0;
}

/** @param dueAt null: it is done, or given up as `outcome` says. */
export async function recordErrand(
  tx: Sql,
  shop: ShopId,
  { id, since, kind }: Errand,
  result: { outcome: string; dueAt: Date | null; counted: boolean },
): Promise<void> {
  if (kind === "forget" && result.dueAt === null) {
    await tx.query(`DELETE FROM errands WHERE shop_id = $1 AND id = $2`, [shop, id]);
    return;
  }
  // Decided anew meanwhile: then it stays due.
  await tx.query(
    `UPDATE errands SET outcome = $4, due_at = $5, attempts = attempts + $6 WHERE shop_id = $1 AND id = $2 AND since = $3 AND kind = $7`,
    [shop, id, since, result.outcome, result.dueAt, result.counted ? 1 : 0, kind],
  );
}

/** Shops with something due, or whose consent sync was switched, of every shop: for the sweep. */
export async function shopsWithErrands(sql: Sql, now: Date): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>(
    `SELECT shop_id FROM errands WHERE due_at <= $1 UNION SELECT id FROM shops WHERE consent_sync_after IS NOT NULL`,
    [now],
  );
  return rows.map((row) => row.shop_id);
}

/** How many consents cannot be written to the shop because a permission is missing. */
export async function countWithoutScope(sql: Sql, shop: ShopId): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM errands WHERE shop_id = $1 AND destination_id IS NULL AND outcome = 'no_scope'`,
    [shop],
  );
  return rows[0]?.count ?? 0;
}
