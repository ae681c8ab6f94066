import { findErased, holdOffErasures, type Marks } from "../../ingest/erased/erased-store.server.ts";
import type { Db, Sql } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { enqueueNamed } from "../profile-store.server.ts";
import { isBarred, mentionsOfNames } from "./erased-names.ts";
import { holdersAmong, keepNames, type KnownName } from "./names-store.server.ts";
import { type Name, nameKey } from "./person.ts";
import type { Problem } from "./problem.ts";
import {
  type Context,
  messageIdOf,
  type ProfileRow,
  type Read,
  readEventRow,
  readProfileRow,
  type TraitType,
} from "./rows.ts";
import { insertEvents, settleTypes, writeTraits } from "./rows-store.server.ts";

/** What became of one row, in the order in which they came. */
export type RowAnswer = { row: number; messageId?: string | null } & (
  { outcome: "recorded" | "duplicate" | "unchanged" } | { outcome: "refused"; error: Problem }
);

export interface Recorded {
  rows: RowAnswer[];
  /** Customers with something new. */
  customers: string[];
}

export interface RecordOptions {
  db: Db;
  shop: ShopId;
  marks: Marks;
  context: Context;
  /** Real time. */
  receivedAt: Date;
  /** With which of the merchant's keys it came; null: none is known. */
  keyId: number | null;
}

/** Records events of which the shop has no message of that id yet. */
export async function recordEvents(options: RecordOptions, given: readonly unknown[]): Promise<Recorded> {
  const read = given.map((row) => readEventRow(row, options.context));
  return options.db.tx(async (tx) => {
    const rows = await withoutErased(tx, options, read, ({ occurredAt }) => occurredAt);
    const good = rows.flatMap((row) => (row.outcome === "read" ? [row.row] : []));
    const known = await keepNames(
      tx,
      options.shop,
      good.map(({ names }) => names),
    );
    // Of two rows with one id the first counts.
    const first = new Map(good.toReversed().map((row) => [row.messageId, row]));
    const events = [...first.values()].map(({ names, ...event }) => ({ ...event, ...subjectOf(names, known) }));
    const fresh = await insertEvents(tx, options.shop, events, options.receivedAt);
    const recorded = events.filter(({ messageId }) => fresh.has(messageId));
    const customers = distinct(recorded.map(({ customerId }) => customerId));
    const byCustomer = Map.groupBy(recorded, ({ customerId }) => customerId);
    await enqueueNamed(
      tx,
      options.shop,
      new Map(customers.map((id) => [id, (byCustomer.get(id) ?? []).map(({ kind }) => kind)])),
      options.receivedAt,
    );
    const answers = rows.map((row, place): RowAnswer => {
      const messageId = messageIdOf(given[place]);
      if (row.outcome === "refused") return { row: place, messageId, outcome: "refused", error: row.problem };
      return { row: place, messageId, outcome: fresh.delete(row.row.messageId) ? "recorded" : "duplicate" };
    });
    return { rows: answers, customers };
  });
}

/** Records what is not known yet of these people, also of times that are past. */
export async function recordProfiles(options: RecordOptions, given: readonly unknown[]): Promise<Recorded> {
  const read = given.map((row) => readProfileRow(row, options.context));
  return options.db.tx(async (tx) => {
    const live = await withoutErased(tx, options, read, ({ saidAt }) => saidAt);
    const rows = await withTypes(tx, options.shop, live);
    const known = await keepNames(
      tx,
      options.shop,
      rows.flatMap((row) => (row.outcome === "read" ? [row.row.names] : [])),
    );
    const words = rows.flatMap((row, place) => {
      if (row.outcome === "refused") return [];
      const { saidAt, names, traits } = row.row;
      const subject = subjectOf(names, known);
      return traits.map(({ name, value }) => ({ ...subject, name, value, saidAt, row: place }));
    });
    const told = { receivedAt: options.receivedAt, keyId: options.keyId };
    const changed: typeof words = [];
    for (const round of oneOfEach(words)) {
      const given = round.map(({ identifierId, name, value, saidAt }) => ({ identifierId, name, value, saidAt }));
      for (const place of await writeTraits(tx, options.shop, given, told))
        changed.push(...round.slice(place, place + 1));
    }
    const customers = distinct(changed.map(({ customerId }) => customerId));
    const names = Map.groupBy(changed, ({ customerId }) => customerId);
    await enqueueNamed(
      tx,
      options.shop,
      new Map(customers.map((id) => [id, (names.get(id) ?? []).map(({ name }) => `traits.${name}`)])),
      options.receivedAt,
    );
    const changedRows = new Set(changed.map(({ row }) => row));
    const answers = rows.map((row, place): RowAnswer => {
      if (row.outcome === "refused") return { row: place, outcome: "refused", error: row.problem };
      return { row: place, outcome: changedRows.has(place) ? "recorded" : "unchanged" };
    });
    return { rows: answers, customers };
  });
}

/** In rounds, so that in none of them two words are about the same trait of the same name. */
function oneOfEach<Word extends { identifierId: string; name: string; saidAt: Date }>(
  words: readonly Word[],
): Word[][] {
  const rounds: Word[][] = [];
  for (const same of Map.groupBy(words, ({ identifierId, name }) => `${identifierId} ${name}`).values()) {
    // The earlier first, so that what is said again and again within one batch is known by every word.
    const inOrder = same.toSorted((one, other) => one.saidAt.getTime() - other.saidAt.getTime());
    inOrder.forEach((word, round) => (rounds[round] ??= []).push(word));
  }
  return rounds;
}

function subjectOf(
  [name]: readonly [Name, ...Name[]],
  known: ReadonlyMap<string, KnownName>,
): { identifierId: string; customerId: string | null } {
  const found = known.get(nameKey(name));
  if (!found) throw new Error("A name that was just written cannot be read back.");
  return { identifierId: found.id, customerId: found.customerId };
}

/** Refuses rows about somebody who was erased, before anything of them is written. */
async function withoutErased<Row extends { names: readonly Name[] }>(
  tx: Sql,
  { shop, marks }: RecordOptions,
  read: readonly Read<Row>[],
  timeOf: (row: Row) => Date,
): Promise<Read<Row>[]> {
  await holdOffErasures(tx, shop);
  const names = read.flatMap((row) => (row.outcome === "read" ? row.row.names : []));
  const erased = await findErased(tx, shop, marks, mentionsOfNames(names));
  if (erased.size === 0) return [...read];
  const held = await holdersAmong(tx, shop, names);
  return read.map((row) => {
    if (row.outcome === "refused" || !isBarred(row.row.names, timeOf(row.row), erased, held)) return row;
    const detail = "names somebody who was erased: delete them in your own systems too";
    return { outcome: "refused", problem: { code: "person_erased", field: "customer", detail } };
  });
}

/** Refuses rows with a trait of another type than it has in the shop. */
async function withTypes(tx: Sql, shop: ShopId, read: readonly Read<ProfileRow>[]): Promise<Read<ProfileRow>[]> {
  const wanted = new Map<string, TraitType>();
  for (const row of read) {
    if (row.outcome === "refused") continue;
    for (const { name, type } of row.row.traits) if (type !== null && !wanted.has(name)) wanted.set(name, type);
  }
  const types = await settleTypes(tx, shop, wanted);
  return read.map((row) => {
    if (row.outcome === "refused") return row;
    const wrong = row.row.traits.find(({ name, type }) => type !== null && types.get(name) !== type);
    if (!wrong) return row;
    const detail = `is a ${wrong.type} here and a ${types.get(wrong.name)} in this shop: send that, or choose another name`;
    return { outcome: "refused", problem: { code: "trait_type", field: `traits.${wrong.name}`, detail } };
  });
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
