import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** The operations the sandbox answers; everything else of Klaviyo's contract is left out. */
const KLAVIYO_OPERATIONS = [
  "get_accounts",
  "create_or_update_profile",
  "create_profile",
  "get_profiles",
  "get_profile",
  "bulk_import_profiles",
  "get_bulk_import_profiles_job",
  "get_errors_for_bulk_import_profiles_job",
  "get_profiles_for_bulk_import_profiles_job",
  "create_list",
  "get_lists",
  "get_list",
  "delete_list",
  "add_profiles_to_list",
  "remove_profiles_from_list",
  "get_profiles_for_list",
  "get_profile_ids_for_list",
  "bulk_subscribe_profiles",
  "bulk_unsubscribe_profiles",
  "bulk_suppress_profiles",
  "bulk_unsuppress_profiles",
  "create_event",
  "bulk_create_events",
  "get_events",
  "get_metrics",
  "get_webhooks",
  "create_webhook",
  "delete_webhook",
  "get_webhook_topics",
  "request_profile_deletion",
];

/** Reads Klaviyo's OpenAPI file, plain or gzipped. */
export function readOpenApi(file: string): unknown {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

/**
 * Cuts Klaviyo's OpenAPI 3.0 document down to `KLAVIYO_OPERATIONS` and the schemas they reach. Prose, examples and
 * `included` (the sandbox includes nothing, and half the document hangs on it) go,
 * `nullable` becomes a JSON Schema type (Ajv refuses it beside `$ref` and `oneOf`), and the rate limits that stand only in
 * prose ("when using the `include=list` parameter") become `x-slower-when`.
 */
export function trimKlaviyo(openapi: unknown): unknown {
  const source = object(openapi as Json);
  const paths: JsonObject = {};
  for (const [path, methods] of Object.entries(object(source["paths"]))) {
    for (const [method, operation] of Object.entries(object(methods))) {
      if (!isObject(operation) || !KLAVIYO_OPERATIONS.includes(String(operation["operationId"]))) continue;
      paths[path] = { ...object(paths[path] ?? {}), [method]: trimOperation(operation) };
    }
  }
  const components = object(source["components"]);
  const errors = object(object(components["responses"])["ClientError"]);
  const responses = { ClientError: { content: trimContent(object(errors["content"])) } };
  const info = object(source["info"]);
  return {
    openapi: "3.1.0",
    info: { title: info["title"] ?? "", version: info["version"] ?? "" },
    paths,
    components: { responses, schemas: reachable(paths, object(components["schemas"])) },
  };
}

function trimOperation(operation: JsonObject): JsonObject {
  const parameters = array(operation["parameters"] ?? []).map((each) => {
    const parameter = object(each);
    return { name: parameter["name"] ?? "", in: parameter["in"] ?? "", schema: trimSchema(parameter["schema"] ?? {}) };
  });
  const responses: JsonObject = {};
  for (const [status, response] of Object.entries(object(operation["responses"]))) {
    if (/^\d+$/.test(status)) responses[status] = { content: trimContent(object(object(response)["content"] ?? {})) };
  }
  const slower = slowerWhen(String(operation["description"]), parameters);
  return {
    operationId: operation["operationId"] ?? "",
    parameters,
    ...(operation["requestBody"] === undefined
      ? {}
      : { requestBody: { content: trimContent(object(object(operation["requestBody"])["content"])) } }),
    responses,
    "x-klaviyo-ratelimit": operation["x-klaviyo-ratelimit"] ?? {},
    ...(slower.length === 0 ? {} : { "x-slower-when": slower }),
  };
}

function slowerWhen(description: string, parameters: JsonObject[]): Json[] {
  const sentence = /when using the `([^=`]+)=([^`]+)` parameter[^:]*:<br>Burst: `(\d+\/s)`<br>Steady: `(\d+\/m)`/g;
  return [...description.matchAll(sentence)].map(([, parameter = "", value = "", burst = "", steady = ""]) => ({
    parameter,
    value: spelledAsInEnum(
      value,
      parameters.find((each) => each["name"] === parameter),
    ),
    burst,
    steady,
  }));
}

/** The prose says `include=list` where the parameter's values are `lists` and `segments`. */
function spelledAsInEnum(value: string, parameter: JsonObject | undefined): string {
  const items = parameter && isObject(parameter["schema"]) ? parameter["schema"]["items"] : undefined;
  const values = isObject(items) ? array(items["enum"] ?? []) : [];
  return String(values.find((each) => each === value) ?? values.find((each) => each === `${value}s`) ?? value);
}

function trimContent(content: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => [type, { schema: trimSchema(object(media)["schema"] ?? {}) }]),
  );
}

const KEPT = ["type", "enum", "format", "required", "minimum", "maximum", "$ref"];

function trimSchema(node: Json): Json {
  if (!isObject(node)) return node;
  const schema: JsonObject = {};
  for (const key of KEPT) if (node[key] !== undefined) schema[key] = node[key];
  if (isObject(node["properties"])) {
    schema["properties"] = Object.fromEntries(
      Object.entries(node["properties"])
        .filter(([name]) => name !== "included")
        .map(([name, value]) => [name, trimSchema(value)]),
    );
  }
  if (node["items"] !== undefined) schema["items"] = trimSchema(node["items"]);
  for (const key of ["oneOf", "anyOf", "allOf"]) {
    if (node[key] !== undefined) schema[key] = array(node[key]).map(trimSchema);
  }
  return node["nullable"] === true ? orNull(schema) : schema;
}

function orNull(schema: JsonObject): JsonObject {
  if (typeof schema["type"] !== "string") return { anyOf: [schema, { type: "null" }] };
  const values = schema["enum"] === undefined ? {} : { enum: [...array(schema["enum"]), null] };
  return { ...schema, ...values, type: [schema["type"], "null"] };
}

function reachable(paths: JsonObject, schemas: JsonObject): JsonObject {
  const found = new Map<string, Json>();
  const queue = references(paths);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const schema = trimSchema(schemas[name] ?? {});
    found.set(name, schema);
    queue.push(...references(schema));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function references(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(references);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value.slice(value.lastIndexOf("/") + 1)] : references(value),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value))
    throw new Error(`expected an object in the contract, found ${JSON.stringify(value)?.slice(0, 80)}`);
  return value;
}

function array(value: Json): Json[] {
  if (!Array.isArray(value)) throw new Error("expected an array in the contract");
  return value;
}

if (import.meta.main) {
  const file = process.argv[2];
  if (file === undefined)
    throw new Error("usage: node test/contracts/trim-klaviyo.ts OPENAPI.json[.gz] > test/contracts/klaviyo.json");
  process.stdout.write(`${JSON.stringify(trimKlaviyo(readOpenApi(file)), null, 1)}\n`);
}
