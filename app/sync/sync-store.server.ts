import type { Db, Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { ReconcileReport } from "./account-for.ts";
import type { DestinationKind } from "./destination-store.server.ts";
import type { MemberRow, RowChange } from "./difference.ts";
import { platformsRefuse } from "./consent/platforms-refuse.ts";
import { CONSENTS } from "./projection-store.server.ts";
import { READY } from "./events/events-store.server.ts";
import { chunk } from "./chunk.ts";
import { named } from "./exceptions.ts";
import type { Exceptions } from "./exceptions.ts";

/** Rows of one statement, in order of the customer's id. */
interface Stretch<Row> {
  some: Row[];
  first: string;
  last: string;
}

/**
 * What one statement writes lies close together, and the statement is told between which customers: without that the database reads the whole
 * audience to find as many as these. On the embedded database a statement holds up everything else, so it is short there.
 */
function stretches<Row extends { customerId: string }>({ embedded }: Db, rows: readonly Row[]): Stretch<Row>[] {
  const ordered = rows.toSorted((one, other) => compareIds(one.customerId, other.customerId));
  return chunk(ordered, embedded ? 250 : 2_500).map((some) => {
    const [first = "", last = ""] = [some[0]?.customerId, some.at(-1)?.customerId];
    return { some, first, last };
  });
}

/** An array as the database reads it. `pg` would quote each number, which for thousands of them takes five times as long. */
function wholeNumbers(values: readonly (string | number)[]): string {
  return `{${values.join(",")}}`;
}

/** Whole numbers without a sign. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}

/**
 * Members with something to send, removals first, together with the consent of this moment.
 * @param most members, and of them people to be added or updated.
 * @param now real time.
 */
export async function dueMembers(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  most: { members: number; additions: number },
  now: Date,
): Promise<MemberRow[]> {
  const { rows } = await sql.query<MemberRow>(
    `WITH due AS (
       (SELECT * FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND due_at <= $3 AND email IS NULL
        ORDER BY due_at LIMIT $4)
       UNION ALL
       (SELECT * FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND due_at <= $3 AND email IS NOT NULL
        ORDER BY due_at LIMIT $5)
     )
     SELECT m.customer_id AS "customerId", m.member, m.email, m.first_name AS "firstName", m.last_name AS "lastName",
       m.traits, CASE WHEN opposed.stands THEN 'unsubscribed' ELSE p.email_consent END AS consent,
       (SELECT coalesce(n.consented_at, n.source_updated_at) FROM consents n WHERE n.shop_id = $1
          AND n.customer_id = m.customer_id AND n.channel = 'email' AND n.state = 'subscribed') AS "consentedAt",
       coalesce(NOT opposed.stands AND ${CONSENTS}, false) AS allowed, m.acked_email AS "ackedEmail", m.remote_id AS "remoteId", m.rejection, m.revision,
       m.attempts, m.doubts
     FROM due m JOIN audiences a ON a.id = m.audience_id
     LEFT JOIN profiles p ON p.shop_id = m.shop_id AND p.customer_id = m.customer_id
     CROSS JOIN LATERAL (
       SELECT ${platformsRefuse("coalesce(m.email, lower(btrim(p.email)))", "m.customer_id")} AS stands
       OFFSET 0 -- or it is asked once for every time it is mentioned
     ) opposed
     ORDER BY m.email IS NOT NULL, m.due_at LIMIT $4`,
    [shop, audienceId, now, most.members, most.additions],
  );
  return rows;
}

/** Of these addresses, the ones that somebody in the audience holds and is to keep. */
export async function keptAddresses(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  emails: readonly string[],
): Promise<Set<string>> {
  if (emails.length === 0) return new Set();
  const { rows } = await sql.query<{ email: string }>(
    `SELECT DISTINCT email FROM audience_members
     WHERE shop_id = $1 AND audience_id = $2 AND email = ANY ($3::text[]) AND acked_email = email AND rejection IS NULL`,
    [shop, audienceId, emails],
  );
  return new Set(rows.map((row) => row.email));
}

/**
 * Takes rows for sending, as they were read: from here on an added address counts as one that may be in the audience. Nobody
 * else takes them before `until`; a process that dies in between leaves them to whoever comes after that.
 * @returns the customers whose row had not changed meanwhile.
 */
export async function claimMembers(
  db: Db,
  shop: ShopId,
  audienceId: number,
  rows: readonly MemberRow[],
  times: { now: Date; until: Date },
): Promise<Set<string>> {
  const claimed = new Set(rows.map((row) => row.customerId));
  for (const { some, first, last } of stretches(db, rows)) {
    const { rows: changed } = await db.query<{ customer_id: string }>(
      `WITH claimed AS (
         UPDATE audience_members m SET due_at = $4,
           acked_email = CASE WHEN m.rejection IS NULL THEN coalesce(m.acked_email, m.email) ELSE m.acked_email END,
           remote_id = CASE WHEN m.acked_email IS NULL THEN NULL ELSE m.remote_id END
         FROM unnest($5::bigint[], $6::int[]) AS taken (customer_id, revision)
         WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id = taken.customer_id
           AND m.customer_id BETWEEN $7 AND $8 AND m.revision = taken.revision AND m.due_at <= $3
         RETURNING m.customer_id
       )
       SELECT customer_id FROM unnest($5::bigint[]) AS customer_id EXCEPT TABLE claimed`,
      [
        shop,
        audienceId,
        times.now,
        times.until,
        wholeNumbers(some.map((row) => row.customerId)),
        wholeNumbers(some.map((row) => row.revision)),
        first,
        last,
      ],
    );
    for (const row of changed) claimed.delete(row.customer_id);
  }
  return claimed;
}

/**
 * Writes what became of rows. What is at the vendor is a fact and always written; a row that changed while the call was
 * under way stays due, so that the change is sent too. Rows of people who are no member and of whom nothing is
 * left at the vendor are deleted.
 * @returns when the deliveries arrived that the settled rows go back to.
 */
export async function recordResults(
  db: Db,
  shop: ShopId,
  audienceId: number,
  changes: readonly RowChange[],
  now: Date,
): Promise<Date[]> {
  const received: Date[] = [];
  for (const { some, first, last } of stretches(db, changes)) {
    const gone = some.filter((change) => change.ackedEmail === null && change.dueAt === null);
    received.push(...(await forgetSettled(db, shop, audienceId, gone)));
    received.push(...(await updateRows(db, shop, audienceId, { some, first, last }, now)));
  }
  return received;
}

async function forgetSettled(sql: Sql, shop: ShopId, audienceId: number, gone: readonly RowChange[]): Promise<Date[]> {
  if (gone.length === 0) return [];
  const { rows } = await sql.query<Settled>(
    `DELETE FROM audience_members m USING unnest($3::bigint[], $4::int[]) AS gone (customer_id, revision)
     WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id = gone.customer_id AND m.revision = gone.revision
       AND NOT m.member
     RETURNING m.received_at`,
    [shop, audienceId, gone.map((change) => change.customerId), gone.map((change) => change.revision)],
  );
  return rows.flatMap((row) => row.received_at ?? []);
}

async function updateRows(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  { some: changes, first, last }: Stretch<RowChange>,
  now: Date,
): Promise<Date[]> {
  const { rows } = await sql.query<Settled>(
    `WITH updated AS (
     UPDATE audience_members m SET acked_email = change.acked_email, remote_id = change.remote_id,
       rejection = CASE WHEN m.revision = change.revision THEN change.rejection ELSE m.rejection END,
       attempts = CASE WHEN m.revision = change.revision THEN change.attempts ELSE m.attempts END,
       doubts = CASE WHEN m.revision = change.revision THEN change.doubts ELSE m.doubts END,
       due_at = CASE WHEN m.revision = change.revision THEN change.due_at ELSE coalesce(m.due_at, $10) END
     FROM unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[], $9::timestamptz[], $11::int[])
       AS change (customer_id, revision, acked_email, remote_id, rejection, attempts, due_at, doubts)
     WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id = change.customer_id AND m.customer_id BETWEEN $12 AND $13
     RETURNING CASE WHEN m.due_at IS NULL THEN m.received_at END AS received_at)
     SELECT received_at FROM updated WHERE received_at IS NOT NULL`,
    [
      shop,
      audienceId,
      wholeNumbers(changes.map((change) => change.customerId)),
      wholeNumbers(changes.map((change) => change.revision)),
      changes.map((change) => change.ackedEmail),
      changes.map((change) => change.remoteId),
      changes.map((change) => change.rejection),
      wholeNumbers(changes.map((change) => change.attempts)),
      changes.map((change) => change.dueAt),
      now,
      wholeNumbers(changes.map((change) => change.doubts)),
      first,
      last,
    ],
  );
  return rows.flatMap((row) => row.received_at ?? []);
}

/** Of somebody in an audience, fields that nothing goes into any more. */
export interface Cleared {
  customerId: string;
  revision: number;
  fields: string[];
}

/** Fields that are empty at the platform now are nothing that is wanted of these people any more. */
export async function forgetCleared(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  cleared: readonly Cleared[],
): Promise<void> {
  await sql.query(
    `UPDATE audience_members m SET traits = nullif(m.traits - cleared.fields, '{}'::jsonb)
     FROM jsonb_to_recordset($3::jsonb) AS cleared ("customerId" bigint, revision int, fields text[])
     WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id = cleared."customerId" AND m.revision = cleared.revision`,
    [shop, audienceId, JSON.stringify(cleared)],
  );
}

/** What goes into fields of these people from other audiences of the same destination: by customer id, the fields. */
export async function filledElsewhere(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  customerIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql.query<{ customerId: string; fields: string[] }>(
    `SELECT m.customer_id AS "customerId", array_agg(mapped.field) AS fields
     FROM audience_members m JOIN audiences a ON a.id = m.audience_id AND a.leaving IS NULL
     CROSS JOIN LATERAL jsonb_to_recordset(a.traits) AS mapped (field text)
     WHERE m.shop_id = $1 AND m.audience_id <> $2 AND m.customer_id = ANY ($3::bigint[]) AND m.email IS NOT NULL
       AND a.destination_id = (SELECT destination_id FROM audiences WHERE id = $2)
     GROUP BY m.customer_id`,
    [shop, audienceId, customerIds],
  );
  return new Map(rows.map(({ customerId, fields }) => [customerId, new Set(fields)]));
}

interface Settled {
  received_at: Date | null;
}

/**
 * When the audience next has something to send; in the past: now. Null: nothing.
 * @param removalsOnly looks at those alone who are to leave.
 */
export async function nextDue(sql: Sql, shop: ShopId, audienceId: number, removalsOnly = false): Promise<Date | null> {
  const { rows } = await sql.query<{ due_at: Date }>(
    `SELECT due_at FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND due_at IS NOT NULL
     ${removalsOnly ? "AND email IS NULL" : ""} ORDER BY due_at LIMIT 1`,
    [shop, audienceId],
  );
  return rows[0]?.due_at ?? null;
}

/** Audiences with something to send by `now`, of every shop: for the sweep that finds work whose job was lost. */
export async function dueAudiences(sql: Sql, now: Date): Promise<{ shopId: ShopId; audienceId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; audienceId: number }>(
    `SELECT a.shop_id AS "shopId", a.id AS "audienceId"
     FROM audiences a JOIN destinations d ON d.id = a.destination_id AND d.state = 'live'
     WHERE a.leaving IS NOT NULL OR a.state IN ('ready', 'creating', 'live')
       AND (EXISTS (SELECT FROM audience_members m WHERE m.audience_id = a.id AND m.due_at <= $1)
         OR EXISTS (SELECT FROM segment_events e WHERE e.audience_id = a.id AND e.due_at <= $1 AND ${READY}))`,
    [now],
  );
  return rows;
}

/** Whether an audience was last compared with its service before `since`, or never, or somebody asked for it since. */
export async function isComparisonDue(sql: Sql, shop: ShopId, audienceId: number, since: Date): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM audiences WHERE shop_id = $1 AND id = $2 AND leaving IS NULL AND retired IS NULL
       AND (state = 'live' OR state = 'review' AND adopted)
       AND (coalesce(reconciled_at < $3, true) OR compare_asked_at > reconciled_at)`,
    [shop, audienceId, since],
  );
  return rows.length > 0;
}

/** Audiences last compared before `since`, or never, of every shop: for the sweep. */
export async function audiencesToCompare(sql: Sql, since: Date): Promise<{ shopId: ShopId; audienceId: number }[]> {
  const { rows } = await sql.query<{ shopId: ShopId; audienceId: number }>(
    `SELECT a.shop_id AS "shopId", a.id AS "audienceId"
     FROM audiences a JOIN destinations d ON d.id = a.destination_id AND d.state = 'live'
     WHERE a.leaving IS NULL AND a.retired IS NULL AND (a.state = 'live' OR a.state = 'review' AND a.adopted)
       AND (coalesce(a.reconciled_at < $1, true) OR a.compare_asked_at > a.reconciled_at)`,
    [since],
  );
  return rows;
}

export interface AudienceOverview {
  audienceId: number;
  destinationId: number;
  kind: DestinationKind;
  /** The account, where it is known. */
  accountName: string | null;
  segmentId: number;
  segmentName: string;
  /** `paused` when the audience or its destination is. */
  state: string;
  stateReason: string | null;
  /** People in the segment = acked + all exceptions. */
  members: number;
  /** Members who may be in the audience and whom the vendor has not refused. */
  wanted: number;
  /** Wanted, and acknowledged by the vendor. */
  acked: number;
  exceptions: Exceptions;
  /** Rows with something to send, removals included. 0: settled. */
  due: number;
  reconciledAt: Date | null;
  report: ReconcileReport | null;
  /** Somebody asked for another comparison, which is not done yet. */
  comparing: boolean;
  /** It is being given up. */
  leaving: boolean;
  /** So many wait for somebody to agree that they leave; null: nobody does. */
  held: number | null;
  /** It is loaded for the first time, in growing portions. */
  warmingUp: boolean;
}

/** Where every audience of the shop stands, by our own books; those of removed segments are left out. */
export async function audienceStates(sql: Sql, shop: ShopId): Promise<AudienceOverview[]> {
  const { rows } = await sql.query<
    Omit<AudienceOverview, "exceptions"> & { noConsent: number; noEmail: number; rejected: number }
  >(
    `SELECT a.id AS "audienceId", d.id AS "destinationId", d.kind, d.account_name AS "accountName", s.id AS "segmentId", s.name AS "segmentName",
       CASE WHEN d.state = 'paused' THEN 'paused' ELSE a.state END AS state,
       coalesce(d.state_reason, a.state_reason) AS "stateReason",
       a.reconciled_at AS "reconciledAt", a.report, coalesce(a.compare_asked_at > a.reconciled_at, false) AS comparing, a.leaving IS NOT NULL AS leaving,
       (a.guard ->> 'held')::int AS held, a.warm_from IS NOT NULL AS "warmingUp",
       coalesce(c.members, 0) AS members, coalesce(c.wanted, 0) AS wanted, coalesce(c.acked, 0) AS acked,
       coalesce(c.due, 0) AS due, coalesce(c.no_consent, 0) AS "noConsent", coalesce(c.no_email, 0) AS "noEmail",
       coalesce(c.rejected, 0) AS rejected
     FROM audiences a JOIN destinations d ON d.id = a.destination_id JOIN segments s ON s.id = a.segment_id
     LEFT JOIN (
       SELECT audience_id,
         (count(*) FILTER (WHERE member))::int AS members,
         (count(*) FILTER (WHERE email IS NOT NULL AND rejection IS NULL))::int AS wanted,
         (count(*) FILTER (WHERE email = acked_email AND rejection IS NULL AND due_at IS NULL))::int AS acked,
         (count(*) FILTER (WHERE exception = 'no_consent'))::int AS no_consent,
         (count(*) FILTER (WHERE exception = 'no_email'))::int AS no_email,
         (count(*) FILTER (WHERE email IS NOT NULL AND rejection IS NOT NULL))::int AS rejected,
         count(due_at)::int AS due
       FROM audience_members WHERE shop_id = $1 GROUP BY audience_id
     ) c ON c.audience_id = a.id
     WHERE a.shop_id = $1 AND a.retired IS NULL ORDER BY d.kind, d.id, s.id`,
    [shop],
  );
  return rows.map(({ noConsent, noEmail, rejected, ...row }) => ({
    ...row,
    exceptions: named({
      no_consent: noConsent,
      no_email: noEmail,
      rejected,
      pending: row.wanted - row.acked,
      same_address: 0,
    }),
  }));
}

/** A row as reconciliation needs it. */
export interface MemberState {
  customerId: string;
  member: boolean;
  exception: "no_consent" | "no_email" | null;
  email: string | null;
  ackedEmail: string | null;
  rejection: string | null;
  revision: number;
  due: boolean;
}

const ROWS_IN_A_PAGE = 1_000;

/** Every row of an audience, read in pages and not as of one moment. */
export async function* readMembers(sql: Sql, shop: ShopId, audienceId: number): AsyncIterable<MemberState> {
  for (let after: string | undefined = "-1"; after !== undefined;) {
    const { rows }: { rows: MemberState[] } = await sql.query<MemberState>(
      `SELECT customer_id AS "customerId", member, exception, email, acked_email AS "ackedEmail", rejection, revision,
         due_at IS NOT NULL AS due
       FROM audience_members WHERE shop_id = $1 AND audience_id = $2 AND customer_id > $3
       ORDER BY customer_id LIMIT $4`,
      [shop, audienceId, after, ROWS_IN_A_PAGE],
    );
    yield* rows;
    after = rows.length < ROWS_IN_A_PAGE ? undefined : rows.at(-1)?.customerId;
  }
}

export interface Correction {
  customerId: string;
  revision: number;
  /** The address that is in the audience, or has to be: either way one that may be there. */
  ackedEmail: string;
  remoteId: string | null;
}

/**
 * Replaces what rows say about the vendor by what was read there, and makes them due. Somebody rejected who is there after all is
 * no longer rejected.
 * @returns how many had not changed since they were read.
 */
export async function correctMembers(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  corrections: readonly Correction[],
  now: Date,
): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE audience_members m SET acked_email = found.acked_email, remote_id = found.remote_id,
       rejection = NULL, attempts = 0, doubts = 0, due_at = $3, received_at = NULL
     FROM unnest($4::bigint[], $5::int[], $6::text[], $7::text[])
       AS found (customer_id, revision, acked_email, remote_id)
     WHERE m.shop_id = $1 AND m.audience_id = $2 AND m.customer_id = found.customer_id AND m.revision = found.revision
       AND m.due_at IS NULL`,
    [
      shop,
      audienceId,
      now,
      corrections.map((each) => each.customerId),
      corrections.map((each) => each.revision),
      corrections.map((each) => each.ackedEmail),
      corrections.map((each) => each.remoteId),
    ],
  );
  return rowCount ?? 0;
}

/** Of these addresses, the ones that rows of the audience mention, whatever for. */
export async function mentionedAddresses(
  sql: Sql,
  shop: ShopId,
  audienceId: number,
  emails: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql.query<{ email: string }>(
    `SELECT unnest(ARRAY[email, acked_email]) AS email FROM audience_members
     WHERE shop_id = $1 AND audience_id = $2 AND (email = ANY ($3::text[]) OR acked_email = ANY ($3::text[]))`,
    [shop, audienceId, emails],
  );
  return new Set(rows.map((row) => row.email));
}
