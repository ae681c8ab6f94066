import { toDecimal } from "../platform/money.ts";

export interface ExportSource {
  shop: string;
  requestedAt: Date;
  builtAt: Date;
  tables: readonly { title: string; rows: readonly Record<string, unknown>[] }[];
  /** Deliveries of the shop that mention the person, as they came. */
  deliveries: readonly { topic: string; receivedAt: Date; body: Buffer }[];
}

/** Columns that are about how Muster keeps a row, not about the person. */
const OWN_COLUMNS = /^(shop_id|audience_id|revision|attempts|source_(delivery|triggered_at))$/;

/**
 * All that is kept of a person, as JSON for the merchant to hand on. Names are words in camel case; money is decimal in its
 * currency, instants are ISO 8601 in UTC. Lists that are empty stay, so that it is seen that there is nothing.
 */
export function exportDocument(source: ExportSource): string {
  const document: Record<string, unknown> = {
    about: {
      shop: source.shop,
      requestedAt: source.requestedAt,
      builtAt: source.builtAt,
      note: "Everything Muster keeps about this person, and the messages of the shop that mention them, as they came.",
    },
  };
  for (const { title, rows } of source.tables) {
    document[title] = [...((document[title] as unknown[] | undefined) ?? []), ...rows.map(readable)];
  }
  document["messages"] = source.deliveries.map(({ topic, receivedAt, body }) => ({
    topic,
    receivedAt,
    body: readBody(body),
  }));
  return JSON.stringify(document, null, 2);
}

function readable(row: Record<string, unknown>): Record<string, unknown> {
  const currency = typeof row["currency"] === "string" ? row["currency"] : null;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !OWN_COLUMNS.test(name))
      .map(([name, value]) => {
        if (!name.endsWith("_minor") || currency === null || value === null) return [camel(name), value];
        return [camel(name.slice(0, -"_minor".length)), toDecimal(BigInt(String(value)), currency)];
      }),
  );
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** What is no JSON is given as text. */
function readBody(body: Buffer): unknown {
  const text = body.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
