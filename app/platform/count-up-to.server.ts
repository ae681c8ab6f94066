import type { Sql } from "./db.server.ts";

/** How many rows there are, of which no more than `most` are counted. @param from "TABLE WHERE …" of the caller's own words */
export async function countUpTo(sql: Sql, from: string, values: readonly unknown[], most: number): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT FROM ${from} LIMIT $${values.length + 1}) AS found`,
    [...values, most],
  );
  return rows[0]?.count ?? 0;
}
