import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAdminApi } from "./admin/admin-graphql.ts";
import { adminSchema } from "./admin/admin-schema.ts";
import { createBudget } from "./admin/budget.ts";
import { createBulkDesk, type BulkDesk } from "./admin/bulk-desk.ts";
import { storeRecords } from "./admin/store-records.ts";
import { inventPast } from "./shopify/invent-past.ts";

const past = inventPast({
  seed: "api",
  settings: { domain: "demo.myshopify.com", currency: "EUR", zone: "UTC", taxRate: 0 },
  customers: 40,
  orders: 120,
  end: new Date(),
  days: 120,
});
const SHOP = { name: "Demo store", myshopifyDomain: "demo.myshopify.com" };

let bulk: BulkDesk;
let ask: ReturnType<typeof createAdminApi>;

beforeEach(() => openApi(["read_customers", "read_orders", "read_products"]));
afterEach(() => bulk.close());

function openApi(scopes: string[], budget = { maximumAvailable: 2_000, restoreRate: 100 }): void {
  const records = storeRecords(past, () => scopes.includes("read_all_orders"));
  bulk = createBulkDesk(
    () => adminSchema().schema,
    records,
    () => "http://localhost",
  );
  ask = createAdminApi({
    shop: SHOP,
    scopes,
    records,
    bulk,
    budget: createBudget(budget),
    pixels: new Map(),
    metafields: new Map(),
    writes: { tags: new Map(), triggers: [] },
  });
}

describe("the sandbox's Admin API", () => {
  it("gives the fields asked for, under their aliases, and null for what it does not know", async () => {
    const answer = await ask("query Q { s: shop { n: name contactEmail: email } }", {});
    expect(answer.errors).toHaveLength(1);
    expect(JSON.stringify(answer.errors)).toContain("Cannot return null for non-nullable field Shop.email");
    expect((await ask("{ shop { name description } }", {})).data).toEqual({
      shop: { name: "Demo store", description: null },
    });
  });

  it.each([
    ["no document", "{ shop { name }", "Syntax Error"],
    ["a field that is not in Shopify's schema", "{ shop { nickname } }", "Cannot query field"],
    ["an argument of the wrong type", '{ orders(first: "ten") { nodes { id } } }', "Int cannot represent"],
    ["a connection without its length", "{ orders { nodes { id } } }", "you must provide `first`"],
    ["a page over the limit", "{ orders(first: 251) { nodes { id } } }", "first cannot exceed 250"],
    ["a search it does not know", '{ orders(first: 1, query: "tag:x") { nodes { id } } }', "does not search by"],
    [
      "what costs too much at once",
      "{ orders(first: 250) { nodes { id lineItems(first: 2) { nodes { id } } } } }",
      "exceeds the single query max cost limit",
    ],
  ])("refuses %s", async (_, document, message) => {
    expect(JSON.stringify((await ask(document, {})).errors)).toContain(message);
  });

  it("opens a type only to its scope", async () => {
    openApi(["read_customers", "write_products"]);
    expect((await ask("{ orders(first: 1) { nodes { id } } }", {})).errors).toEqual([
      { message: "Access denied for Order field.", extensions: { code: "ACCESS_DENIED" } },
    ]);
    expect((await ask("{ products(first: 1) { nodes { id } } }", {})).errors).toBeUndefined();
  });

  it("pages through a connection in the order of the last change, each record once", async () => {
    const seen: string[] = [];
    for (let after: unknown = null; after !== undefined;) {
      const { data } = (await ask(
        "query($after: String) { orders(first: 25, after: $after, sortKey: UPDATED_AT) { nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }",
        { after },
      )) as {
        data: {
          orders: { nodes: { id: string; updatedAt: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        };
      };
      seen.push(...data.orders.nodes.map(({ updatedAt, id }) => `${updatedAt} ${id}`));
      after = data.orders.pageInfo.hasNextPage ? data.orders.pageInfo.endCursor : undefined;
    }
    // Half of the 120 days can be seen without read_all_orders.
    expect(seen.length).toBeGreaterThanOrEqual(59);
    expect(seen.length).toBeLessThanOrEqual(60);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.map((line) => line.slice(0, 20))).toEqual(seen.map((line) => line.slice(0, 20)).sort());
  });

  it("shows every order to an app with read_all_orders", async () => {
    openApi(["read_orders", "read_all_orders"]);
    const { data } = (await ask("{ orders(first: 250) { nodes { id } } }", {})) as {
      data: { orders: { nodes: unknown[] } };
    };
    expect(data.orders.nodes).toHaveLength(120);
  });

  it("refuses calls once the points are used up, and says what there was", async () => {
    openApi(["read_orders"], { maximumAvailable: 300, restoreRate: 1 });
    const document = "{ orders(first: 250) { nodes { id } } }";
    expect((await ask(document, {})).extensions).toMatchObject({
      cost: { requestedQueryCost: 252, throttleStatus: { maximumAvailable: 300, restoreRate: 1 } },
    });
    expect((await ask(document, {})).errors).toEqual([{ message: "Throttled", extensions: { code: "THROTTLED" } }]);
  });

  it.each([
    ["no connection", "{ shop { name } }", "at least one connection"],
    [
      "a connection inside a list",
      "{ orders { edges { node { id refunds { id refundLineItems { edges { node { id } } } } } } } }",
      "a connection field within a list field",
    ],
    [
      "connections three deep",
      "{ products { edges { node { variants { edges { node { media { edges { node { id } } } } } } } } } }",
      "nested deeper than two levels",
    ],
    ["a single node", '{ node(id: "gid://shopify/Order/1") { id } }', "top level `node`"],
    ["a field that is not in the schema", "{ orders { edges { node { nickname } } } }", "Cannot query field"],
  ])("takes no bulk query with %s", async (_, query, message) => {
    const { data } = (await ask(
      "mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id } userErrors { code message } } }",
      { query },
    )) as { data: { bulkOperationRunQuery: { bulkOperation: null; userErrors: { code: string; message: string }[] } } };
    expect(data.bulkOperationRunQuery.bulkOperation).toBeNull();
    expect(data.bulkOperationRunQuery.userErrors[0]?.code).toBe("INVALID");
    expect(data.bulkOperationRunQuery.userErrors[0]?.message).toContain(message);
  });

  it("runs five bulk queries at a time and no sixth", async () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 6; count += 1) {
      const { userErrors } = bulk.run("{ orders { edges { node { id } } } }") as { userErrors: { code: string }[] };
      codes.push(userErrors[0]?.code);
    }
    expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, "LIMIT_REACHED"]);
  });
});
