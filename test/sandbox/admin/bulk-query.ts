import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLSchema,
  isListType,
  Kind,
  parse,
  type SelectionSetNode,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { Connection, type Fields } from "./connection.ts";
import type { RootKind } from "./store-records.ts";

export interface BulkQuery {
  root: RootKind;
  /** What is asked of each node at the root. */
  fields: SelectionSetNode;
}

const MOST_CONNECTIONS = 5;
const DEEPEST_CONNECTION = 2;

/**
 * Reads a query for a bulk operation.
 * @returns the reason, in about Shopify's words, why it cannot be one.
 * https://shopify.dev/docs/api/usage/bulk-operations/queries#operation-restrictions
 */
export function readBulkQuery(schema: GraphQLSchema, text: string): BulkQuery | string {
  const document = parse(text);
  const [error] = validate(schema, document, specifiedRules);
  if (error) return `Invalid bulk query: ${error.message}`;
  const broken = brokenRestriction(schema, text);
  if (broken !== undefined) return broken;
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return "Bulk queries hold one operation.";
  const [root, ...more] = operation.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
  const name = root?.name.value;
  if (more.length > 0 || (name !== "products" && name !== "customers" && name !== "orders")) {
    return "the sandbox exports products, customers or orders, one at a time";
  }
  const fields = root?.selectionSet && nodeFields(root.selectionSet);
  return fields ? { root: name, fields } : "Bulk queries ask for edges { node } or nodes.";
}

function brokenRestriction(schema: GraphQLSchema, text: string): string | undefined {
  const types = new TypeInfo(schema);
  let connections = 0;
  let depth = 0;
  let lists = 0;
  let broken: string | undefined;
  const kindOf = (): "connection" | "list" | "other" => {
    const type = types.getType();
    if (getNamedType(type ?? undefined)?.name.endsWith("Connection")) return "connection";
    // The lists that a connection itself is made of are none.
    const isPart = types.getParentType()?.name.endsWith("Connection") === true;
    return type && !isPart && isListType(getNullableType(type)) ? "list" : "other";
  };
  visit(
    parse(text),
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          const kind = kindOf();
          if (kind === "list") lists += 1;
          if (types.getParentType()?.name === "QueryRoot" && /^nodes?$/.test(node.name.value)) {
            broken ??= "Bulk queries cannot contain top level `node` or `nodes` fields.";
          }
          if (kind !== "connection") return;
          connections += 1;
          depth += 1;
          if (lists > 0)
            broken ??= "Queries that contain a connection field within a list field are not currently supported.";
          if (depth > DEEPEST_CONNECTION)
            broken ??= "Bulk queries cannot contain connections nested deeper than two levels.";
        },
        leave() {
          const kind = kindOf();
          if (kind === "list") lists -= 1;
          if (kind === "connection") depth -= 1;
        },
      },
    }),
  );
  if (connections === 0) broken ??= "Bulk queries must contain at least one connection.";
  if (connections > MOST_CONNECTIONS) broken ??= "Bulk queries cannot contain more than 5 connections.";
  return broken;
}

/** One node as lines of JSONL: itself without its connections, then the nodes of these, each with its parent's id. */
export function* linesOf(
  node: Fields,
  fields: SelectionSetNode,
  parentId?: string,
): Generator<string, void, undefined> {
  const children: [Connection, SelectionSetNode][] = [];
  const own = project(node, fields, children);
  if (parentId !== undefined) own["__parentId"] = parentId;
  yield JSON.stringify(own);
  for (const [connection, wanted] of children) {
    for (const child of connection.nodes) yield* linesOf(child, wanted, String(node["id"]));
  }
}

function project(
  from: Fields,
  { selections }: SelectionSetNode,
  children: [Connection, SelectionSetNode][],
): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) throw new Error("the sandbox exports no fragments");
    const value = from[selection.name.value] ?? null;
    if (value instanceof Connection) {
      const fields = selection.selectionSet && nodeFields(selection.selectionSet);
      if (fields) children.push([value, fields]);
    } else own[(selection.alias ?? selection.name).value] = plain(value, selection, children);
  }
  return own;
}

function plain(value: unknown, { selectionSet }: FieldNode, children: [Connection, SelectionSetNode][]): unknown {
  if (!selectionSet || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => project(item as Fields, selectionSet, children));
  return project(value as Fields, selectionSet, children);
}

function nodeFields({ selections }: SelectionSetNode): SelectionSetNode | undefined {
  for (const part of selections) {
    if (part.kind !== Kind.FIELD || !part.selectionSet) continue;
    if (part.name.value === "nodes") return part.selectionSet;
    const node = part.selectionSet.selections.find((inner) => inner.kind === Kind.FIELD && inner.name.value === "node");
    if (part.name.value === "edges" && node?.kind === Kind.FIELD) return node.selectionSet;
  }
  return undefined;
}
