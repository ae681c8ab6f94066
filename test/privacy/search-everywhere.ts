import type { Db } from "../../app/platform/db.server.ts";

/** Every column of the database that holds one of the texts, in any case, as "table.column". Bytes are read as text too. */
export async function searchEverywhere(db: Db, texts: readonly string[]): Promise<string[]> {
  const { rows: columns } = await db.query<{ table_name: string; column_name: string; data_type: string }>(
    `SELECT table_name, column_name, data_type FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE' ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table_name: table, column_name: column, data_type: type } of columns) {
    const text = type === "bytea" ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rows } = await db.query(`SELECT FROM "${table}" WHERE lower(${text}) LIKE ANY ($1::text[]) LIMIT 1`, [
      texts.map((each) => `%${each.toLowerCase()}%`),
    ]);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}
