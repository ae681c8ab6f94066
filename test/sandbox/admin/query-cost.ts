import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type SelectionSetNode,
} from "graphql";

/**
 * What a document may cost at most: scalars and enums nothing, objects one, lists and connections as many as are asked for, a
 * connection two more, a mutation ten. https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const context: Context = { schema, variables, fragments };
  return document.definitions.reduce((sum, definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return sum;
    const root = schema.getRootType(definition.operation);
    const isMutation = definition.operation === "mutation";
    return sum + (root ? costOfSet(context, definition.selectionSet, root) : 0) + (isMutation ? 10 : 0);
  }, 0);
}

/** What an answer cost: its objects. */
export function actualCost(data: unknown): number {
  if (Array.isArray(data)) return data.reduce<number>((sum, item) => sum + actualCost(item), 0);
  if (typeof data !== "object" || data === null) return 0;
  return 1 + Object.values(data).reduce<number>((sum, value) => sum + actualCost(value), 0);
}

interface Context {
  schema: GraphQLSchema;
  variables: Readonly<Record<string, unknown>>;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function costOfSet(context: Context, { selections }: SelectionSetNode, type: GraphQLCompositeType): number {
  return selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) return sum + costOfField(context, selection, type);
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
    const named = fragment?.typeCondition?.name.value;
    const inner = named === undefined ? type : context.schema.getType(named);
    return fragment && isCompositeType(inner) ? sum + costOfSet(context, fragment.selectionSet, inner) : sum;
  }, 0);
}

function costOfField(context: Context, field: FieldNode, parent: GraphQLCompositeType): number {
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  const type = definition && getNamedType(definition.type);
  if (!definition || !field.selectionSet || !isCompositeType(type)) return 0;
  const asked = numberAsked(context, field);
  if (type.name.endsWith("Connection")) return 2 + asked * nodeCost(context, field.selectionSet, type);
  const one = 1 + costOfSet(context, field.selectionSet, type);
  return isListType(getNullableType(definition.type)) ? asked * one : one;
}

/** `nodes` and `edges { node }` stand for the same objects; `pageInfo` is one, once. */
function nodeCost(context: Context, set: SelectionSetNode, connection: GraphQLCompositeType): number {
  if (!isObjectType(connection)) return 0;
  return set.selections.reduce((sum, selection) => {
    if (selection.kind !== Kind.FIELD || !selection.selectionSet || selection.name.value === "pageInfo") return sum;
    const type = getNamedType(connection.getFields()[selection.name.value]?.type);
    if (!isCompositeType(type)) return sum;
    const inner = costOfSet(context, selection.selectionSet, type);
    return sum + (selection.name.value === "edges" ? inner : 1 + inner);
  }, 0);
}

function numberAsked({ variables }: Context, field: FieldNode): number {
  for (const { name, value } of field.arguments ?? []) {
    const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    if (name.value === "ids")
      return value.kind === Kind.LIST ? value.values.length : Array.isArray(given) ? given.length : 1;
    if (name.value !== "first" && name.value !== "last") continue;
    if (value.kind === Kind.INT) return Number(value.value);
    if (typeof given === "number") return given;
  }
  return 1;
}
