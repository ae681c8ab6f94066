import { foldCase } from "../../platform/fold-case.ts";
import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import type { StoredValue, TraitType } from "./rows.ts";

/** Where these rows come from, in `events` and `profile_traits`. */
const SOURCE = "api";

export interface NamedEvent {
  messageId: string;
  kind: string;
  identifierId: string;
  customerId: string | null;
  occurredAt: Date;
  properties: Record<string, StoredValue>;
}

/** @returns the message ids that were new. */
export async function insertEvents(
  tx: Sql,
  shop: ShopId,
  events: readonly NamedEvent[],
  receivedAt: Date,
): Promise<Set<string>> {
  const { rows } = await tx.query<{ source_id: string }>(
    `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, customer_id, identifier_id, properties,
       folded)
     SELECT $1, "kind", '${SOURCE}', "messageId", "occurredAt", $3, "customerId", "identifierId", properties, folded
     FROM json_to_recordset($2::json) AS given ("messageId" text, "kind" text, "identifierId" bigint, "customerId" bigint,
       "occurredAt" timestamptz, properties jsonb, folded jsonb)
     ORDER BY "messageId" ON CONFLICT DO NOTHING RETURNING source_id`,
    [shop, JSON.stringify(events.map((event) => ({ ...event, folded: foldTexts(event.properties) }))), receivedAt],
  );
  return new Set(rows.map((row) => row.source_id));
}

function foldTexts(properties: Record<string, StoredValue>): Record<string, StoredValue | null> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, foldText(value)]));
}

/** Lists are compared without regard to case. */
function foldText(value: StoredValue | null): StoredValue | null {
  if (Array.isArray(value)) return value.map(foldCase);
  return typeof value === "string" ? foldCase(value) : value;
}

/** Settles the type of traits that have none yet. @returns the types of all that are named, by trait. */
export async function settleTypes(
  tx: Sql,
  shop: ShopId,
  given: ReadonlyMap<string, TraitType>,
): Promise<Map<string, TraitType>> {
  if (given.size === 0) return new Map();
  const names = [...given.keys()].toSorted();
  await tx.query(
    `INSERT INTO trait_types (shop_id, name, type) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
    [shop, names, names.map((name) => given.get(name))],
  );
  const { rows } = await tx.query<{ name: string; type: TraitType }>(
    "SELECT name, type FROM trait_types WHERE shop_id = $1 AND name = ANY($2::text[])",
    [shop, names],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** What a row says of one trait of somebody. */
export interface TraitWord {
  identifierId: string;
  name: string;
  /** Null: taken away. */
  value: StoredValue | null;
  saidAt: Date;
}

/**
 * Keeps what is new: a word that says what was said before it only moves up to when that was so. Of two words of one instant the
 * greater counts, whichever came first. An earlier word that arrives late parts the stretch it falls into;
 * of the repetitions there the first and the last are known, so the stretch goes on from the last.
 * @param words of each trait of a name at most one
 * @returns the places of those that said something new.
 */
export async function writeTraits(
  tx: Sql,
  shop: ShopId,
  words: readonly TraitWord[],
  told: { receivedAt: Date; keyId: number | null },
): Promise<number[]> {
  if (words.length === 0) return [];
  const given = words.map(({ value, ...word }, place) => ({ ...word, place, value, folded: foldText(value) }));
  const { rows } = await tx.query<{ place: number }>(
    `WITH placed AS MATERIALIZED (
       SELECT given.place, given."identifierId" AS identifier_id, given.name, nullif(given.value, 'null'::jsonb) AS value,
         nullif(given.folded, 'null'::jsonb) AS folded, given."saidAt" AS said_at, b.said_at AS before_at, b.value AS before_value,
         b.folded AS before_folded, b.source AS before_source, b.key_id AS before_key, b.received_at AS before_received,
         b.confirmed_at AS before_until
       FROM json_to_recordset($2::json) AS given (place int, "identifierId" bigint, name text, value jsonb, folded jsonb, "saidAt" timestamptz(3))
       LEFT JOIN LATERAL (
         SELECT * FROM profile_traits p WHERE p.shop_id = $1 AND p.identifier_id = given."identifierId" AND p.name = given.name
           AND p.said_at <= given."saidAt" ORDER BY p.said_at DESC LIMIT 1) AS b ON true
     ), fresh AS MATERIALIZED (
       SELECT * FROM placed WHERE before_at IS NULL OR value IS DISTINCT FROM before_value
         AND (said_at NOT IN (before_at, before_until) OR coalesce(value::text, '') COLLATE "C" > coalesce(before_value::text, '') COLLATE "C")
     ), confirmed AS (
       UPDATE profile_traits p SET confirmed_at = placed.said_at FROM placed
       WHERE p.shop_id = $1 AND p.identifier_id = placed.identifier_id AND p.name = placed.name AND p.said_at = placed.before_at
         AND placed.value IS NOT DISTINCT FROM placed.before_value AND p.confirmed_at < placed.said_at
     ), parted AS (
       UPDATE profile_traits p SET confirmed_at = p.said_at FROM fresh
       WHERE p.shop_id = $1 AND p.identifier_id = fresh.identifier_id AND p.name = fresh.name AND p.said_at = fresh.before_at
         AND fresh.before_at < fresh.said_at AND fresh.before_until >= fresh.said_at
     ), resumed AS (
       INSERT INTO profile_traits (shop_id, identifier_id, name, value, folded, source, key_id, said_at, confirmed_at, received_at)
       SELECT $1, identifier_id, name, before_value, before_folded, before_source, before_key, before_until, before_until, before_received
       FROM fresh WHERE before_until > said_at
     )
     INSERT INTO profile_traits (shop_id, identifier_id, name, value, folded, source, key_id, said_at, confirmed_at, received_at)
     SELECT $1, identifier_id, name, value, folded, '${SOURCE}', $4, said_at, said_at, $3 FROM fresh ORDER BY identifier_id, name
     ON CONFLICT (shop_id, identifier_id, name, said_at) DO UPDATE
     SET value = excluded.value, folded = excluded.folded, source = excluded.source, key_id = excluded.key_id,
       confirmed_at = excluded.confirmed_at, received_at = excluded.received_at
     RETURNING (SELECT place FROM fresh WHERE fresh.identifier_id = profile_traits.identifier_id AND fresh.name = profile_traits.name) AS place`,
    [shop, JSON.stringify(given), told.receivedAt, told.keyId],
  );
  return rows.map((row) => row.place);
}
