import type { Crypto } from "../../platform/crypto.server.ts";
import type { Db } from "../../platform/db.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";
import { TRAITS } from "../traits.ts";
import { csvLine } from "./csv-line.ts";
import { addPart, type ExportedPerson, findExport, lockBuild, membersAfter, partAt } from "./exports-store.server.ts";

export interface ExportOptions {
  db: Db;
  shop: ShopId;
  crypto: Pick<Crypto, "seal" | "open">;
  exportId: string;
  now(): Date;
}

/** On the embedded database a transaction holds up everything else. */
const peopleInAPart = ({ embedded }: Db): number => (embedded ? 500 : 5_000);
const HEADINGS = ["customer_id", "email", "first_name", "last_name", "email_consent", "entered_at"];

/**
 * Builds the next part of a file, in one transaction: a process that dies leaves a file that goes on where it stopped, with nobody in it
 * twice.
 * @returns whether there is more to build.
 */
export function buildPart({ db, shop, crypto, exportId, now }: ExportOptions): Promise<boolean> {
  return db.tx(async (tx) => {
    const build = await lockBuild(tx, shop, exportId);
    if (!build) return false;
    const limit = peopleInAPart(db);
    const people = await membersAfter(tx, shop, build.segmentId, build.position, limit);
    const first = build.parts === 0 ? csvLine([...HEADINGS, ...TRAITS.map(({ name }) => name)]) : "";
    const text = Buffer.from(first + people.map(lineOf).join(""));
    const position = people.length < limit ? null : (people.at(-1)?.customerId ?? null);
    await addPart(tx, shop, exportId, {
      number: build.parts,
      startsAt: build.bytes,
      bytes: text.length,
      sealed: crypto.seal(text, placeOf(shop, exportId, build.parts)),
      people: people.length,
      position,
      now: now(),
    });
    return position !== null;
  });
}

/**
 * The bytes of a finished file from `start` up to and with `end`, part by part.
 * @returns null when there is no such file, or it is not finished.
 */
export async function readExport(
  options: ExportOptions,
  range: { start: number; end: number },
): Promise<AsyncIterable<Buffer> | null> {
  const found = await findExport(options.db, options.shop, options.exportId, options.now());
  return found?.finishedAt ? bytesOf(options, range) : null;
}

async function* bytesOf(
  { db, shop, crypto, exportId }: ExportOptions,
  { start, end }: { start: number; end: number },
): AsyncIterable<Buffer> {
  for (let at = start; at <= end;) {
    const part = await partAt(db, shop, exportId, at);
    const bytes = part && crypto.open(part.sealed, placeOf(shop, exportId, part.number));
    const piece = part && bytes?.subarray(at - part.startsAt, end + 1 - part.startsAt);
    if (!piece || piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

function lineOf({ customerId, email, firstName, lastName, consent, enteredAt, traits }: ExportedPerson): string {
  const values = TRAITS.map(({ name }) => traits[name] ?? null);
  return csvLine([customerId, email, firstName, lastName, consent, enteredAt.toISOString(), ...values]);
}

function placeOf(shop: ShopId, exportId: string, number: number): string {
  return `segment_export_parts|sealed|${shop}|${exportId}|${number}`;
}
