import type { Sql } from "../platform/db.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import { type Keys, type PersonalRows, TABLES } from "./personal-tables.ts";
import type { Subject } from "./subject.ts";

/** Rows by table: how many were deleted or overwritten. */
export type Counts = Record<string, number>;

/** Takes the person out of every table, in the caller's transaction. */
export async function erasePerson(tx: Sql, shop: ShopId, subject: Subject): Promise<Counts> {
  const counts: Counts = {};
  for (const { table, person } of personalTables()) {
    const { condition, set, values } = bind(shop, subject, person);
    const statement = set === null ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${set}`;
    const { rowCount } = await tx.query(`${statement} WHERE shop_id = $1 AND ${condition}`, values);
    // A row that was overwritten first and deleted then is one row.
    counts[table] ??= rowCount ?? 0;
  }
  return counts;
}

/** Every row of the person, by the name it has in an export. */
export async function readPerson(
  sql: Sql,
  shop: ShopId,
  subject: Subject,
): Promise<{ title: string; rows: Record<string, unknown>[] }[]> {
  const found: { title: string; rows: Record<string, unknown>[] }[] = [];
  for (const { table, person } of personalTables()) {
    if (person.title === null) continue;
    const { condition, values } = bind(shop, subject, person);
    const { rows } = await sql.query(`SELECT * FROM ${table} WHERE shop_id = $1 AND ${condition}`, values);
    found.push({ title: person.title, rows });
  }
  return found;
}

/** How many rows still wait for an e-mail platform to confirm that the person is out. */
export async function countLeaving(sql: Sql, shop: ShopId, subject: Subject): Promise<number> {
  // Whose audience is gone with its connection has nobody left to tell.
  await sql.query(
    `DELETE FROM audience_members m WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
       AND NOT EXISTS (SELECT FROM audiences a WHERE a.id = m.audience_id)`,
    [shop, subject.customers],
  );
  const { rows } = await sql.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM audience_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])",
    [shop, subject.customers],
  );
  return rows[0]?.count ?? 0;
}

function* personalTables(): Generator<{ table: string; person: PersonalRows }> {
  for (const { table, person } of TABLES) {
    if (typeof person !== "string") for (const each of person) yield { table, person: each };
  }
}

/** The condition with only those keys as parameters that it speaks of: PostgreSQL refuses the others. */
function bind(
  shop: ShopId,
  subject: Subject,
  { rows, erase }: PersonalRows,
): { condition: string; set: string | null; values: unknown[] } {
  const values: unknown[] = [shop];
  const places = new Map<string, string>();
  const place = (name: keyof Keys): string => {
    const known = places.get(name);
    if (known !== undefined) return known;
    values.push(subject[name]);
    places.set(name, `$${values.length}`);
    return `$${values.length}`;
  };
  const keys: Keys = {
    get customers() {
      return place("customers");
    },
    get orders() {
      return place("orders");
    },
    get emails() {
      return place("emails");
    },
    get phones() {
      return place("phones");
    },
    get tokens() {
      return place("tokens");
    },
    get clients() {
      return place("clients");
    },
    get externals() {
      return place("externals");
    },
  };
  const condition = rows(keys);
  const set = erase === "delete" ? null : typeof erase.set === "string" ? erase.set : erase.set(keys);
  return { condition, set, values };
}
