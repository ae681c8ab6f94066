/** What Prisma's schema and the SQL migrations both say about a table. */
export interface Table {
  /** By column name. Defaults as Prisma writes them, without quotes. */
  readonly columns: Record<string, { type: string; nullable: boolean; default: string | null }>;
  readonly primaryKey: string[];
  /** Each one's columns separated by commas, in order of the alphabet. */
  readonly uniques: string[];
  /** "name: columns" of the plain indexes, in order of the alphabet. Prisma knows no partial and no expression index. */
  readonly indexes: string[];
  /** "columns -> table (columns) on delete …", in order of the alphabet. */
  readonly foreignKeys: string[];
}

export type Tables = Record<string, Table>;

const TYPES: Record<string, string> = {
  String: "text",
  Int: "integer",
  BigInt: "bigint",
  Float: "double precision",
  Boolean: "boolean",
  Bytes: "bytea",
  Json: "jsonb",
  DateTime: "timestamp(3) without time zone",
  "DateTime @db.Timestamptz": "timestamp with time zone",
  "DateTime @db.Timestamptz(3)": "timestamp(3) with time zone",
  "DateTime @db.Date": "date",
  "Decimal @db.Decimal(20, 4)": "numeric(20,4)",
  "Int @db.SmallInt": "smallint",
  "Float @db.Real": "real",
  "String @db.Uuid": "uuid",
};

interface Model {
  readonly name: string;
  readonly table: string;
  readonly fields: readonly Field[];
  /** The lines that begin with @@. */
  readonly attributes: readonly string[];
}

interface Field {
  readonly name: string;
  readonly column: string;
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly attributes: string;
}

/**
 * The tables of a schema.prisma, as far as this project writes one.
 *
 * @throws for a type, a block or an attribute it does not know, so that nothing is left out in silence
 */
export function tablesOfSchema(schema: string): Tables {
  const text = schema.replaceAll(/\/\/.*$/gm, "");
  const blocks = [...text.matchAll(/^(\w+)\s+(\w+)\s*\{\n([^}]*)\}/gm)];
  const unknown = blocks.find(([, kind = ""]) => !["generator", "datasource", "model"].includes(kind));
  if (unknown !== undefined) throw new Error(`unknown block in schema.prisma: ${unknown[0].split("\n")[0]}`);
  const models = blocks
    .filter(([, kind]) => kind === "model")
    .map(([, , name = "", body = ""]) => readModel(name, body));
  return Object.fromEntries(models.map((model) => [model.table, tableOf(model, models)]));
}

function readModel(name: string, body: string): Model {
  const lines = body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const attributes = lines.filter((line) => line.startsWith("@@"));
  const table = attributes.map((line) => /^@@map\("(\w+)"\)$/.exec(line)?.[1]).find((found) => found !== undefined);
  return {
    name,
    table: table ?? name,
    attributes,
    fields: lines.filter((line) => !line.startsWith("@@")).map(readField),
  };
}

function readField(line: string): Field {
  const [, name = "", type = "", list, optional, attributes = ""] =
    /^(\w+)\s+(\w+|Unsupported\("[^"]+"\))(\[\])?(\?)?\s*(.*)$/.exec(line) ?? [];
  if (name === "") throw new Error(`unknown line in schema.prisma: ${line}`);
  const left = attributes.replaceAll(
    /@(id|unique|default|map|relation|updatedAt|db\.\w+)(\((?:"[^"]*"|[^()"]|\((?:"[^"]*"|[^()"])*\))*\))?/g,
    "",
  );
  if (left.trim() !== "") throw new Error(`unknown attribute in schema.prisma: ${line}`);
  const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
  return { name, column, type, list: list !== undefined, optional: optional !== undefined, attributes };
}

function tableOf(model: Model, models: readonly Model[]): Table {
  const isColumn = (field: Field): boolean => !models.some(({ name }) => name === field.type);
  const fields = model.fields.filter(isColumn);
  const columnsOf = (list: string): string[] => columnNames(list, model);
  const table: Table = {
    columns: Object.fromEntries(
      fields.map((field) => [
        field.column,
        { type: typeOf(field), nullable: field.optional, default: defaultOf(field.attributes) },
      ]),
    ),
    primaryKey: fields.filter(({ attributes }) => /@id\b/.test(attributes)).map(({ column }) => column),
    uniques: fields.filter(({ attributes }) => /@unique\b/.test(attributes)).map(({ column }) => column),
    indexes: [],
    foreignKeys: model.fields.flatMap((field) => foreignKeyOf(field, model, models)),
  };
  for (const attribute of model.attributes) {
    const [, kind = "", list = "", map] =
      /^@@(id|unique|index|map)\((?:\[(.*)\](?:, map: "(\w+)")?|"\w+")\)$/.exec(attribute) ?? [];
    if (kind === "id") table.primaryKey.push(...columnsOf(list));
    else if (kind === "unique") table.uniques.push(columnsOf(list).join(", "));
    else if (kind === "index")
      table.indexes.push(indexLine(map ?? `${model.table}_${columnsOf(list).join("_")}_idx`, columnsOf(list)));
    else if (kind !== "map") throw new Error(`unknown attribute in schema.prisma: ${attribute}`);
  }
  return sorted(table);
}

function typeOf({ type, list, attributes }: Field): string {
  const native = /@db\.\w+(\([^)]*\))?/.exec(attributes)?.[0];
  const unsupported = /^Unsupported\("([^"]+)"\)$/.exec(type)?.[1];
  const known = unsupported ?? TYPES[native === undefined ? type : `${type} ${native}`];
  if (known === undefined) throw new Error(`unknown type in schema.prisma: ${type} ${native ?? ""}`);
  return list ? `${known}[]` : known;
}

function defaultOf(attributes: string): string | null {
  const generated = /@default\(dbgenerated\("([^"]*)"\)\)/.exec(attributes)?.[1];
  if (generated !== undefined) return bareExpression(generated.replace(LAST_CAST, ""));
  const [, value] = /@default\(((?:[^()]|\([^()]*\))*)\)/.exec(attributes) ?? [];
  return value?.replaceAll('"', "") ?? null;
}

/** Columns of a field list such as `shopId, lastSeenAt(sort: Desc)`. */
function columnNames(list: string, { fields }: Model): string[] {
  return list.split(", ").map((item) => {
    const [, name, descending] = /^(\w+)(\(sort: Desc\))?$/.exec(item) ?? [];
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`unknown field in schema.prisma: ${item}`);
    return field.column + (descending === undefined ? "" : " DESC");
  });
}

function foreignKeyOf({ type, optional, attributes }: Field, model: Model, models: readonly Model[]): string[] {
  const [, fields, references, onDelete] =
    /@relation\(fields: \[([^\]]+)\], references: \[([^\]]+)\](?:, onDelete: (\w+))?\)/.exec(attributes) ?? [];
  const target = models.find(({ name }) => name === type);
  if (fields === undefined || references === undefined || target === undefined) return [];
  const action = onDelete ?? (optional ? "SetNull" : "NoAction");
  return [foreignKeyLine(columnNames(fields, model), target.table, columnNames(references, target), action)];
}

/** Anything that takes a query. */
interface Queries {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** The tables of a migrated database, but for the books of the migrations. */
export async function tablesOfDatabase(db: Queries): Promise<Tables> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname <> '_prisma_migrations'`,
  );
  const tables: Tables = {};
  for (const { name } of rows) tables[name] = await tableInDatabase(db, name);
  return tables;
}

async function tableInDatabase(db: Queries, table: string): Promise<Table> {
  const columns = await db.query<{ name: string; type: string; nullable: boolean; value: string | null }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable, CASE WHEN attgenerated = '' THEN pg_get_expr(adbin, adrelid) END AS value
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const indexes = await db.query<{ name: string; columns: string[]; main: boolean; isUnique: boolean; plain: boolean }>(
    `SELECT relname AS name, indisprimary AS main, indisunique AS "isUnique",
       indpred IS NULL AND indexprs IS NULL AND amname = 'btree' AS plain,
       array(SELECT attname || CASE WHEN indoption[place - 1] & 1 = 1 THEN ' DESC' ELSE '' END
             FROM unnest(indkey) WITH ORDINALITY AS part(number, place)
             JOIN pg_attribute ON attrelid = indrelid AND attnum = number
             WHERE place <= indnkeyatts ORDER BY place) AS columns
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam WHERE indrelid = $1::regclass`,
    [table],
  );
  const keys = await db.query<{ columns: string[]; target: string; targets: string[]; action: string }>(
    `SELECT confrelid::regclass::text AS target, confdeltype::text AS action,
       array(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS part(number, place)
             JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place) AS columns,
       array(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS part(number, place)
             JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place) AS targets
     FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'f'`,
    [table],
  );
  const plain = indexes.rows.filter((index) => index.plain && !index.main);
  return sorted({
    columns: Object.fromEntries(
      columns.rows.map(({ name, type, nullable, value }) => [name, { type, nullable, default: plainDefault(value) }]),
    ),
    primaryKey: indexes.rows.find(({ main }) => main)?.columns ?? [],
    uniques: plain.filter(({ isUnique }) => isUnique).map((index) => index.columns.join(", ")),
    indexes: plain.filter(({ isUnique }) => !isUnique).map((index) => indexLine(index.name, index.columns)),
    foreignKeys: keys.rows.map((key) =>
      foreignKeyLine(key.columns, key.target, key.targets, DELETE_ACTIONS[key.action] ?? key.action),
    ),
  });
}

/** Restrict and no action differ only inside a transaction that defers its checks; here neither is written. */
const DELETE_ACTIONS: Record<string, string> = {
  a: "NoAction",
  r: "NoAction",
  c: "Cascade",
  n: "SetNull",
  d: "SetDefault",
};

/** A default of PostgreSQL's as Prisma writes it. */
function plainDefault(value: string | null): string | null {
  if (value === null) return null;
  if (value.startsWith("nextval(")) return "autoincrement()";
  if (value === "CURRENT_TIMESTAMP") return "now()";
  const uncast = value.replace(LAST_CAST, "");
  const literal = uncast.replace(/^'(.*)'$/, "$1");
  if (literal === uncast && literal.includes("(") && literal !== "now()") return bareExpression(literal);
  return literal === "{}" && value.endsWith("[]") ? "[]" : literal;
}

const LAST_CAST = /::[\w ]+(\[\])?$/;

/** PostgreSQL puts parentheses where Prisma's schema need not have them. */
function bareExpression(text: string): string {
  return text.replaceAll(/[()]/g, "");
}

function indexLine(name: string, columns: readonly string[]): string {
  return `${name}: ${columns.join(", ")}`;
}

function foreignKeyLine(
  columns: readonly string[],
  table: string,
  targets: readonly string[],
  onDelete: string,
): string {
  return `${columns.join(", ")} -> ${table} (${targets.join(", ")}) on delete ${onDelete}`;
}

function sorted(table: Table): Table {
  const { uniques, indexes, foreignKeys } = table;
  return { ...table, uniques: uniques.toSorted(), indexes: indexes.toSorted(), foreignKeys: foreignKeys.toSorted() };
}
