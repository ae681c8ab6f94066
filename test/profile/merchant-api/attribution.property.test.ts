import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordEvents } from "../../../app/profile/merchant-api/record-rows.server.ts";
import type { ShopId } from "../../../app/shopify/shop-id.ts";
import { at, NOW, startToldShop } from "./told-shop.ts";

const HISTORIES = process.env["MUSTER_LONG"] ? 1_000 : 40;

let told: Awaited<ReturnType<typeof startToldShop>>;
beforeAll(async () => {
  told = await startToldShop();
});
afterAll(() => told.close());

const CUSTOMERS = [1, 2, 3];
// So few that people share them.
const EMAILS = ["a@example.com", "b@example.com"];
const PHONES = ["+447700900101"];
const EXTERNALS = ["x", "y"];

interface Names {
  id?: number;
  externalId?: string;
  email?: string;
  phone?: string;
}
type Step =
  | { kind: "customer"; id: number; email: string | null; phone: string | null; day: number }
  | { kind: "deleted"; id: number }
  | { kind: "merged"; from: number; into: number }
  | { kind: "event"; names: Names };

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
const names = fc
  .record({ id: maybe(CUSTOMERS), externalId: maybe(EXTERNALS), email: maybe(EMAILS), phone: maybe(PHONES) })
  .filter((given) => Object.values(given).some((value) => value !== undefined))
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Names);
const customer = fc.record({
  kind: fc.constant("customer" as const),
  id: fc.constantFrom(...CUSTOMERS),
  email: fc.option(fc.constantFrom(...EMAILS), { freq: 3 }),
  phone: fc.option(fc.constantFrom(...PHONES)),
});
const history = fc
  .record({
    customers: fc.array(customer, { minLength: 1, maxLength: 7 }),
    deleted: fc.uniqueArray(fc.constantFrom(...CUSTOMERS), { maxLength: 1 }),
    // A customer is merged once and only into a later one, as Shopify does it.
    merged: fc.option(fc.constantFrom({ from: 1, into: 2 }, { from: 2, into: 3 }, { from: 1, into: 3 })),
    events: fc.array(names, { minLength: 1, maxLength: 7 }),
  })
  .map(({ customers, deleted, merged, events }): Step[] => [
    ...customers.map((each, place) => ({ ...each, day: place + 1 })),
    ...deleted.map((id) => ({ kind: "deleted" as const, id })),
    ...(merged ? [{ kind: "merged" as const, ...merged }] : []),
    ...events.map((given) => ({ kind: "event" as const, names: given })),
  ]);

/** Two share an address, and one of them changes it when everything was looked up: rare by chance. */
const PARTING: [Step[], number[], number[]] = [
  [
    { kind: "customer", id: 1, email: "a@example.com", phone: null, day: 1 },
    { kind: "customer", id: 2, email: "a@example.com", phone: null, day: 2 },
    { kind: "event", names: { email: "a@example.com" } },
    { kind: "customer", id: 2, email: "b@example.com", phone: null, day: 3 },
  ],
  Array.from({ length: 20 }, (_, place) => place),
  Array.from({ length: 20 }, () => 1),
];

/** Whose each event is, by the sentences of the README over all that was ever told. */
function expectedOwners(steps: readonly Step[]): (string | null)[] {
  const records = new Map<number, { email: string | null; phone: string | null; day: number }>();
  for (const step of steps) {
    if (step.kind === "customer" && (records.get(step.id)?.day ?? 0) < step.day) records.set(step.id, step);
  }
  // Shopify deletes whom it merges into another.
  for (const step of steps) {
    if (step.kind === "deleted") records.delete(step.id);
    if (step.kind === "merged") records.delete(step.from);
  }
  const kept = (id: number): number => {
    const merge = steps.find((step) => step.kind === "merged" && step.from === id);
    return merge?.kind === "merged" ? kept(merge.into) : id;
  };
  const told = steps.flatMap((step) => (step.kind === "event" ? [step.names] : []));
  const ofAddress = (field: "email" | "phone", value: string): number[] =>
    [...records].filter(([, record]) => record[field] === value).map(([id]) => kept(id));
  const ofName = (field: keyof Names, value: string | number): number[] => {
    if (field === "id") return [kept(value as number)];
    return field === "externalId" ? [] : ofAddress(field, value as string);
  };
  const fields = ["id", "externalId", "email", "phone"] as const;
  return told.map((mine) => {
    const field = fields.find((each) => mine[each] !== undefined) ?? "id";
    const value = mine[field] ?? "";
    const beside = told
      .filter((other) => other[field] === value)
      .flatMap((other) => fields.filter((each) => each !== field).map((each) => [each, other[each]] as const))
      .filter((pair): pair is [keyof Names, string | number] => pair[1] !== undefined);
    const tiers = [
      ofName(field, value),
      beside.filter(([each]) => each === "id").flatMap(([each, given]) => ofName(each, given)),
      beside.filter(([each]) => each !== "id").flatMap(([each, given]) => ofName(each, given)),
    ];
    const decisive = new Set(tiers.find((tier) => tier.length > 0) ?? []);
    return decisive.size === 1 ? String([...decisive][0]) : null;
  });
}

async function take(shop: ShopId, step: Step, place: number): Promise<void> {
  switch (step.kind) {
    case "customer":
      return told.tell("customers/update", { ...step, updated_at: at(step.day) }, step.day, shop);
    case "deleted":
      return told.tell("customers/delete", { id: step.id }, 20, shop);
    case "merged": {
      const gid = (id: number) => `gid://shopify/Customer/${id}`;
      const body = {
        admin_graphql_api_customer_kept_id: gid(step.into),
        admin_graphql_api_customer_deleted_id: gid(step.from),
        status: "completed",
      };
      return told.tell("customers/merge", body, 21, shop);
    }
    case "event": {
      const row = { messageId: String(place).padStart(3, "0"), name: "x", customer: step.names };
      const options = {
        db: told.db,
        shop,
        marks: told.marks,
        context: { country: "GB", now: NOW },
        receivedAt: NOW,
        keyId: null,
      };
      expect((await recordEvents(options, [row])).rows).toMatchObject([{ outcome: "recorded" }]);
    }
  }
}

async function owners(shop: ShopId): Promise<(string | null)[]> {
  const { rows } = await told.db.query<{ customer_id: string | null }>(
    "SELECT customer_id FROM events WHERE shop_id = $1 ORDER BY source_id",
    [shop],
  );
  return rows.map((row) => row.customer_id);
}

it("gives events to the same customers in whatever order rows, customers, deletions and merges arrive", async () => {
  let shops = 0;
  let owned = 0;
  let contested = 0;
  const property = fc.asyncProperty(
    history,
    fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
    fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
    async (steps, keys, pauses) => {
      const shop = await told.openShop(`order-${(shops += 1)}.myshopify.com`);
      const shuffled = steps
        .map((step, place) => ({ step, place }))
        .toSorted((a, b) => (keys[a.place] ?? 0) - (keys[b.place] ?? 0));
      for (const [turn, { step, place }] of shuffled.entries()) {
        await take(shop, step, place);
        if (pauses[turn] !== 0) await told.lookUp(shop);
      }
      await told.lookUp(shop);
      const expected = expectedOwners(steps);
      owned += expected.filter((owner) => owner !== null).length;
      contested += expected.filter((owner) => owner === null).length;
      expect(await owners(shop)).toEqual(expected);
    },
  );
  // A step costs some milliseconds of the database, and making a failure smaller takes thousands of them.
  await fc.assert(property, { numRuns: HISTORIES, examples: [PARTING], endOnFailure: !process.env["MUSTER_LONG"] });
  expect(Math.min(owned, contested)).toBeGreaterThan(HISTORIES / 10);
}, 600_000);
