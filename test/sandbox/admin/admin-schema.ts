import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

export interface AdminSchema {
  schema: GraphQLSchema;
  /** Access scopes, any of which opens a type. */
  scopesOf(typeName: string): readonly string[];
}

interface Shipped {
  data: IntrospectionQuery;
  offline_scopes: { items: { type: string; typeName: string; offlineScopes: string[] }[] };
}

let loaded: AdminSchema | undefined;

/** Shopify's own schema of the Admin API 2026-10, as its package @shopify/dev-mcp ships it. Half a second, once. */
export function adminSchema(): AdminSchema {
  loaded ??= load();
  return loaded;
}

function load(): AdminSchema {
  const description = findPackageJSON("@shopify/dev-mcp", import.meta.url);
  if (description === undefined) throw new Error("the package @shopify/dev-mcp is not installed");
  const file = join(dirname(description), "dist/data/admin_2026-10.json.gz");
  const shipped = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Shipped;
  const scopes = new Map(
    shipped.offline_scopes.items
      .filter(({ type }) => type === "type")
      .map(({ typeName, offlineScopes }) => [typeName, offlineScopes]),
  );
  return { schema: buildClientSchema(shipped.data), scopesOf: (typeName) => scopes.get(typeName) ?? [] };
}
