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

/** Lists are compared without regard to case. */
function foldTexts(properties: Record<string, StoredValue>): Record<string, StoredValue> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(foldCase) : typeof value === "string" ? foldCase(value) : value,
    ]),
  );
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

export interface NamedTrait {
  identifierId: string;
  name: string;
  /** Null: taken away. */
  value: StoredValue | null;
  saidAt: Date;
}

/** Writes what is newer than what is known; of two words of one instant the greater counts, whichever came first. */
export async function writeTraits(
  tx: Sql,
  shop: ShopId,
  traits: readonly NamedTrait[],
  receivedAt: Date,
): Promise<{ identifierId: string; name: string }[]> {
  if (traits.length === 0) return [];
  const { rows } = await tx.query<{ identifier_id: string; name: string }>(
    `INSERT INTO profile_traits AS known (shop_id, identifier_id, name, value, source, said_at, received_at)
     SELECT $1, "identifierId", name, nullif(value, 'null'::jsonb), '${SOURCE}', "saidAt", $3
     FROM json_to_recordset($2::json) AS given ("identifierId" bigint, name text, value jsonb, "saidAt" timestamptz)
     ORDER BY "identifierId", name
     ON CONFLICT (shop_id, identifier_id, name) DO UPDATE
     SET value = excluded.value, source = excluded.source, said_at = excluded.said_at, received_at = excluded.received_at
     WHERE (known.said_at, coalesce(known.value::text, '') COLLATE "C") < (excluded.said_at, coalesce(excluded.value::text, '') COLLATE "C")
     RETURNING identifier_id, name`,
    [shop, JSON.stringify(traits), receivedAt],
  );
  return rows.map((row) => ({ identifierId: row.identifier_id, name: row.name }));
}
