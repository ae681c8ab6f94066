import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { topics } from "../../app/ingest/topics.ts";
import { bodyAboutCanary, CANARY, isTelling, pastWithCanary, tracesOf } from "./canary.ts";
import { type CanaryShop, startCanaryShop } from "./canary-shop.ts";
import { searchEverywhere } from "./search-everywhere.ts";

const { past, canaryId } = pastWithCanary();
const TRACES = tracesOf(canaryId);
/** Before the canary is erased. */
const EARLIER = new Date(Date.now() - 3_600_000);
/** Shopify names nobody on it: the checkout it came from does. */
const GUEST_ORDER = {
  id: 6_100_000_000_778,
  created_at: EARLIER.toISOString(),
  updated_at: EARLIER.toISOString(),
  checkout_token: CANARY.checkoutToken,
  total_price_set: { shop_money: { amount: "12.00", currency_code: "EUR" } },
  customer: null,
  line_items: [{ id: 1, title: CANARY.engraving, quantity: 1, price: "12.00" }],
};
const FORMER_ORDER = 6_100_000_000_779;
const NEIGHBOUR = 7_000_000_009_999;
/** Requests about the shop and what ends it come apart from the rest; an order that is deleted changes the totals, as it should. */
const ABOUT_PEOPLE = Object.keys(topics).filter((topic) => !/redact|data_request|^app\/|^orders\/delete/.test(topic));

let shop: CanaryShop;

beforeAll(async () => {
  shop = await startCanaryShop(past);
}, 60_000);
afterAll(() => shop?.close());

const neighbour = (id = NEIGHBOUR, updatedAt = EARLIER) => ({
  id,
  email: "bird@nest.example",
  phone: "+447700900778",
  first_name: "Nora",
  last_name: "Nachbarin",
  created_at: EARLIER.toISOString(),
  updated_at: updatedAt.toISOString(),
});

async function deliverEverything(of: readonly string[]): Promise<void> {
  for (const topic of of) await shop.deliver(topic, bodyAboutCanary(topic, canaryId), EARLIER);
  await shop.deliver("orders/create", GUEST_ORDER, EARLIER);
  const former = {
    ...neighbour(CANARY.formerId),
    email: CANARY.formerEmail,
    phone: null,
    first_name: CANARY.firstName,
    last_name: CANARY.lastName,
  };
  await shop.deliver("customers/update", former, EARLIER);
  await shop.deliver(
    "orders/create",
    { ...GUEST_ORDER, id: FORMER_ORDER, checkout_token: null, email: CANARY.formerEmail, customer: former },
    EARLIER,
  );
  const merge = {
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${canaryId}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${CANARY.formerId}`,
    status: "completed",
  };
  await shop.deliver("customers/merge", merge, EARLIER);
  await shop.deliver("orders/create", `{"email": "${CANARY.email.toUpperCase()}", "id":`, EARLIER);
  await shop.deliver("orders/create", `not json: customer ${canaryId}`, EARLIER);
  await shop.deliver("birds/create", { customer: { id: canaryId } }, EARLIER);
}

/** The canary as the merchant's own systems speak of it, under every name they have. */
function rowsAboutCanary(from: string): { events: object[]; profiles: object[] } {
  const names = [
    { id: canaryId, externalId: CANARY.externalId },
    { externalId: CANARY.externalId, email: CANARY.secondEmail },
    { email: CANARY.email.toUpperCase() },
    { phone: CANARY.phone },
  ];
  const event = (customer: object, place: number) => ({
    messageId: `${from} ${place}`,
    name: "sang",
    customer,
    properties: { tune: CANARY.nickname },
  });
  return {
    events: names.map(event),
    profiles: names.map((customer) => ({ customer, traits: { nickname: CANARY.nickname } })),
  };
}

/** What is kept of everybody else, as one text. Orders are without those of the canary, which change. */
async function others(): Promise<string[]> {
  const tables = {
    customers: `id NOT IN (${canaryId}, ${CANARY.formerId})`,
    consents: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    profiles: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    memberships: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    timers: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    audience_members: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    opening_balances: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    orders: `customer_id NOT IN (${canaryId}, ${CANARY.formerId})`,
    events: "customer_id = 7000000009999",
    recommendation_arms: "subject = 'client:another-browser-1'",
    recommendation_feedback: "client_id = 'another-browser-1'",
    products: "true",
    refund_transactions: "true",
    checkouts: "customer_id = 7000000009999",
    dead_letters: "topic = 'neighbours/create'",
  };
  const found: string[] = [];
  for (const [table, where] of Object.entries(tables)) {
    const { rows } = await shop.db.query<{ row: string }>(
      `SELECT '${table} ' || t::text AS row FROM ${table} t WHERE ${where} ORDER BY 1`,
    );
    found.push(...rows.map(({ row }) => row));
  }
  return found;
}

/** What is there now and was not, or was and is not any more. */
async function changes(before: readonly string[]): Promise<string[]> {
  const after = await others();
  return [...after.filter((row) => !before.includes(row)), ...before.filter((row) => !after.includes(row))];
}

async function totals() {
  const { rows } = await shop.db.query(
    `SELECT count(*)::int AS orders, sum(gross_minor)::text AS gross, (SELECT sum(quantity)::int FROM order_lines) AS items FROM orders`,
  );
  return rows[0];
}

describe("a person who came in on every way there is", () => {
  let before: string[] = [];
  let totalsBefore: unknown;

  it("can be found all over the database, in the export and at the e-mail platform", async () => {
    await shop.readPast();
    await deliverEverything(ABOUT_PEOPLE.filter(isTelling));
    await shop.deliver("customers_email_marketing_consent/update", {
      customer_id: canaryId,
      email_marketing_consent: {
        state: "subscribed",
        opt_in_level: null,
        consent_updated_at: new Date().toISOString(),
      },
    });
    await shop.deliver("customers/update", neighbour(), EARLIER);
    await shop.deliver("neighbours/create", { customer: neighbour() }, EARLIER);
    await shop.db.query(
      `INSERT INTO events (shop_id, kind, source, source_id, occurred_at, received_at, client_id, customer_id, properties) VALUES
         ($1, 'product_viewed', 'pixel', 'a', now(), now(), $2, $3, '{}'),
         ($1, 'product_viewed', 'pixel', 'b', now(), now(), $2, NULL, jsonb_build_object('note', $4::text)),
         ($1, 'product_viewed', 'pixel', 'c', now(), now(), 'another-client', $5, '{}')`,
      [shop.shop, CANARY.client, canaryId, CANARY.email, NEIGHBOUR],
    );
    // A browser the canary signed in on, and one that is known by its cart alone.
    await shop.db.query(
      `INSERT INTO recommendation_arms VALUES ($1, 'client:' || $2::text, $3, 'treated', now()),
         ($1, 'client:' || $4::text, NULL, 'held_out', now()), ($1, 'client:another-browser-1', NULL, 'held_out', now())`,
      [shop.shop, CANARY.recommendedOn, canaryId, CANARY.boughtOn],
    );
    await shop.db.query("INSERT INTO visitor_claims VALUES ($1, $2, $3, now())", [
      shop.shop,
      CANARY.boughtOn,
      CANARY.checkoutToken,
    ]);
    await shop.db.query(
      `INSERT INTO recommendation_feedback (shop_id, event_id, at, placement, list_key, product_id, kind, customer_id, client_id)
       SELECT $1, client, now(), 'home', 'popular', 1, 'shown', NULL, client FROM unnest($2::text[]) client`,
      [shop.shop, [CANARY.recommendedOn, CANARY.boughtOn, "another-browser-1"]],
    );
    const rows = rowsAboutCanary("before");
    expect(await shop.tell("events", rows.events)).toEqual(Array(4).fill("recorded"));
    expect(await shop.tell("profiles", rows.profiles)).toEqual(Array(4).fill("recorded"));
    await shop.tell("events", [{ messageId: "a neighbour's", name: "sang", customer: { id: NEIGHBOUR } }]);
    expect(await shop.connect("pk_test")).toMatchObject({ outcome: "connected" });
    await shop.settle();
    // What a delivery had not told of is read again.
    await shop.db.query("DELETE FROM customers WHERE id = $1", [canaryId]);
    expect(await shop.lookForDrift()).toMatchObject({ outcome: "looked", repaired: { customers: 1 } });
    await shop.settle();

    expect(await shop.inAudiences()).toContain(CANARY.email.toLowerCase());
    const listing = await shop.reads.searchProfiles(shop.domain, { query: CANARY.email, window: "first" });
    expect(listing).toMatchObject({ profiles: [{ customerId: String(canaryId) }] });
    expect(await searchEverywhere(shop.db, TRACES)).toEqual(
      expect.arrayContaining([
        "api_identifiers.value",
        "audience_members.acked_email",
        "carts.token",
        "checkouts.email",
        "consents.customer_id",
        "customer_locales.customer_id",
        "customer_metafields.value",
        "customers.email",
        "customers.phone",
        "events.client_id",
        "events.properties",
        "inbox.body",
        "memberships.customer_id",
        "opening_balances.customer_id",
        "order_lines.title",
        "orders.cart_token",
        "orders.customer_id",
        "orders.email",
        "orders.guest_of",
        "profile_traits.value",
        "profiles.first_name",
        "recommendation_arms.customer_id",
        "recommendation_arms.subject",
        "recommendation_feedback.client_id",
        "timers.customer_id",
      ]),
    );
    expect((await shop.db.query("SELECT FROM dead_letters")).rows.length).toBe(4);
    before = await others();
    totalsBefore = await totals();
  });

  it("is exported whole, for the merchant to hand on", async () => {
    await shop.deliver("customers/data_request", { customer: { id: canaryId, email: CANARY.email } });
    await shop.settle();
    const privacy = await shop.reads.privacy(shop.domain);
    const [request] = privacy.outcome === "found" ? privacy.requests : [];
    expect(request).toMatchObject({ kind: "data_request", state: "done", customerId: String(canaryId) });
    const file = await shop.actions.downloadExport(shop.domain, request?.id ?? "");
    if (file.outcome !== "found") throw new Error(file.outcome);
    const exported = JSON.parse(file.text) as Record<string, Record<string, unknown>[]>;
    expect(exported["customer"]).toHaveLength(2);
    expect(exported["customer"]).toContainEqual(
      expect.objectContaining({ email: CANARY.email, phone: CANARY.phone, lastName: CANARY.lastName }),
    );
    expect(exported["orders"]?.length).toBeGreaterThan(3);
    expect(exported["orders"]?.[0]).toMatchObject({
      currency: expect.any(String),
      gross: expect.stringMatching(/^\d+\.\d\d$/),
    });
    expect(exported["messages"]?.length).toBeGreaterThan(5);
    expect(exported["events"]?.length).toBe(6);
    expect(exported["traits"]).toMatchObject(
      Array.from({ length: 4 }, () => ({ name: "nickname", value: CANARY.nickname })),
    );
    expect(exported["language"]).toMatchObject([{ locale: expect.stringMatching(/^\w+$/) as string }]);
    expect(exported["metafields"]).toMatchObject([{ name: "custom.nickname", value: CANARY.nickname }]);
    for (const trace of TRACES) expect(file.text.toLowerCase()).toContain(trace.toLowerCase());
    expect(file.text).not.toContain("Nachbarin");
    expect((await shop.actions.downloadExport("else.myshopify.com", request?.id ?? "")).outcome).toBe("unknown_shop");
  });

  it("is nowhere once erased: not in a table, not in a body, not in the logs, not at the platform", async () => {
    await shop.deliver("customers/redact", {
      shop_domain: shop.domain,
      customer: { id: canaryId, email: CANARY.email, phone: CANARY.phone },
      orders_to_redact: [CANARY.orderId],
    });
    await shop.settle();
    expect(await searchEverywhere(shop.db, TRACES)).toEqual([]);
    expect(await shop.inAudiences()).not.toContain(CANARY.email.toLowerCase());
    expect(
      shop.logged.filter((line) => TRACES.some((trace) => line.toLowerCase().includes(trace.toLowerCase()))),
    ).toEqual([]);
    expect(shop.logged.length).toBeGreaterThan(3);
    expect(await changes(before)).toEqual([]);
    expect(await totals()).toEqual(totalsBefore);
  });

  it("leaves a proof that names nobody", async () => {
    const { rows } = await shop.db.query<{ counts: Record<string, number> }>("SELECT * FROM erasures");
    expect(rows).toMatchObject([{ kind: "customer_redact", source: "shopify" }]);
    expect(rows[0]?.counts).toMatchObject({
      customers: 2,
      profiles: 1,
      dead_letters: 3,
      events: 6,
      profile_traits: 4,
      api_identifiers: 5,
      privacy_exports: 1,
    });
    expect(rows[0]?.counts["inbox"]).toBeGreaterThan(10);
    const privacy = await shop.reads.privacy(shop.domain);
    expect(privacy).toMatchObject({
      requests: [
        { state: "done", customerId: null },
        { state: "done", customerId: null },
      ],
    });
  });

  it("does not come back with late deliveries, with the past read again or with drift", async () => {
    await deliverEverything(ABOUT_PEOPLE);
    const rows = rowsAboutCanary("after");
    expect(await shop.tell("events", rows.events)).toEqual(Array(4).fill("person_erased"));
    expect(await shop.tell("profiles", rows.profiles)).toEqual(Array(4).fill("person_erased"));
    await shop.settle();
    expect(await searchEverywhere(shop.db, TRACES)).toEqual([]);
    await shop.readPast();
    await shop.lookForDrift();
    expect(await searchEverywhere(shop.db, TRACES)).toEqual([]);
    expect(await shop.inAudiences()).not.toContain(CANARY.email.toLowerCase());
    expect(await totals()).toEqual(totalsBefore);
  });

  it("is welcome as a new customer", async () => {
    const back = { ...neighbour(7_000_000_008_888, new Date()), email: CANARY.email, phone: CANARY.phone };
    await shop.deliver("customers/create", back);
    await shop.settle();
    const listing = await shop.reads.searchProfiles(shop.domain, { query: CANARY.email, window: "first" });
    expect(listing).toMatchObject({ profiles: [{ customerId: "7000000008888" }] });
    const returned = { messageId: "back", name: "sang", customer: { email: CANARY.email } };
    expect(await shop.tell("events", [returned])).toEqual(["recorded"]);
  });

  it("is found by an address alone where the request names no customer", async () => {
    await shop.deliver("customers/redact", { customer: { email: "BIRD@nest.example" }, orders_to_redact: [] });
    await shop.settle();
    expect(await searchEverywhere(shop.db, ["bird@nest.example", "Nachbarin", String(NEIGHBOUR)])).toEqual([
      "api_identifiers.value",
      "customers.email",
      "customers.last_name",
      "inbox.body",
      "profile_names.names",
      "profiles.email",
      "profiles.last_name",
    ]);
    // What is left is the one whose address ends the same.
    expect(await searchEverywhere(shop.db, [String(NEIGHBOUR), " bird@nest.example", '"bird@nest.example'])).toEqual(
      [],
    );
  });
});

describe("a shop that has removed the app", () => {
  it("is gone with everything but the proof, and late deliveries do not bring it back", async () => {
    await shop.deliver("app/uninstalled", {});
    await shop.deliver("shop/redact", { shop_domain: shop.domain });
    const isGone = async (): Promise<boolean> => (await shop.db.query("SELECT FROM shops")).rows.length === 0;
    await expect.poll(isGone, { timeout: 20_000 }).toBe(true);
    await shop.deliver("customers/update", neighbour());
    await expect.poll(async () => (await shop.db.query("SELECT FROM inbox")).rows.length).toBe(0);
    const { rows } = await shop.db.query<{ table_name: string }>(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    );
    const filled: string[] = [];
    for (const { table_name: table } of rows) {
      if ((await shop.db.query(`SELECT FROM "${table}" LIMIT 1`)).rows.length > 0) filled.push(table);
    }
    expect(filled.sort()).toEqual(["_prisma_migrations", "erased_shops", "erasures"]);
    const proof = await shop.db.query<{ kind: string }>("SELECT kind FROM erasures ORDER BY id");
    expect(proof.rows.map(({ kind }) => kind)).toEqual(["customer_redact", "customer_redact", "shop_redact"]);
  });
});
