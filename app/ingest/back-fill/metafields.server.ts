import { z } from "zod";
import type { AdminAnswer, AskAdmin } from "../../shopify/ask-admin.server.ts";
import {
  CUSTOMER_METAFIELDS,
  METAFIELD_DEFINITIONS,
  METAFIELD_KEYS_AT_ONCE,
  METAFIELD_OWNERS_AT_ONCE,
} from "../../shopify/operations.ts";
import type { MetafieldFact } from "../facts.ts";
import { metafieldFact, metafieldNode, numericId, type Reading } from "./node-facts.ts";
import type { MetafieldDefinition } from "./metafield-definitions-store.server.ts";

type Interrupted = Extract<AdminAnswer<never>, { outcome: "later" | "refused" }>;

const definitionsShape = z
  .object({
    metafieldDefinitions: z.object({
      nodes: z.array(
        z.object({ namespace: z.string(), key: z.string(), name: z.string(), type: z.object({ name: z.string() }) }),
      ),
    }),
  })
  .transform(({ metafieldDefinitions: { nodes } }) => nodes.map(({ type, ...node }) => ({ ...node, type: type.name })));

/** Which metafields the merchant defined for customers. */
export async function askDefinitions(
  ask: AskAdmin,
): Promise<{ outcome: "answered"; definitions: MetafieldDefinition[] } | Interrupted> {
  const answer = await ask(METAFIELD_DEFINITIONS, {}, definitionsShape);
  return answer.outcome === "answered" ? { outcome: "answered", definitions: answer.data } : answer;
}

const customersShape = z.object({
  nodes: z.array(z.object({ id: z.string(), metafields: z.object({ nodes: z.array(metafieldNode) }) }).nullish()),
});

/**
 * The metafields of these names that customers have now, and of those they do not have that they are not there.
 * @param reading when it was asked: of two readings the later counts
 */
export async function askMetafields(
  ask: AskAdmin,
  customers: readonly string[],
  names: readonly string[],
  reading: Reading,
): Promise<{ outcome: "answered"; facts: MetafieldFact[] } | Interrupted> {
  const facts: MetafieldFact[] = [];
  for (let from = 0; from < customers.length; from += METAFIELD_OWNERS_AT_ONCE) {
    const ids = customers.slice(from, from + METAFIELD_OWNERS_AT_ONCE).map((id) => `gid://shopify/Customer/${id}`);
    for (let first = 0; first < names.length; first += METAFIELD_KEYS_AT_ONCE) {
      const keys = names.slice(first, first + METAFIELD_KEYS_AT_ONCE);
      const answer = await ask(CUSTOMER_METAFIELDS, { ids, keys }, customersShape);
      if (answer.outcome !== "answered") return answer;
      for (const node of answer.data.nodes) {
        if (!node) continue;
        const customerId = numericId(node.id);
        const has = node.metafields.nodes.map((each) => metafieldFact(customerId, each, reading));
        const found = new Set(has.map(({ name }) => name));
        const lacks = keys.filter((name) => !found.has(name));
        facts.push(...has, ...lacks.map((name) => metafieldFact(customerId, { name }, reading)));
      }
    }
  }
  return { outcome: "answered", facts };
}
