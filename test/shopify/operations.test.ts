import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoDeprecatedCustomRule, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import * as everything from "../../app/shopify/operations.ts";
import { adminSchema } from "../sandbox/admin/admin-schema.ts";
import { readBulkQuery } from "../sandbox/admin/bulk-query.ts";
import { requestedCost } from "../sandbox/admin/query-cost.ts";

const { BULK_QUERIES, ...rest } = everything;
const documents = Object.entries(rest).flatMap(([name, value]) =>
  typeof value === "string" ? [{ name, text: value }] : [],
);

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const variables: Record<string, Record<string, unknown>> = {
  ORDERS: { ids: ids(everything.ORDERS_AT_ONCE) },
  CUSTOMERS: { ids: ids(everything.CUSTOMERS_AT_ONCE) },
  CUSTOMER_METAFIELDS: { ids: ids(everything.METAFIELD_OWNERS_AT_ONCE) },
  REFUNDS: { ids: ids(everything.REFUNDS_AT_ONCE) },
};

describe("what the app says to the Admin API", () => {
  it.each(documents)(
    "$name is in Shopify's schema, with nothing deprecated, and within the cost of one call",
    ({ name, text }) => {
      const { schema } = adminSchema();
      const document = parse(text);
      expect(validate(schema, document)).toEqual([]);
      expect(deprecatedFields(text)).toEqual([]);
      expect(requestedCost(schema, document, variables[name] ?? {})).toBeLessThanOrEqual(1_000);
    },
  );

  it.each(Object.entries(BULK_QUERIES))(
    "the bulk query for %s is in the schema and within what bulk operations take",
    (kind, text) => {
      expect(readBulkQuery(adminSchema().schema, text)).toMatchObject({ root: kind });
      expect(deprecatedFields(text)).toEqual([]);
    },
  );

  it("stands in one file", () => {
    const app = join(import.meta.dirname, "../../app");
    const holders = readdirSync(app, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) =>
        /#graphql|\b(query|mutation) \w*\s*(\([^)]*\))?\s*\{|edges \{ node/.test(readFileSync(join(app, name), "utf8")),
      );
    expect(holders).toEqual(["shopify/operations.ts"]);
  });
});

function deprecatedFields(text: string): string[] {
  return validate(adminSchema().schema, parse(text), [NoDeprecatedCustomRule]).map(({ message }) => message);
}
