import {
  execute,
  getNamedType,
  type GraphQLFieldResolver,
  GraphQLError,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
} from "graphql";
import { adminSchema } from "./admin-schema.ts";
import type { Budget } from "./budget.ts";
import { Connection, type Fields, pageOf } from "./connection.ts";
import { actualCost, requestedCost } from "./query-cost.ts";
import type { BulkDesk } from "./bulk-desk.ts";
import type { ConsentBook, ConsentInput } from "./consent-book.ts";
import type { RootKind, StoreRecords } from "./store-records.ts";

export interface AdminApiOptions {
  /** The type Shop. */
  shop: Fields;
  /** What the merchant granted. */
  scopes: readonly string[];
  records: StoreRecords;
  bulk: BulkDesk;
  budget: Budget;
  /** Settings of the web pixels that are on, by id. */
  pixels: Map<string, string>;
  /** Values of the app's metafields, by `metafieldName`. */
  metafields: Map<string, string>;
  /** What was written to customers and to Flow. */
  writes: StoreWrites;
  /** What the app wrote of customers' consent; absent: it may not write any. */
  consents?: ConsentBook;
}

export interface StoreWrites {
  /** Tags put on or taken off by apps, by global id. */
  tags: Map<string, { added: Set<string>; removed: Set<string> }>;
  /** What Flow was told, in order. */
  triggers: { handle: string; payload: Record<string, unknown> }[];
}

/** How a metafield is called in the sandbox. */
export const metafieldName = (ownerId: string, namespace: string, key: string): string =>
  `${ownerId} ${namespace}.${key}`;

export interface AdminApiAnswer {
  data?: unknown;
  errors?: unknown[];
  extensions?: unknown;
}

interface EmailConsentInput {
  customerId: string;
  emailMarketingConsent: ConsentInput;
}

interface SmsConsentInput {
  customerId: string;
  smsMarketingConsent: ConsentInput;
}

const MOST_COST = 1_000;

/**
 * Answers GraphQL documents as the Admin API does: they are validated against Shopify's own schema, must be within the granted scopes and
 * the budget, and are executed over the store's records. Fields the sandbox does not know are null, connections empty.
 */
export function createAdminApi(options: AdminApiOptions) {
  return async (text: string, variables: Readonly<Record<string, unknown>>): Promise<AdminApiAnswer> => {
    const { schema } = adminSchema();
    const document = parseOrRefuse(text);
    if (!("kind" in document)) return document;
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
    const denied = deniedType(document, options.scopes);
    if (denied !== undefined) return refusal(`Access denied for ${denied} field.`, "ACCESS_DENIED");
    const requested = requestedCost(schema, document, variables);
    if (requested > MOST_COST) {
      const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${MOST_COST}).`;
      return refusal(message, "MAX_COST_EXCEEDED");
    }
    const cost = (actual: number | null) => ({
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: options.budget.status() },
    });
    if (!options.budget.take(requested)) return { ...refusal("Throttled", "THROTTLED"), extensions: cost(null) };
    const result = await execute({
      schema,
      document,
      variableValues: variables,
      rootValue: rootOf(options),
      fieldResolver: resolveField,
      typeResolver: (value) => /^gid:\/\/shopify\/(\w+)\//.exec(String((value as Fields)["id"]))?.[1],
    });
    const actual = actualCost(result.data);
    options.budget.giveBack(requested - actual);
    return {
      ...(result.data !== undefined && { data: result.data }),
      ...(result.errors && { errors: result.errors.map((error) => error.toJSON()) }),
      extensions: cost(actual),
    };
  };
}

/** An app has one pixel a store. */
function createWebPixel(pixels: Map<string, string>, settings: string): Fields {
  if (pixels.size > 0) return { webPixel: null, userErrors: [{ code: "TAKEN", message: "Web pixel is taken." }] };
  pixels.set(PIXEL_ID, settings);
  return { webPixel: { id: PIXEL_ID, settings }, userErrors: [] };
}

function updateWebPixel(pixels: Map<string, string>, id: string, settings: string): Fields {
  if (!pixels.has(id)) return { webPixel: null, userErrors: [{ code: "NOT_FOUND", message: "Web pixel not found." }] };
  pixels.set(id, settings);
  return { webPixel: { id, settings }, userErrors: [] };
}

export const APP_INSTALLATION_ID = "gid://shopify/AppInstallation/1";
const PIXEL_ID = "gid://shopify/WebPixel/1";

interface MetafieldInput {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}

const MOST_METAFIELDS = 25;

/** All or none. Whether the owner is there is not looked up. */
function setMetafields(metafields: Map<string, string>, given: readonly MetafieldInput[]): Fields {
  const userErrors =
    given.length > MOST_METAFIELDS
      ? [{ code: "LESS_THAN_OR_EQUAL_TO", elementIndex: null, message: `at most ${MOST_METAFIELDS} metafields` }]
      : given.flatMap(({ type, value }, elementIndex) => {
          const message = faultOf(type, value);
          return message === null ? [] : [{ code: "INVALID_VALUE", elementIndex, message }];
        });
  if (userErrors.length === 0) {
    for (const { ownerId, namespace, key, value } of given)
      metafields.set(metafieldName(ownerId, namespace, key), value);
  }
  return { metafields: [], userErrors };
}

function faultOf(type: string, value: string): string | null {
  const parsed: unknown = JSON.parse(value);
  if (type === "json") return null;
  if (type !== "list.product_reference") return `the sandbox knows no metafields of type ${type}`;
  const isList = Array.isArray(parsed) && parsed.length <= 128;
  return isList && parsed.every((id) => /^gid:\/\/shopify\/Product\/\d+$/.test(String(id)))
    ? null
    : "Value must be a list of at most 128 product references.";
}

function deleteMetafields(
  metafields: Map<string, string>,
  given: readonly Pick<MetafieldInput, "ownerId" | "namespace" | "key">[],
): Fields {
  for (const { ownerId, namespace, key } of given) metafields.delete(metafieldName(ownerId, namespace, key));
  return { deletedMetafields: given, userErrors: [] };
}

const MOST_TRIGGER_BYTES = 50_000;

/** A workflow needs the customer it is about. */
function receiveTrigger({ records, writes }: AdminApiOptions, handle: string, given: unknown): Fields {
  const payload = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const refuse = (message: string): Fields => ({ userErrors: [{ field: ["body"], message }] });
  if (Buffer.byteLength(JSON.stringify(payload)) > MOST_TRIGGER_BYTES) {
    return refuse("Errors validating schema:\n  Properties size exceeds the limit of 50000 bytes.");
  }
  const customer = records.find(`gid://shopify/Customer/${String(payload["customer_id"])}`);
  if (!customer) return refuse("Errors validating schema:\n  Customer ID is not valid.");
  writes.triggers.push({ handle, payload });
  return { userErrors: [] };
}

function writeTags({ scopes, records, writes }: AdminApiOptions, id: string, tags: string[], on: boolean): Fields {
  if (!scopes.includes("write_customers")) {
    throw new GraphQLError("Access denied for tagsAdd field.", { extensions: { code: "ACCESS_DENIED" } });
  }
  const node = records.find(id);
  if (!node) return { node: null, userErrors: [{ field: ["id"], message: `${id} does not exist` }] };
  const written = writes.tags.get(id) ?? { added: new Set(), removed: new Set() };
  for (const tag of tags) {
    (on ? written.added : written.removed).add(tag);
    (on ? written.removed : written.added).delete(tag);
  }
  writes.tags.set(id, written);
  return { node, userErrors: [] };
}

/** The tags as the store holds them, with what apps wrote since. */
function withTags({ records, writes }: AdminApiOptions, id: string): Fields | null {
  const node = records.find(id);
  const written = writes.tags.get(id);
  if (!node || !written) return node;
  const held = ((node["tags"] ?? []) as string[]).filter((tag) => !written.removed.has(tag));
  return { ...node, tags: [...new Set([...held, ...written.added])] };
}

/** Customers are known by their global ids. Needs write_customers. */
function writeConsent(
  { scopes, consents }: AdminApiOptions,
  id: string,
  channel: "email" | "sms",
  input: ConsentInput,
) {
  if (!scopes.includes("write_customers")) {
    throw new GraphQLError("Access denied", { extensions: { code: "ACCESS_DENIED" } });
  }
  const problem = consents?.write(id, channel, input) ?? "Customer not found";
  return { customer: null, userErrors: problem === "written" ? [] : [{ field: ["input"], message: problem }] };
}

function rootOf(options: AdminApiOptions): Fields {
  const { shop, scopes, records, bulk, pixels, metafields } = options;
  const search = (kind: RootKind) => (given: { query?: string }) => records.search(kind, given.query);
  return {
    shop,
    currentAppInstallation: {
      id: APP_INSTALLATION_ID,
      accessScopes: scopes.map((handle) => ({ handle, description: handle })),
    },
    node: ({ id }: { id: string }) => records.find(id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => records.find(id)),
    order: ({ id }: { id: string }) => records.find(id),
    customer: ({ id }: { id: string }) => withTags(options, id),
    tagsAdd: ({ id, tags }: { id: string; tags: string[] }) => writeTags(options, id, tags, true),
    tagsRemove: ({ id, tags }: { id: string; tags: string[] }) => writeTags(options, id, tags, false),
    flowTriggerReceive: ({ handle, payload }: { handle: string; payload: unknown }) =>
      receiveTrigger(options, handle, payload),
    metafieldDefinitions: () => records.definitions(),
    orders: search("orders"),
    customers: search("customers"),
    products: search("products"),
    bulkOperation: ({ id }: { id: string }) => bulk.find(id),
    webPixelCreate: ({ webPixel }: { webPixel: { settings: string } }) => createWebPixel(pixels, webPixel.settings),
    webPixelUpdate: ({ id, webPixel }: { id: string; webPixel: { settings: string } }) =>
      updateWebPixel(pixels, id, webPixel.settings),
    metafieldsSet: (given: { metafields: MetafieldInput[] }) => setMetafields(metafields, given.metafields),
    metafieldsDelete: (given: { metafields: MetafieldInput[] }) => deleteMetafields(metafields, given.metafields),
    customerEmailMarketingConsentUpdate: ({ input }: { input: EmailConsentInput }) =>
      writeConsent(options, input.customerId, "email", input.emailMarketingConsent),
    customerSmsMarketingConsentUpdate: ({ input }: { input: SmsConsentInput }) =>
      writeConsent(options, input.customerId, "sms", input.smsMarketingConsent),
    bulkOperationRunQuery: ({ query }: { query: string }) => bulk.run(query),
  };
}

const resolveField: GraphQLFieldResolver<Fields, unknown> = (source, given, _context, info) => {
  const held = source[info.fieldName];
  const value: unknown = typeof held === "function" ? (held as (given: unknown) => unknown)(given) : held;
  if (value instanceof Connection) return pageOf(value.askedFor(given as Fields), given);
  if (Array.isArray(value) && typeof given["first"] === "number") return value.slice(0, given["first"]);
  if (value !== undefined) return value;
  return getNamedType(info.returnType).name.endsWith("Connection") ? pageOf(new Connection([]), given) : null;
};

function parseOrRefuse(text: string): DocumentNode | AdminApiAnswer {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error.toJSON()] };
    throw error;
  }
}

/** The first type whose scope was not granted; write scopes hold the reading ones. */
function deniedType(document: DocumentNode, scopes: readonly string[]): string | undefined {
  const { schema, scopesOf } = adminSchema();
  const types = new TypeInfo(schema);
  let denied: string | undefined;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        const { name = "" } = getNamedType(types.getType() ?? undefined) ?? {};
        const needed = scopesOf(name);
        const has = needed.some(
          (scope) => scopes.includes(scope) || scopes.includes(scope.replace(/^read_/, "write_")),
        );
        if (needed.length > 0 && !has) denied ??= name;
      },
    }),
  );
  return denied;
}

function refusal(message: string, code: string): AdminApiAnswer {
  return { errors: [{ message, extensions: { code } }] };
}
