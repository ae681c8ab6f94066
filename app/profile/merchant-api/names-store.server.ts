import type { Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { emailSpellings, normaliseEmail } from "../identity/normalise-email.ts";
import { normalisePhone } from "../identity/normalise-phone.ts";
import { type Evidence, type Name, nameKey, type NameKind, ownerOf } from "./person.ts";

/** A name as it is kept, and whose it is as far as was looked up. */
export interface KnownName {
  id: string;
  customerId: string | null;
}

/**
 * Makes names known, and what was named together; both are looked up anew where they are new. Nobody else gives these names to
 * anybody until the transaction ends.
 * @param rows of each row its names
 * @returns the names by `nameKey`
 */
export async function keepNames(
  tx: Sql,
  shop: ShopId,
  rows: readonly (readonly Name[])[],
): Promise<Map<string, KnownName>> {
  // In one order everywhere, so that two requests never wait for each other.
  const names = [...new Map(rows.flat().map((name) => [nameKey(name), name])).values()].toSorted((left, right) =>
    nameKey(left) < nameKey(right) ? -1 : 1,
  );
  const columns = [shop, names.map(({ kind }) => kind), names.map(({ value }) => value)];
  await tx.query(
    `INSERT INTO api_identifiers (shop_id, kind, value, customer_id)
     SELECT $1, kind, value, CASE WHEN kind = 'customer_id' THEN value::bigint END
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (kind, value, place) ORDER BY place
     ON CONFLICT DO NOTHING`,
    columns,
  );
  const { rows: kept } = await tx.query<{ id: string; kind: NameKind; value: string; customer_id: string | null }>(
    `SELECT id, kind, value, customer_id FROM api_identifiers
     WHERE shop_id = $1 AND (kind, value) IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY id FOR UPDATE`,
    columns,
  );
  const known = new Map(kept.map(({ id, customer_id, ...name }) => [nameKey(name), { id, customerId: customer_id }]));
  await linkNames(tx, shop, pairsOf(rows, known));
  return known;
}

/** Both directions. A Shopify id needs nobody's help to be understood. */
function pairsOf(rows: readonly (readonly Name[])[], known: ReadonlyMap<string, KnownName>): [string, string][] {
  const idOf = (name: Name): string => known.get(nameKey(name))?.id ?? "";
  return rows.flatMap((names) =>
    names
      .filter(({ kind }) => kind !== "customer_id")
      .flatMap((name) =>
        names.filter((other) => other !== name).map((other): [string, string] => [idOf(name), idOf(other)]),
      ),
  );
}

async function linkNames(tx: Sql, shop: ShopId, pairs: readonly [string, string][]): Promise<void> {
  if (pairs.length === 0) return;
  await tx.query(
    `WITH fresh AS (
       INSERT INTO api_identifier_links (shop_id, identifier_id, other_id)
       SELECT DISTINCT $1::int, * FROM unnest($2::bigint[], $3::bigint[]) ORDER BY 1, 2, 3
       ON CONFLICT DO NOTHING RETURNING identifier_id
     )
     UPDATE api_identifiers SET pending = true WHERE shop_id = $1 AND id IN (SELECT identifier_id FROM fresh)`,
    [shop, pairs.map(([one]) => one), pairs.map(([, other]) => other)],
  );
}

/**
 * Marks the names whose owner may change because these customers' facts did: those that are theirs or could be, those by which
 * they can be found now, and those that were named together with one of these. Costs one short query where no pipeline ever named anybody.
 * Belongs in the transaction that changes the facts, before the customers are queued: whoever locks both takes names first.
 * @returns whether anything is to be looked up.
 */
export async function markNames(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<boolean> {
  const { rows } = await tx.query<{ country: string | null }>(
    "SELECT country FROM shops WHERE id = $1 AND EXISTS (SELECT FROM api_identifiers WHERE shop_id = $1)",
    [shop],
  );
  if (!rows[0]) return false;
  const { country: home } = rows[0];
  const people = await tx.query<{ email: string | null; phone: string | null; country: string | null }>(
    "SELECT email, phone, country FROM customers WHERE shop_id = $1 AND id = ANY($2::bigint[])",
    [shop, customerIds],
  );
  const emails = people.rows.flatMap(({ email }) => (email === null ? [] : (normaliseEmail(email) ?? [])));
  const phones = people.rows.flatMap(({ phone, country }) =>
    phone === null ? [] : (normalisePhone(phone, country ?? home) ?? []),
  );
  const { rowCount } = await tx.query(
    `WITH theirs AS (
       SELECT id FROM api_identifiers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
       UNION SELECT id FROM api_identifiers WHERE shop_id = $1 AND contenders <> '{}' AND contenders && $2::bigint[]
       UNION SELECT id FROM api_identifiers WHERE shop_id = $1 AND kind = 'customer_id' AND value = ANY($2::text[])
       UNION SELECT id FROM api_identifiers WHERE shop_id = $1 AND kind = 'email' AND value = ANY($3::text[])
       UNION SELECT id FROM api_identifiers WHERE shop_id = $1 AND kind = 'phone' AND value = ANY($4::text[])
     )
     UPDATE api_identifiers SET pending = true WHERE id IN (
       SELECT id FROM api_identifiers WHERE shop_id = $1 AND NOT pending AND id IN (
         SELECT id FROM theirs UNION SELECT identifier_id FROM api_identifier_links WHERE shop_id = $1 AND other_id IN (SELECT id FROM theirs))
       ORDER BY id FOR UPDATE)`,
    [shop, customerIds, emails, phones],
  );
  return (rowCount ?? 0) > 0;
}

/** Names to look up, which stay with this transaction. */
export async function takePendingNames(tx: Sql, shop: ShopId, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE api_identifiers SET pending = false WHERE id = ANY(ARRAY(
       SELECT id FROM api_identifiers WHERE shop_id = $1 AND pending ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED))
     RETURNING id`,
    [shop, limit],
  );
  return rows.map((row) => row.id);
}

/** Those of the names that living customers have, by `nameKey`. */
export async function holdersAmong(tx: Sql, shop: ShopId, names: readonly Name[]): Promise<Set<string>> {
  return new Set((await readHolders(tx, shop, names)).keys());
}

interface Near {
  of: string;
  kind: NameKind;
  value: string;
  linked: boolean;
}

/** What the shop's facts say about these names now. */
export async function readEvidence(tx: Sql, shop: ShopId, ids: readonly string[]): Promise<Map<string, Evidence>> {
  const { rows: near } = await tx.query<Near>(
    `SELECT id AS of, kind, value, false AS linked FROM api_identifiers WHERE shop_id = $1 AND id = ANY($2::bigint[])
     UNION ALL
     SELECT l.identifier_id, o.kind, o.value, true FROM api_identifier_links l JOIN api_identifiers o ON o.id = l.other_id
     WHERE l.shop_id = $1 AND l.identifier_id = ANY($2::bigint[])`,
    [shop, ids],
  );
  const customers = await readHolders(tx, shop, near);
  const holders = (wanted: (name: Near) => boolean, id: string): string[] =>
    (byName.get(id) ?? []).filter(wanted).flatMap((name) => customers.get(nameKey(name)) ?? []);
  const byName = Map.groupBy(near, ({ of }) => of);
  return new Map(
    ids.map((id) => [
      id,
      {
        own: holders(({ linked }) => !linked, id),
        beside: holders(({ linked, kind }) => linked && kind === "customer_id", id),
        byAddress: holders(({ linked, kind }) => linked && kind !== "customer_id", id),
      },
    ]),
  );
}

/** The customers who have each name, merged ones as who they were merged into. A customer id is its own whether Shopify told of it or not. */
async function readHolders(tx: Sql, shop: ShopId, names: readonly Name[]): Promise<Map<string, string[]>> {
  const distinct = [...new Map(names.map((name) => [nameKey(name), name])).values()];
  const spelled = distinct
    .filter(({ kind }) => kind === "email")
    .flatMap((name) => emailSpellings(name.value).map((email) => ({ key: nameKey(name), email })));
  const numbers = distinct.filter(({ kind }) => kind === "phone");
  const { rows: found } = await tx.query<{ key: string; customer_id: string }>(
    `SELECT given.key, c.id AS customer_id FROM unnest($2::text[], $3::text[]) AS given (key, email)
     JOIN customers c ON c.shop_id = $1 AND c.email IS NOT NULL AND lower(btrim(c.email)) = given.email WHERE c.deleted_at IS NULL
     UNION
     SELECT given.key, c.id FROM unnest($4::text[], $5::text[]) AS given (key, phone)
     JOIN customers c ON c.shop_id = $1 AND c.phone = given.phone WHERE c.deleted_at IS NULL`,
    [
      shop,
      spelled.map(({ key }) => key),
      spelled.map(({ email }) => email),
      numbers.map((name) => nameKey(name)),
      numbers.map(({ value }) => value),
    ],
  );
  const pairs = [
    ...found.map((row) => ({ key: row.key, customerId: row.customer_id })),
    ...distinct
      .filter(({ kind }) => kind === "customer_id")
      .map((name) => ({ key: nameKey(name), customerId: name.value })),
  ];
  const kept = await readKept(
    tx,
    shop,
    pairs.map(({ customerId }) => customerId),
  );
  const holders = new Map<string, string[]>();
  for (const { key, customerId } of pairs) {
    const holder = kept.get(customerId) ?? customerId;
    const known = holders.get(key) ?? [];
    if (!known.includes(holder)) holders.set(key, [...known, holder]);
  }
  return holders;
}

const LONGEST_CHAIN = 20;

/** Into whom Shopify merged these customers in the end; those who were never merged are left out. */
async function readKept(tx: Sql, shop: ShopId, customerIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ own: string; kept: string }>(
    `WITH RECURSIVE chain (own, kept, depth) AS (
       SELECT deleted_id, kept_id, 1 FROM customer_merges WHERE shop_id = $1 AND deleted_id = ANY($2::bigint[])
       UNION ALL
       SELECT chain.own, m.kept_id, depth + 1 FROM chain JOIN customer_merges m ON m.shop_id = $1 AND m.deleted_id = chain.kept
       WHERE depth < ${LONGEST_CHAIN}
     )
     SELECT DISTINCT ON (own) own, kept FROM chain ORDER BY own, depth DESC`,
    [shop, customerIds],
  );
  return new Map(rows.map(({ own, kept }) => [own, kept]));
}

/**
 * Gives names to the customers whose they are, and with them the events that were told under them.
 * @returns the customers who gained or lost something.
 */
export async function giveNames(tx: Sql, shop: ShopId, evidence: ReadonlyMap<string, Evidence>): Promise<string[]> {
  if (evidence.size === 0) return [];
  const owners = [...evidence].map(([id, about]) => ({ id, ...ownerOf(about) }));
  const { rows } = await tx.query<{ customer_id: string }>(
    `WITH given AS (
       SELECT id, owner, ARRAY(SELECT jsonb_array_elements_text(contenders)::bigint) AS contenders
       FROM jsonb_to_recordset($2::jsonb) AS given (id bigint, owner bigint, contenders jsonb)
     ),
     changed AS (
       SELECT g.id, i.customer_id AS was, g.owner FROM given g JOIN api_identifiers i ON i.id = g.id
       WHERE i.shop_id = $1 AND i.customer_id IS DISTINCT FROM g.owner
     ),
     written AS (
       UPDATE api_identifiers i SET customer_id = g.owner, contenders = g.contenders FROM given g
       WHERE i.id = g.id AND i.shop_id = $1 AND (i.customer_id IS DISTINCT FROM g.owner OR i.contenders <> g.contenders)
     ),
     moved AS (
       UPDATE events e SET customer_id = g.owner FROM given g
       WHERE e.shop_id = $1 AND e.identifier_id = g.id AND e.customer_id IS DISTINCT FROM g.owner
     )
     SELECT DISTINCT customer_id FROM changed, LATERAL (VALUES (was), (owner)) AS touched (customer_id) WHERE customer_id IS NOT NULL`,
    [shop, JSON.stringify(owners.map(({ id, customerId, contenders }) => ({ id, owner: customerId, contenders })))],
  );
  return rows.map((row) => row.customer_id);
}

/**
 * The names that are these people's and nobody else's: those of these customers, those that are one of these addresses, and
 * further ones that were only ever told together with such names.
 * @param people addresses as identifiers are kept, telephone numbers as digits
 */
export async function namesOnlyOf(
  sql: Sql,
  shop: ShopId,
  people: { customers: readonly string[]; emails: readonly string[]; phones: readonly string[] },
): Promise<Name[]> {
  const { rows } = await sql.query<{ id: string; kind: NameKind; value: string; theirs: boolean; beside: string[] }>(
    `WITH RECURSIVE theirs AS (
       SELECT id FROM api_identifiers WHERE shop_id = $1 AND (customer_id = ANY($2::bigint[])
         OR (kind = 'customer_id' AND value = ANY($2::text[]))
         OR (customer_id IS NULL AND contenders <@ $2::bigint[]
           AND (kind = 'email' AND value = ANY($3::text[]) OR kind = 'phone' AND ltrim(value, '+') = ANY($4::text[]))))
     ),
     near AS (
       SELECT id FROM theirs
       UNION
       SELECT o.id FROM near JOIN api_identifier_links l ON l.shop_id = $1 AND l.identifier_id = near.id
       JOIN api_identifiers o ON o.id = l.other_id WHERE o.customer_id IS NULL AND o.contenders = '{}' AND o.kind <> 'customer_id'
     )
     SELECT i.id, i.kind, i.value, i.id IN (SELECT id FROM theirs) AS theirs, ARRAY(
       SELECT other_id::text FROM api_identifier_links l WHERE l.shop_id = $1 AND l.identifier_id = i.id) AS beside
     FROM near JOIN api_identifiers i ON i.id = near.id`,
    [shop, people.customers, people.emails, people.phones],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  // A name that was also told with somebody else's says nothing of those beside it either.
  const foreign = new Set<string>();
  const spread = (id: string): void => {
    const row = known.get(id);
    if (!row || row.theirs || foreign.has(id)) return;
    foreign.add(id);
    row.beside.forEach(spread);
  };
  for (const { id, beside } of rows) if (beside.some((other) => !known.has(other))) spread(id);
  return rows.filter(({ id }) => !foreign.has(id)).map(({ kind, value }) => ({ kind, value }));
}

/** Shops with names to look up: for the sweep, which looks across shops and returns their keys only. */
export async function shopsWithPendingNames(sql: Sql): Promise<ShopId[]> {
  const { rows } = await sql.query<{ shop_id: ShopId }>("SELECT DISTINCT shop_id FROM api_identifiers WHERE pending");
  return rows.map((row) => row.shop_id);
}
