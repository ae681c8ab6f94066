import type { Sql } from "../platform/db.server.ts";
import { computeProfile } from "../profile/compute-profile.ts";
import { suspectedSince } from "../profile/duplicates/pairs-store.server.ts";
import { existsFrom, type History } from "../profile/history.ts";
import { THEIRS } from "../profile/history-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import {
  abandonedDates,
  type Checkout,
  codesOverTime,
  readColumn,
  readJson,
  tagsOverTime,
} from "./evaluation/column-values.ts";
import type { AttributeChange, CustomerHistory, HistoryEvent } from "./evaluation/customer-history.ts";
import type { Reads } from "./evaluation/reads.ts";
import { type Dictionary, metafieldOf, ownTrait } from "./language/dictionary.ts";
import {
  type Column,
  CONSENT_CHANNELS,
  eventSource,
  type EventSource,
  OWN_KINDS,
  RECORD_COLUMNS,
  type RecordColumn,
  TRAIT_WORDS,
} from "./sources.ts";

interface Loading {
  sql: Sql;
  shop: ShopId;
  ids: string[];
  /** Shop, owners, and in whose history their facts stand: what THEIRS takes. */
  theirs: [ShopId, string[], string[]];
  histories: ReadonlyMap<string, Filling>;
  dictionary: Dictionary;
}

interface Filling extends CustomerHistory {
  events: Record<string, HistoryEvent[]>;
  attributes: Record<string, AttributeChange[]>;
}

/**
 * What the rules read of these customers, and nothing else: `profiles` already hold orders and refunds with their amounts, all
 * else is a statement for each kind that is read. Memberships in other segments are left to the caller.
 */
export async function loadCustomerHistories(
  sql: Sql,
  shop: ShopId,
  reads: readonly Reads[],
  profiles: readonly History[],
  dictionary: Dictionary,
): Promise<Map<string, CustomerHistory>> {
  const histories = new Map(profiles.map((history) => [history.customerId, begin(history)]));
  const wanted = eventsWanted(reads, dictionary);
  const recorded = [...wanted].flatMap(([name]) => eventSource(name, dictionary)?.kind ?? []);
  const everything = reads.some(({ activity }) => activity);
  const attributes = new Set(reads.flatMap((each) => [...each.attributes]));
  if (wanted.size === 0 && attributes.size === 0 && !everything) return histories;
  const owners = profiles.flatMap(({ customerId, person }) =>
    (person?.counts ?? [customerId]).map((own) => [own, customerId] as const),
  );
  const theirs: Loading["theirs"] = [shop, owners.map(([own]) => own), owners.map(([, customer]) => customer)];
  const loading = { sql, shop, ids: [...histories.keys()], theirs, histories, dictionary };
  for (const [name, properties] of wanted) {
    const source = eventSource(name, dictionary);
    if (source && source.kind === undefined) await loadEvents(loading, name, source, properties);
  }
  if (recorded.length > 0 || everything) await loadRecorded(loading, everything ? null : recorded, wanted);
  await loadAttributes(loading, attributes, profiles);
  return histories;
}

function begin(history: History): Filling {
  return {
    customerId: history.customerId,
    existsFrom: existsFrom(history),
    deletedAt: history.deletedAt,
    opening: history.opening && { ...history.opening, firstOrderAt: null },
    events: {
      orders_placed: history.orders.map(({ at, grossMinor }) => ({ at, properties: { amount: grossMinor } })),
      refunds_made: history.refunds.map(({ at, amountMinor }) => ({ at, properties: { amount: amountMinor } })),
    },
    attributes: {},
    places: [],
    memberships: {},
  };
}

/** Kinds of events that have to be loaded, with their properties: what the profile's own history has not. */
function eventsWanted(reads: readonly Reads[], dictionary: Dictionary): Map<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  const want = (name: string, properties: Iterable<string>): void => {
    const known = wanted.get(name) ?? new Set();
    wanted.set(name, known);
    for (const property of properties) known.add(property);
  };
  for (const { events, activity } of reads) {
    for (const [name, properties] of events) want(name, properties);
    if (activity) for (const name of OWN_KINDS) if (name !== "products_purchased") want(name, []);
  }
  for (const name of ["orders_placed", "refunds_made"]) {
    if ([...(wanted.get(name) ?? [])].every((property) => property === "amount")) wanted.delete(name);
  }
  for (const name of wanted.keys()) if (!eventSource(name, dictionary)) wanted.delete(name);
  return wanted;
}

async function loadEvents(
  { sql, theirs, histories }: Loading,
  name: string,
  source: EventSource,
  properties: ReadonlySet<string>,
): Promise<void> {
  const columns = [...properties].flatMap((property) => {
    const column = source.column(property);
    return column ? [{ property, column }] : [];
  });
  const { rows } = await sql.query<Record<string, unknown> & { customer_id: string; at: Date }>(
    `${THEIRS} SELECT theirs.customer_id, ${source.at} AS at${columns.map(({ column }, index) => `, ${column.sql} AS p${index}`).join("")}
     FROM ${source.from(properties)} JOIN theirs ON ${source.customer} = theirs.own
     WHERE ${source.where} ORDER BY ${source.at}, ${source.order}`,
    theirs,
  );
  for (const history of histories.values()) history.events[name] = [];
  for (const row of rows) {
    const values = columns.map(
      ({ property, column }, index) => [property, readColumn(column, row[`p${index}`])] as const,
    );
    histories.get(row.customer_id)?.events[name]?.push({ at: row.at, properties: Object.fromEntries(values) });
  }
}

/** Rows of `events`, of all kinds in one statement. */
async function loadRecorded(
  { sql, theirs, histories, dictionary }: Loading,
  kinds: readonly string[] | null,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const columns = new Set(
    [...wanted].flatMap(([name, properties]) => {
      const source = eventSource(name, dictionary);
      return source?.kind === undefined
        ? []
        : [...properties].flatMap((property) => source.column(property)?.sql ?? []);
    }),
  );
  const products = columns.has("item.tags") || columns.has("item.category");
  // Most rules look at no property that is only there, and what is not read is neither sent nor parsed.
  const properties = [...columns].some((column) => !BESIDE_PROPERTIES.has(column));
  const { rows } = await sql.query<RecordedRow>(
    `${THEIRS} SELECT theirs.customer_id, e.kind, e.occurred_at AS at, e.product_id${properties ? ", e.properties" : ""}
       ${products ? ", item.tags, item.category" : ""}
     FROM theirs JOIN events e ON e.shop_id = $1 AND e.customer_id = theirs.own
     ${products ? "LEFT JOIN products item ON item.shop_id = $1 AND item.id = e.product_id" : ""}
     WHERE $4::text[] IS NULL OR e.kind = ANY($4::text[]) ORDER BY e.occurred_at, e.id`,
    [...theirs, kinds],
  );
  const columnsOf = new Map<string, { property: string; column: Column | null }[]>();
  for (const kind of new Set(rows.map((row) => row.kind))) {
    const source = eventSource(kind, dictionary);
    const read = [...(wanted.get(kind) ?? [])];
    columnsOf.set(
      kind,
      read.map((property) => ({ property, column: source?.column(property) ?? null })),
    );
  }
  for (const row of rows) {
    const history = histories.get(row.customer_id);
    if (!history) continue;
    const properties = (columnsOf.get(row.kind) ?? []).map(
      ({ property, column }) =>
        [property, column ? readColumn(column, recordedValue(row, property, column.sql)) : null] as const,
    );
    (history.events[row.kind] ??= []).push({ at: row.at, properties: Object.fromEntries(properties) });
  }
}

const BESIDE_PROPERTIES: ReadonlySet<string> = new Set(["e.product_id", "item.tags", "item.category"]);

interface RecordedRow {
  customer_id: string;
  kind: string;
  at: Date;
  product_id: string | null;
  properties?: Record<string, unknown>;
  tags?: string[] | null;
  category?: string | null;
}

function recordedValue(row: RecordedRow, property: string, sql: string): unknown {
  if (sql === "e.product_id") return row.product_id;
  if (sql === "item.tags") return row.tags;
  if (sql === "item.category") return row.category;
  return row.properties && Object.hasOwn(row.properties, property) ? row.properties[property] : null;
}

async function loadAttributes(
  loading: Loading,
  names: ReadonlySet<string>,
  profiles: readonly History[],
): Promise<void> {
  const record = [...names].flatMap((name) => {
    const column = Object.hasOwn(RECORD_COLUMNS, name) ? RECORD_COLUMNS[name] : undefined;
    return column ? [{ name, column }] : [];
  });
  if (record.length > 0) await loadRecord(loading, record);
  if ([...names].some((name) => Object.hasOwn(CONSENT_CHANNELS, name))) await loadConsents(loading);
  if (names.has("customer_tags")) await loadTags(loading);
  if (names.has("data_quality_findings")) await loadFindings(loading);
  if (names.has("suspected_duplicate")) await loadSuspicions(loading);
  if (names.has("abandoned_checkout_date")) await loadAbandoned(loading);
  await loadTraits(
    loading,
    [...names].flatMap((name) => ownTrait(name) ?? []),
  );
  await loadMetafields(
    loading,
    [...names].flatMap((name) => metafieldOf(name) ?? []),
  );
  if (names.has("traits.last_seen_date")) {
    for (const profile of profiles) {
      set(loading, profile.customerId, "traits.last_seen_date", [
        { since: null, value: computeProfile(profile).lastSeenAt },
      ]);
    }
  }
}

function set({ histories }: Loading, customerId: string, name: string, changes: AttributeChange[]): void {
  const history = histories.get(customerId);
  if (history) history.attributes[name] = changes;
}

async function loadRecord(loading: Loading, wanted: readonly { name: string; column: RecordColumn }[]): Promise<void> {
  const { rows } = await loading.sql.query<Record<string, unknown> & { id: string }>(
    `SELECT c.id${wanted.map(({ column }, index) => `, ${column.sql("c")} AS p${index}`).join("")}
     FROM customers c WHERE c.shop_id = $1 AND c.id = ANY($2::bigint[])`,
    [loading.shop, loading.ids],
  );
  for (const row of rows) {
    wanted.forEach(({ name }, index) => {
      const value = row[`p${index}`] as string | string[] | Date | null;
      set(loading, row.id, name, [{ since: null, value }]);
    });
  }
}

async function loadConsents(loading: Loading): Promise<void> {
  const { rows } = await loading.sql.query<{ customer_id: string; channel: string; state: string; since: Date }>(
    `SELECT n.customer_id, n.channel, upper(n.state) AS state, coalesce(n.consented_at, n.source_updated_at) AS since
     FROM consents n WHERE n.shop_id = $1 AND n.customer_id = ANY($2::bigint[])`,
    [loading.shop, loading.ids],
  );
  for (const [name, channel] of Object.entries(CONSENT_CHANNELS)) {
    for (const row of rows) {
      if (row.channel === channel) set(loading, row.customer_id, name, [{ since: row.since, value: row.state }]);
    }
  }
}

async function loadTags(loading: Loading): Promise<void> {
  const { rows } = await loading.sql.query<{ customer_id: string; tag: string; present: boolean; at: Date }>(
    `SELECT t.customer_id, t.tag, t.present, t.source_updated_at AS at FROM customer_tags t
     WHERE t.shop_id = $1 AND t.customer_id = ANY($2::bigint[]) ORDER BY t.source_updated_at`,
    [loading.shop, loading.ids],
  );
  for (const [customerId, tags] of Map.groupBy(rows, (row) => row.customer_id)) {
    set(loading, customerId, "customer_tags", tagsOverTime(tags));
  }
}

async function loadTraits(loading: Loading, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { from, where, customer, at, order, value } = TRAIT_WORDS;
  const { rows } = await loading.sql.query<{ customer_id: string; name: string; value: unknown; at: Date }>(
    `${THEIRS} SELECT theirs.customer_id, t.name, ${value} AS value, ${at} AS at FROM ${from()} JOIN theirs ON ${customer} = theirs.own
     WHERE ${where} AND t.name = ANY($4::text[]) ORDER BY ${at}, ${order}`,
    [...loading.theirs, names],
  );
  for (const words of Map.groupBy(rows, (row) => `${row.customer_id} ${row.name}`).values()) {
    const [{ customer_id: customerId, name } = { customer_id: "", name: "" }] = words;
    set(
      loading,
      customerId,
      `traits.${name}`,
      words.map((word) => ({ since: word.at, value: readJson(word.value) })),
    );
  }
}

async function loadMetafields(loading: Loading, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { rows } = await loading.sql.query<{ customer_id: string; name: string; value: unknown; at: Date }>(
    `SELECT m.customer_id, m.name, m.value, m.changed_at AS at FROM customer_metafields m
     WHERE m.shop_id = $1 AND m.customer_id = ANY($2::bigint[]) AND m.name = ANY($3::text[])`,
    [loading.shop, loading.ids, names],
  );
  for (const { customer_id: customerId, name, value, at } of rows) {
    set(loading, customerId, `metafields.${name}`, [{ since: at, value: readJson(value) }]);
  }
}

async function loadFindings(loading: Loading): Promise<void> {
  const { rows } = await loading.sql.query<{ customer_id: string; code: string; at: Date }>(
    `SELECT q.customer_id, q.code, q.found_at AS at FROM quality_findings q
     WHERE q.shop_id = $1 AND q.customer_id = ANY($2::bigint[]) ORDER BY q.found_at, q.code`,
    [loading.shop, loading.ids],
  );
  for (const [customerId, found] of Map.groupBy(rows, (row) => row.customer_id)) {
    set(loading, customerId, "data_quality_findings", codesOverTime(found));
  }
}

async function loadSuspicions(loading: Loading): Promise<void> {
  const suspected = await suspectedSince(loading.sql, loading.shop, loading.ids);
  for (const id of loading.ids) {
    const since = suspected.get(id);
    const changes: AttributeChange[] = [{ since: null, value: false }];
    set(loading, id, "suspected_duplicate", since ? [...changes, { since, value: true }] : changes);
  }
}

async function loadAbandoned(loading: Loading): Promise<void> {
  const { rows } = await loading.sql.query<Checkout & { customer_id: string }>(
    `SELECT k.customer_id, k.started_at AS "startedAt", least(k.completed_at, (
         SELECT min(o.ordered_at) FROM orders o WHERE o.shop_id = $1 AND o.buyer_id = k.customer_id AND o.checkout_token = k.token
       )) AS "completedAt"
     FROM checkouts k WHERE k.shop_id = $1 AND k.customer_id = ANY($2::bigint[]) AND k.deleted_at IS NULL`,
    [loading.shop, loading.ids],
  );
  for (const [customerId, own] of Map.groupBy(rows, (row) => row.customer_id)) {
    set(loading, customerId, "abandoned_checkout_date", abandonedDates(own));
  }
}
