import { speaksOfErased } from "../ingest/erased/erased.ts";
import { mentionsOf } from "../ingest/erased/mentions.ts";
import type { Crypto } from "../platform/crypto.server.ts";
import type { Shop } from "../shopify/shop-store.server.ts";
import { deliveriesWith, type KeptDelivery } from "./deliveries-store.server.ts";
import type { ErasureOptions } from "./erase-person.server.ts";
import { exportDocument } from "./export-document.ts";
import { fetchExport, saveExport } from "./exports-store.server.ts";
import { readPerson } from "./personal-rows-store.server.ts";
import { closeRequest, type OpenRequest } from "./privacy-requests-store.server.ts";
import { asErased, needlesOf, type Subject } from "./subject.ts";
import { findSubject } from "./subject-store.server.ts";

export interface ExportOptions extends ErasureOptions {
  crypto: Pick<Crypto, "seal">;
}

const DELIVERIES_AT_ONCE = 200;

/** Builds the export a request asks for, sealed, and closes the request. Building it again replaces it. */
export async function buildExport(options: ExportOptions, request: OpenRequest): Promise<void> {
  const { db, shop, crypto, now } = options;
  const subject = await findSubject(db, shop.id, request);
  const text = exportDocument({
    shop: shop.domain,
    requestedAt: request.receivedAt,
    builtAt: now(),
    tables: await readPerson(db, shop.id, subject),
    deliveries: await deliveriesOf(options, subject),
  });
  const sealed = crypto.seal(text, placeOf(shop, request.id));
  await db.tx(async (tx) => {
    await saveExport(tx, shop.id, request.id, sealed, now());
    await closeRequest(tx, shop.id, request.id, { state: "done", subjectMark: null, now: now() });
  });
}

/** @returns null when there is none, or when it has expired. */
export async function openExport(
  { db, shop, crypto, now }: Pick<ErasureOptions, "db" | "shop" | "now"> & { crypto: Pick<Crypto, "open"> },
  requestId: string,
): Promise<string | null> {
  const sealed = await fetchExport(db, shop.id, requestId, now());
  return sealed && crypto.open(sealed, placeOf(shop, requestId)).toString("utf8");
}

const placeOf = ({ id }: Shop, requestId: string): string => `privacy_exports|sealed|${id}|${requestId}`;

async function deliveriesOf({ db, shop, now }: ErasureOptions, subject: Subject): Promise<KeptDelivery[]> {
  const person = asErased(subject, now());
  const needles = needlesOf(subject);
  const found: KeptDelivery[] = [];
  for (let after: string | null = ""; after !== null;) {
    const page = await deliveriesWith(db, shop.domain, needles, { after, limit: DELIVERIES_AT_ONCE });
    found.push(...page.found.filter((each) => speaksOfErased(mentionsOf(each), each.triggeredAt, person)));
    after = page.last;
  }
  return found.sort((left, right) => left.receivedAt.getTime() - right.receivedAt.getTime());
}
