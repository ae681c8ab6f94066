import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { invalid } from "./refusal.ts";

interface ValueSchema {
  type?: string;
  enum?: string[];
  items?: ValueSchema;
  minimum?: number;
  maximum?: number;
}

interface Rate {
  burst: string;
  steady: string;
  daily?: string;
}

interface ContractOperation {
  operationId: string;
  parameters: { name: string; in: string; schema: ValueSchema }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
  responses: Record<string, { content: Record<string, { schema: unknown }> }>;
  "x-klaviyo-ratelimit": Rate;
  "x-slower-when"?: (Rate & { parameter: string; value: string })[];
}

interface ContractDocument {
  info: { version: string };
  paths: Record<string, Record<string, ContractOperation>>;
  components: { schemas: Record<string, unknown>; responses: unknown };
}

/** Limits in requests per window: 1 s, 1 min and, where there is one, a day. */
export interface Limits {
  burst: number;
  steady: number;
  daily?: number;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  limits: Limits;
  /** Lower limits for using a query parameter; they are counted over all endpoints together. */
  slower: { parameter: string; value: string; limits: Limits }[];
  query: Map<string, ValueSchema>;
  bodySchema: string | null;
}

/** Query parameters that passed the contract. */
export interface Query {
  one(name: string): string | undefined;
  many(name: string): string[];
  integer(name: string): number | undefined;
}

export const REVISION = "2026-07-15";

const document = JSON.parse(
  readFileSync(new URL("../../contracts/klaviyo.json", import.meta.url), "utf8"),
) as ContractDocument;

const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => readOperation(path, method.toUpperCase(), operation)),
);

/** The operation behind a method and a path with the values of the path's `{…}`, or null. */
export function findOperation(method: string, path: string): { operation: Operation; params: string[] } | null {
  const parts = path.replace(/\/$/, "").split("/");
  for (const operation of operations) {
    const params = operation.method === method ? matchPath(operation.path.split("/"), parts) : null;
    if (params !== null) return { operation, params };
  }
  return null;
}

/** @throws Refusal for a parameter the operation does not have or a value it does not take */
export function readQuery(operation: Operation, search: URLSearchParams): Query {
  for (const [name, value] of search) {
    const schema = operation.query.get(name);
    if (schema === undefined) {
      const field = name.replace("[", "_").replace("]", "");
      throw invalid(`'${field}' is not a valid field for the resource '${operation.id}'.`, { parameter: name });
    }
    const values = schema.type === "array" ? value.split(",") : [value];
    for (const each of values) checkValue(name, each, schema.type === "array" ? (schema.items ?? {}) : schema);
  }
  return {
    one: (name) => search.get(name) ?? undefined,
    many: (name) => search.get(name)?.split(",") ?? [],
    integer: (name) => (search.has(name) ? Number(search.get(name)) : undefined),
  };
}

/**
 * The parsed body. Fields the contract does not name are refused, as Klaviyo refuses them, although its contract does not
 * say so. @throws Refusal
 */
export function readBody<T>(operation: Operation, body: Buffer): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("The payload provided in the request is not valid JSON.");
  }
  if (operation.bodySchema === null) return parsed as T;
  const validate = validator(operation.bodySchema);
  if (!validate(parsed)) throw bodyRefusal(validate.errors?.[0]);
  return parsed as T;
}

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
ajv.addSchema(strict(structuredClone(document)) as object, "klaviyo.json");
const validators = new Map<string, ValidateFunction>();

function validator(schema: string): ValidateFunction {
  let validate = validators.get(schema);
  if (validate === undefined) validators.set(schema, (validate = ajv.compile({ $ref: `klaviyo.json${schema}` })));
  return validate;
}

function strict(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(strict);
  const entries = Object.entries(node).map(([key, value]) => [key, strict(value)] as const);
  const schema = Object.fromEntries(entries);
  return isObjectSchema(node) ? { ...schema, additionalProperties: false } : schema;
}

function isObjectSchema(node: object): boolean {
  if (!("type" in node) || !("properties" in node)) return false;
  return node.type === "object" || (Array.isArray(node.type) && node.type.includes("object"));
}

function bodyRefusal(error: ErrorObject | undefined) {
  const pointer = error?.instancePath === "" || error === undefined ? "/data" : error.instancePath;
  const field: unknown = error?.params["additionalProperty"] ?? error?.params["missingProperty"];
  if (error?.keyword === "additionalProperties") {
    return invalid(`'${String(field)}' is not a valid field.`, { pointer: `${pointer}/${String(field)}` });
  }
  if (error?.keyword === "required") return invalid(`'${String(field)}' is a required field.`, { pointer });
  return invalid(`The payload provided in the request is invalid: ${error?.message ?? ""}.`, { pointer });
}

function readOperation(path: string, method: string, operation: ContractOperation): Operation {
  const content = Object.values(operation.requestBody?.content ?? {})[0];
  return {
    id: operation.operationId,
    method,
    path,
    limits: readLimits(operation["x-klaviyo-ratelimit"]),
    slower: (operation["x-slower-when"] ?? []).map((each) => ({
      parameter: each.parameter,
      value: each.value,
      limits: readLimits(each),
    })),
    query: new Map(operation.parameters.filter((each) => each.in === "query").map((each) => [each.name, each.schema])),
    bodySchema: content?.schema.$ref ?? null,
  };
}

function readLimits(rate: Rate): Limits {
  const number = (text: string) => Number.parseInt(text, 10);
  const limits = { burst: number(rate.burst), steady: number(rate.steady) };
  return rate.daily === undefined ? limits : { ...limits, daily: number(rate.daily) };
}

function matchPath(pattern: string[], parts: string[]): string[] | null {
  if (pattern.length !== parts.length) return null;
  const params: string[] = [];
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith("{")) params.push(part);
    else if (expected !== part) return null;
  }
  return params;
}

function checkValue(name: string, value: string, schema: ValueSchema): void {
  const parameter = { parameter: name };
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    throw invalid(`'${value}' is not a valid value for '${name}'.`, parameter);
  }
  if (schema.type !== "integer") return;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= (schema.minimum ?? 0) && number <= (schema.maximum ?? Infinity))) {
    throw invalid(`${name} must be an integer from ${schema.minimum} to ${schema.maximum}.`, parameter);
  }
}
