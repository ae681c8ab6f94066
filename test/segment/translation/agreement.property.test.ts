import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Db } from "../../../app/platform/db.server.ts";
import { computeProfile } from "../../../app/profile/compute-profile.ts";
import { loadHistories } from "../../../app/profile/history-store.server.ts";
import { readAbsorbed } from "../../../app/profile/identity/persons-store.server.ts";
import { writeProfiles } from "../../../app/profile/profile-store.server.ts";
import { type CompiledRule, compileRule } from "../../../app/segment/evaluation/compile.ts";
import type { CustomerHistory } from "../../../app/segment/evaluation/customer-history.ts";
import { evaluate } from "../../../app/segment/evaluation/evaluate.ts";
import { loadCustomerHistories } from "../../../app/segment/history-store.server.ts";
import { printText } from "../../../app/segment/language/print-text.ts";
import { toSql } from "../../../app/segment/translation/to-sql.ts";
import { ensureShop } from "../../../app/shopify/shop-store.server.ts";
import { arbitraryFacts, type CustomerFacts, historyOfFacts, insertFacts } from "../arbitrary-facts.ts";
import { offset, PLACES } from "../arbitrary-history.ts";
import { arbitraryRule, dictionary } from "../arbitrary-rule.ts";
import { oracleHolds } from "../oracle.ts";
import { openAnyDatabase } from "../../support/database.ts";

const LONG = process.env["MUSTER_LONG"] !== undefined;
const SHOPS = LONG ? 800 : 21;
const CUSTOMERS = LONG ? 24 : 10;
const RULES = LONG ? 60 : 52;
let db: Db;

beforeAll(async () => {
  db = await openAnyDatabase();
}, 60_000);

afterAll(async () => {
  await db.close();
});

interface Seen {
  cases: number;
  matches: number;
  rules: Set<string>;
}

const world = fc.record({
  place: fc.constantFrom(...PLACES),
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  customers: fc.array(arbitraryFacts, { minLength: CUSTOMERS, maxLength: CUSTOMERS }),
  questions: fc.array(fc.tuple(arbitraryRule, offset), { minLength: RULES, maxLength: RULES }),
  /** The first two customers are one person. */
  linked: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

it(
  "evaluate, the SQL and the oracle agree on every rule, customer and instant, from the rows of the tables on",
  async () => {
    const seen = { cases: 0, matches: 0, rules: new Set<string>() } satisfies Seen;
    // A failure names its seed; a counterexample of two dozen customers and fifty rules would say nothing to anybody.
    const seed = Number(process.env["MUSTER_SEED"] ?? Date.now() % 1_000_000_000);
    for (let round = 0; round < SHOPS; round += 1) {
      const [given] = fc.sample(world, { seed: seed + round, numRuns: 1 });
      if (given) await askEverything(given, seed + round, seen);
    }
    expect(seen.cases).toBe(SHOPS * CUSTOMERS * RULES);
    expect(seen.rules.size).toBeGreaterThanOrEqual(1_000);
    // Neither answer may be so rare that agreeing on it means nothing.
    expect(seen.matches / seen.cases).toBeGreaterThan(0.15);
    expect(seen.matches / seen.cases).toBeLessThan(0.8);
  },
  LONG ? 3 * 3_600_000 : 300_000,
);

async function askEverything(
  { place: [timeZone, around], currency, customers, questions, linked }: World,
  seed: number,
  seen: Seen,
): Promise<void> {
  const base = Date.parse(around);
  const { id } = await ensureShop(db, `agreement-${seed}.myshopify.com`);
  const ids = customers.map((_facts, index) => String(index + 1));
  await db.query(
    `INSERT INTO segments (shop_id, key, name, definition, created_at, published_at)
     SELECT $1, key, key, '{}', now(), now() FROM unnest($2::text[]) AS key`,
    [id, ["loyal", "vip"]],
  );
  await insertFacts(db, id, base, customers);
  if (linked) {
    await db.query(
      "INSERT INTO profile_links (shop_id, low_id, high_id, automatic, linked_at) VALUES ($1, 1, 2, false, now())",
      [id],
    );
  }
  const profiles = await loadHistories(db, id, ids);
  const alive = profiles.filter(({ deletedAt }) => deletedAt === null);
  await writeProfiles(db, id, alive.map(computeProfile), [], new Date(base));
  const shop = { timeZone, currency };
  const compiled = questions.map(([rule]) => compileRule(rule, shop, dictionary));
  const reads = compiled.map((rule) => rule.reads);
  const loaded = await loadCustomerHistories(db, id, reads, profiles, dictionary);
  const truths = suspecting(truthsOf(customers, base, linked), customers, base);
  const absorbed = await readAbsorbed(db, id);
  for (const [index, [rule, by]] of questions.entries()) {
    const at = new Date(base + by);
    const question = { shop: id, context: shop, dictionary, at, absorbed };
    const members = await membersOf(toSql(rule, question));
    const text = printText(rule);
    // Asked of some customers only, it says the same of them.
    const among = index % 8 === 0 ? ids.filter((_id, place) => (place + index) % 3 > 0) : [];
    const some = among.length > 0 ? await membersOf(toSql(rule, { ...question, among })) : new Set<string>();
    if (some.symmetricDifference(members.intersection(new Set(among))).size > 0) {
      throw new Error(inspect({ seed, text, at, among, some, members, linked }, { depth: 4 }));
    }
    seen.rules.add(text);
    for (const customerId of ids) {
      const truth = truths.get(customerId);
      const history = loaded.get(customerId);
      const bound = compiled[index];
      const said = {
        oracle: truth !== undefined && oracleHolds(rule.when, shop, truth, at.getTime()),
        evaluate:
          history !== undefined &&
          bound !== undefined &&
          evaluate(bound, { ...history, memberships: asked(bound, truth?.memberships ?? {}) }, at).matches,
        sql: members.has(customerId),
      };
      seen.cases += 1;
      if (said.oracle) seen.matches += 1;
      if (said.oracle !== said.evaluate || said.oracle !== said.sql) {
        throw new Error(inspect({ seed, said, text, at, shop, customerId, truth, history, linked }, { depth: 9 }));
      }
    }
  }
}

/** A rule sees the segments it names. */
function asked({ reads }: CompiledRule, memberships: CustomerHistory["memberships"]): CustomerHistory["memberships"] {
  return Object.fromEntries(Object.entries(memberships).filter(([key]) => reads.segments.has(key)));
}

async function membersOf({ text, values }: { text: string; values: unknown[] }): Promise<Set<string>> {
  const { rows } = await db.query<{ customer_id: string }>(text, values).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${text}\n${inspect(values)}`);
  });
  const members = new Set(rows.map((row) => row.customer_id));
  if (members.size !== rows.length) throw new Error(`somebody is there twice:\n${text}`);
  return members;
}

/** What is true of each customer; of two who are one person, the one with the smaller id among those who exist has it all. */
function truthsOf(
  customers: readonly CustomerFacts[],
  base: number,
  linked: boolean,
): Map<string, ReturnType<typeof historyOfFacts>> {
  const truths = new Map(customers.map((facts, index) => [String(index + 1), historyOfFacts(facts, index + 1, base)]));
  const [first, second] = customers;
  if (!linked || !first || !second) return truths;
  if (!first.deleted) {
    truths.set("1", historyOfFacts(first, 1, base, [[second, 2]]));
    truths.delete("2");
  } else if (!second.deleted) {
    truths.set("2", historyOfFacts(second, 2, base, [[first, 1]]));
    truths.delete("1");
  }
  return truths;
}

/** Of a pair both are suspected, as long as both have profiles. */
function suspecting(
  truths: Map<string, CustomerHistory>,
  customers: readonly CustomerFacts[],
  base: number,
): Map<string, CustomerHistory> {
  const hasProfile = (id: string): boolean => truths.get(id)?.deletedAt === null;
  const pairs = customers.flatMap(({ suspected }, index) => {
    const [low, high] = [String(index + 1), String(index + 2)];
    return suspected !== null && hasProfile(low) && hasProfile(high)
      ? [{ ids: [low, high], at: base + suspected }]
      : [];
  });
  return new Map(
    [...truths].map(([id, history]) => {
      const since = Math.min(...pairs.filter(({ ids }) => ids.includes(id)).map(({ at }) => at));
      const later = since === Infinity ? [] : [{ since: new Date(since), value: true }];
      const attributes = { ...history.attributes, suspected_duplicate: [{ since: null, value: false }, ...later] };
      return [id, { ...history, attributes }];
    }),
  );
}
