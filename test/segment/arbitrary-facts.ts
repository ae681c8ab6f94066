import fc from "fast-check";
import type { Sql } from "../../app/platform/db.server.ts";
import { foldCase } from "../../app/platform/fold-case.ts";
import type {
  AttributeChange,
  CustomerHistory,
  HistoryEvent,
  PropertyValue,
} from "../../app/segment/evaluation/customer-history.ts";
import { id, money, offset, words } from "./arbitrary-history.ts";
import { TEXTS } from "./arbitrary-rule.ts";

/**
 * Customers as the tables hold them. From one list come the rows, and, without a line of the stores' code, what a rule should see of
 * each customer. Times are milliseconds from the instant around which the shop lives.
 */
export interface CustomerFacts {
  created: number | null;
  deleted: boolean;
  email: string | null;
  country: string | null;
  consent: { state: string; at: number } | null;
  tags: { tag: string; present: boolean; at: number }[];
  findings: { code: string; at: number }[];
  opening: { orders: number; spent: bigint; last: number | null } | null;
  orders: OrderFacts[];
  checkouts: { started: number; completed: number | null; amount: bigint; items: number; byOrder: boolean }[];
  events: { kind: string; at: number; product: string | null; properties: Record<string, unknown> }[];
  stays: { key: string; from: number; to: number | null }[];
  /** Words of the merchant's pipelines, under one of two names of the customer; null takes a trait away. */
  traits: TraitWordFacts[];
  locale: string | null;
  metafields: { name: string; value: TraitFact; at: number }[];
  /** Since when this customer and the next are taken for one person. */
  suspected: number | null;
}

/** Of a date `at` or `day` are milliseconds from the instant around which the shop lives. */
type TraitFact = string | number | boolean | string[] | { at: number } | { day: number } | null;
export interface TraitWordFacts {
  name: string;
  value: TraitFact;
  at: number;
  under: number;
}

interface OrderFacts {
  at: number;
  amount: bigint;
  appId: string | null;
  tags: string[];
  /** Test and cancelled orders are there and do not count. */
  counts: boolean;
  lines: { product: string | null; quantity: number; price: bigint }[];
  refunds: { at: number; amount: bigint }[];
}

/** Of products 1 and 2 the tags are known, of 3 there are none, of 4 nothing is known. */
const PRODUCT_TAGS: Readonly<Record<string, string[]>> = { 1: ["vip", "Straße"], 2: ["pro"], 3: [] };
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const LONG_AGO = -60 * DAY;

const order: fc.Arbitrary<OrderFacts> = fc.record({
  at: offset,
  amount: money,
  appId: fc.option(id, { freq: 5 }),
  tags: words,
  counts: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  lines: fc.array(
    fc.record({ product: fc.option(id, { freq: 6 }), quantity: fc.integer({ min: 1, max: 3 }), price: money }),
    { maxLength: 2 },
  ),
  refunds: fc.array(fc.record({ at: offset, amount: money }), { maxLength: 1 }),
});

const view = fc.record({
  kind: fc.constant("storefront.product_viewed"),
  at: offset,
  product: fc.option(id, { freq: 8 }),
  properties: fc.record({ price: fc.option(money.map(String), { freq: 5 }) }),
});
const opened = fc.record({
  kind: fc.constant("email.opened"),
  at: offset,
  product: fc.constant(null),
  properties: fc.record({ service: fc.option(fc.constantFrom(...TEXTS), { freq: 5 }) }),
});
const signedUp = fc.record({
  kind: fc.constant("custom.signed_up"),
  at: offset,
  product: fc.constant(null),
  properties: fc.record({
    plan: fc.oneof(fc.constantFrom<unknown>(...TEXTS), fc.boolean(), fc.constant(null), words),
    score: fc.oneof(
      fc.constantFrom<unknown>(0, 0.1, 1.5, 2, 3, -0.5, null, "2"),
      offset.map((by) => ({ at: by })),
    ),
  }),
});

const stays = (key: string): fc.Arbitrary<CustomerFacts["stays"]> =>
  fc.uniqueArray(offset, { maxLength: 3 }).map((edges) => {
    const ascending = edges.sort((left, right) => left - right);
    return ascending.flatMap((from, index) => (index % 2 ? [] : [{ key, from, to: ascending[index + 1] ?? null }]));
  });

const word = (name: string, value: fc.Arbitrary<TraitFact>): fc.Arbitrary<TraitWordFacts> =>
  fc.record({
    name: fc.constant(name),
    value: fc.option(value, { freq: 6 }),
    at: offset,
    under: fc.constantFrom(0, 1),
  });
const traitWords = fc.uniqueArray(
  fc.oneof(
    word("tier", fc.constantFrom(...TEXTS)),
    word("points", fc.constantFrom(0, 0.1, 1.5, 2, 3, -0.5)),
    word("member", fc.boolean()),
    word("interests", words),
    word(
      "renews_on",
      fc.oneof(
        offset.map((at) => ({ at })),
        offset.map((day) => ({ day })),
      ),
    ),
  ),
  { maxLength: 8, selector: ({ name, at, under }) => `${name} ${at} ${under}` },
);

export const arbitraryFacts: fc.Arbitrary<CustomerFacts> = fc.record({
  created: fc.oneof(
    { weight: 4, arbitrary: fc.constant(-200 * DAY) },
    { weight: 1, arbitrary: offset },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  deleted: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  email: fc.option(
    fc.constantFrom("vip", "pro", "Straße").map((domain) => `a@${domain}`),
    { freq: 4 },
  ),
  country: fc.option(fc.constantFrom("vip", "VIP", "pro"), { freq: 4 }),
  consent: fc.option(fc.record({ state: fc.constantFrom("subscribed", "unsubscribed", "pending"), at: offset }), {
    freq: 3,
  }),
  tags: fc.uniqueArray(fc.record({ tag: fc.constantFrom(...TEXTS), present: fc.boolean(), at: offset }), {
    maxLength: 3,
    selector: ({ tag }) => foldCase(tag),
  }),
  findings: fc.uniqueArray(fc.record({ code: fc.constantFrom(...TEXTS), at: offset }), {
    maxLength: 2,
    selector: ({ code }) => code,
  }),
  opening: fc.option(fc.record({ orders: fc.integer({ min: 1, max: 2 }), spent: money, last: fc.option(offset) }), {
    freq: 3,
  }),
  orders: fc.array(order, { maxLength: 4 }),
  checkouts: fc.array(
    fc.record({
      started: offset,
      completed: fc.option(offset, { freq: 2 }),
      amount: money,
      items: fc.integer({ min: 1, max: 3 }),
      byOrder: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  events: fc.array(fc.oneof(view, opened, signedUp), { maxLength: 7 }),
  stays: fc.tuple(stays("loyal"), stays("vip")).map((both) => both.flat()),
  suspected: fc.option(offset, { freq: 1 }),
  traits: traitWords,
  locale: fc.option(fc.constantFrom(...TEXTS), { freq: 4 }),
  metafields: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("facts.birth_date", "custom.size"),
      value: fc.oneof(
        fc.constantFrom<TraitFact>(...TEXTS, 0, 1.5, 2, true, false, null),
        words,
        offset.map((at) => ({ at })),
        offset.map((day) => ({ day })),
        offset.map((day) => ({ day: day - 38 * 365 * DAY })),
      ),
      at: offset,
    }),
    { maxLength: 2, selector: ({ name }) => name },
  ),
});

/** Ids of what belongs to a customer: theirs times a hundred, and on. */
const under = (customer: number, index: number): number => customer * 100 + index;

/** Writes customers 1, 2, 3 … into the tables, a statement for each table. */
export async function insertFacts(
  sql: Sql,
  shop: number,
  base: number,
  facts: readonly CustomerFacts[],
): Promise<void> {
  const time = (by: number | null): string | null => (by === null ? null : new Date(base + by).toISOString());
  const version = { source_updated_at: time(0), source_triggered_at: time(0), source_delivery: "x" };
  const of = <T>(each: (fact: CustomerFacts, customer: number) => T[]): T[] =>
    facts.flatMap((fact, index) => each(fact, index + 1));
  const insert = async (table: string, rows: object[]): Promise<void> => {
    const [first] = rows;
    if (!first) return;
    const columns = Object.keys(first).join(", ");
    const json = JSON.stringify(rows, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
    await sql.query(
      `INSERT INTO ${table} (shop_id, ${columns}) SELECT $1, ${columns} FROM json_populate_recordset(null::${table}, $2::json)`,
      [shop, json],
    );
  };
  await insert(
    "customers",
    of(({ created, deleted, email, country }, id) => [
      {
        id,
        email,
        created_at: time(created),
        deleted_at: deleted ? time(LONG_AGO) : null,
        addresses: country === null ? [] : [{ country, city: null, region: null }],
        ...version,
      },
    ]),
  );
  await insert(
    "consents",
    of(({ consent }, customer_id) =>
      consent
        ? [{ customer_id, channel: "email", state: consent.state, consented_at: time(consent.at), ...version }]
        : [],
    ),
  );
  await insert(
    "customer_tags",
    of(({ tags }, customer_id) =>
      tags.map(({ tag, present, at }) => ({
        customer_id,
        tag_key: foldCase(tag),
        tag,
        present,
        ...version,
        source_updated_at: time(at),
      })),
    ),
  );
  await insert(
    "customer_locales",
    of(({ locale }, customer_id) => (locale === null ? [] : [{ customer_id, locale, ...version }])),
  );
  await insert(
    "customer_metafields",
    of(({ metafields }, customer_id) =>
      metafields.map((told) => {
        const value = traitValue(told, base);
        return { customer_id, name: told.name, value, folded: folded(value), changed_at: time(told.at), ...version };
      }),
    ),
  );
  await insert(
    "quality_findings",
    of(({ findings }, customer_id) => findings.map(({ code, at }) => ({ customer_id, code, found_at: time(at) }))),
  );
  await insert(
    "opening_balances",
    of(({ opening }, customer_id) =>
      opening
        ? [
            {
              customer_id,
              told_orders: 0,
              told_spent_minor: 0,
              currency: "EUR",
              last_order_at: time(opening.last),
              read_at: time(0),
              orders_count: opening.orders,
              spent_minor: opening.spent,
            },
          ]
        : [],
    ),
  );
  await insert(
    "products",
    Object.entries(PRODUCT_TAGS).map(([id, tags]) => ({ id, tags, tag_keys: tags.map(foldCase), ...version })),
  );
  await insert(
    "orders",
    of(({ orders, checkouts }, customer_id) => [
      ...orders.map(({ at, amount, appId, tags, counts }, index) => ({
        id: under(customer_id, index),
        customer_id,
        currency: "EUR",
        gross_minor: amount,
        ordered_at: time(at),
        cancelled_at: counts || index % 2 ? null : time(at),
        test: !counts && index % 2 === 1,
        app_id: appId,
        discount_codes: [],
        discount_keys: [],
        tags,
        tag_keys: tags.map(foldCase),
        checkout_token: null as string | null,
        ...version,
      })),
      // A checkout is over when its order comes, also before it says so itself; a test order counts as nothing else.
      ...checkouts.flatMap(({ completed, byOrder }, index) =>
        byOrder && completed !== null
          ? [
              {
                id: under(customer_id, 50 + index),
                customer_id,
                currency: "EUR",
                gross_minor: 0n,
                ordered_at: time(completed),
                cancelled_at: null,
                test: true,
                app_id: null,
                discount_codes: [],
                discount_keys: [],
                tags: [],
                tag_keys: [],
                checkout_token: `${customer_id} ${index}`,
                ...version,
              },
            ]
          : [],
      ),
    ]),
  );
  await insert(
    "order_lines",
    of(({ orders }, customer) =>
      orders.flatMap(({ lines }, index) =>
        lines.map(({ product, quantity, price }, line) => ({
          order_id: under(customer, index),
          id: line + 1,
          product_id: product,
          quantity,
          price_minor: price,
        })),
      ),
    ),
  );
  await insert(
    "refund_transactions",
    of(({ orders }, customer) =>
      orders.flatMap(({ refunds }, index) =>
        refunds.map(({ at, amount }) => ({
          id: under(customer, index),
          refund_id: under(customer, index),
          order_id: under(customer, index),
          amount_minor: amount,
          currency: "EUR",
          refunded_at: time(at),
        })),
      ),
    ),
  );
  await insert(
    "checkouts",
    of(({ checkouts }, customer_id) =>
      checkouts.map(({ started, completed, amount, items, byOrder }, index) => ({
        token: `${customer_id} ${index}`,
        customer_id,
        total_minor: amount,
        items,
        started_at: time(started),
        completed_at: byOrder ? null : time(completed),
        ...version,
      })),
    ),
  );
  await insert(
    "events",
    of(({ events }, customer_id) =>
      events.map(({ kind, at, product, properties }, index) => {
        const dated = Object.entries(properties).map(([name, value]) => [name, absolute(value, base)] as const);
        return {
          id: under(shop * 1_000 + customer_id, index),
          kind,
          source: "test",
          source_id: `${customer_id} ${index}`,
          occurred_at: time(at),
          received_at: time(at),
          customer_id,
          product_id: product,
          properties: Object.fromEntries(dated),
          folded: Object.fromEntries(dated.map(([name, value]) => [name, folded(value)])),
        };
      }),
    ),
  );
  await insert(
    "duplicate_pairs",
    of(({ suspected }, low_id) =>
      suspected === null
        ? []
        : [{ low_id, high_id: low_id + 1, probability: 0.9, reasons: {}, state: "open", found_at: time(suspected) }],
    ),
  );
  await insert(
    "api_identifiers",
    of(({ traits }, customer_id) =>
      [0, 1]
        .filter((name) => traits.some(({ under: own }) => own === name))
        .map((name) => ({
          id: identifierOf(shop, customer_id, name),
          kind: "external_id",
          value: `${customer_id} ${name}`,
          customer_id,
          contenders: [],
          pending: false,
        })),
    ),
  );
  await insert(
    "profile_traits",
    of(({ traits }, customer) =>
      traits.map((told) => {
        const value = traitValue(told, base);
        return {
          identifier_id: identifierOf(shop, customer, told.under),
          name: told.name,
          value,
          folded: folded(value),
          source: "api",
          said_at: time(told.at),
          confirmed_at: time(told.at),
          received_at: time(told.at),
        };
      }),
    ),
  );
  const keys = await sql.query<{ id: number; key: string }>("SELECT id, key FROM segments WHERE shop_id = $1", [shop]);
  const segment = new Map(keys.rows.map(({ id, key }) => [key, id]));
  await insert(
    "memberships",
    of(({ stays: own }, customer_id) =>
      own.map(({ key, from, to }) => ({
        customer_id,
        segment_id: segment.get(key),
        entered_at: time(from),
        left_at: time(to),
        decided_at: time(0),
      })),
    ),
  );
}

/** Under which a customer's words stand. */
export const identifierOf = (shop: number, customer: number, name: number): number =>
  (shop * 1_000 + customer) * 10 + name;

/** As it is stored. */
export function traitValue({ value }: Pick<TraitWordFacts, "value">, base: number) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return "at" in value ? { at: base + value.at } : { day: new Date(base + value.day).toISOString().slice(0, 10) };
}

/** At every instant the last word up to it; of several at one instant the one whose text as JSON is greatest. */
function traitsOver(
  everybody: readonly CustomerFacts[],
  base: number,
  date: (by: number) => Date,
): Record<string, AttributeChange[]> {
  const told = everybody.flatMap(({ traits }) => traits);
  const asText = (word: TraitWordFacts): string => {
    const value = traitValue(word, base);
    if (value === null) return "";
    if (Array.isArray(value)) return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
    return JSON.stringify(value).replace(":", ": ");
  };
  return Object.fromEntries(
    [...new Set(told.map(({ name }) => name))].map((name) => [
      `traits.${name}`,
      changes(
        told.filter((word) => word.name === name).map(({ at }) => at),
        (at) => {
          const [first, ...others] = told.filter((word) => word.name === name && word.at <= at);
          if (!first) return null;
          const later = (one: TraitWordFacts, other: TraitWordFacts): boolean =>
            other.at > one.at || (other.at === one.at && asText(other) > asText(one));
          return valueOf(
            others.reduce((last, other) => (later(last, other) ? other : last), first),
            base,
          );
        },
        date,
      ),
    ]),
  );
}

/** As a rule should see it. */
function valueOf(told: Pick<TraitWordFacts, "value">, base: number): PropertyValue | null {
  const value = traitValue(told, base);
  return isInstant(value) ? new Date(value.at) : (value as PropertyValue | null);
}

function absolute(value: unknown, base: number): unknown {
  return isInstant(value) ? { at: base + value.at } : value;
}

function isInstant(value: unknown): value is { at: number } {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "at");
}

function folded(value: unknown): unknown {
  if (typeof value === "string") return foldCase(value);
  return Array.isArray(value) ? value.map((text: string) => foldCase(text)) : null;
}

/** What is true of a customer. @param more customers who are the same person, whose orders and events are theirs too */
export function historyOfFacts(
  facts: CustomerFacts,
  customer: number,
  base: number,
  more: readonly [CustomerFacts, number][] = [],
): CustomerHistory {
  const date = (by: number): Date => new Date(base + by);
  const everybody: [CustomerFacts, number][] = [[facts, customer], ...more];
  const counting = everybody.flatMap(([fact, owner]) =>
    fact.orders.map((each, index) => ({ ...each, id: under(owner, index) })).filter(({ counts }) => counts),
  );
  const events: Record<string, (HistoryEvent & { tie: number })[]> = {
    orders_placed: counting.map(({ at, amount, appId, tags, id: tie }) => ({
      at: date(at),
      tie,
      properties: { amount, app_id: appId, tag: tags },
    })),
    products_purchased: counting.flatMap(({ at, lines, id: owner }) =>
      lines.map(({ product, quantity, price }, line) => ({
        at: date(at),
        tie: owner * 10 + line,
        properties: {
          id: product,
          quantity: BigInt(quantity),
          tag: (product !== null && PRODUCT_TAGS[product]) || null,
          amount: price * BigInt(quantity),
          order_id: String(owner),
          line_id: String(line + 1),
        },
      })),
    ),
    refunds_made: counting.flatMap(({ refunds, id: tie }) =>
      refunds.map(({ at, amount }) => ({ at: date(at), tie, properties: { amount } })),
    ),
  };
  for (const [fact, owner] of everybody) {
    fact.events.forEach(({ kind, at, product, properties }, index) => {
      const values = Object.entries(properties).map(([name, value]) => [name, propertyOf(name, value, base)] as const);
      (events[kind] ??= []).push({
        at: date(at),
        tie: under(owner, index),
        properties: { ...Object.fromEntries(values), ...(kind.startsWith("storefront") && { id: product }) },
      });
    });
  }
  for (const list of Object.values(events)) {
    list.sort((left, right) => left.at.getTime() - right.at.getTime() || left.tie - right.tie);
  }
  const first = counting.map(({ at }) => at).sort((left, right) => left - right)[0];
  const begins = [facts.created, first].filter((at) => at !== null && at !== undefined);
  const always = (value: PropertyValue | null): AttributeChange[] => [{ since: null, value }];
  return {
    customerId: String(customer),
    existsFrom: begins.length === 0 ? new Date(0) : date(Math.min(...begins)),
    deletedAt: facts.deleted ? date(LONG_AGO) : null,
    opening: facts.opening && {
      orders: facts.opening.orders,
      spentMinor: facts.opening.spent,
      firstOrderAt: null,
      lastOrderAt: facts.opening.last === null ? null : date(facts.opening.last),
    },
    events,
    attributes: {
      ...traitsOver(
        everybody.map(([fact]) => fact),
        base,
        date,
      ),
      customer_language: always(facts.locale),
      ...Object.fromEntries(
        facts.metafields.map((told) => [
          `metafields.${told.name}`,
          [{ since: date(told.at), value: valueOf(told, base) }],
        ]),
      ),
      customer_email_domain: always(facts.email === null ? null : (facts.email.split("@")[1] ?? "").toLowerCase()),
      customer_countries: always(facts.country === null ? [] : [facts.country]),
      email_subscription_status: facts.consent
        ? [{ since: date(facts.consent.at), value: facts.consent.state.toUpperCase() }]
        : [],
      customer_tags: changes(
        facts.tags.map(({ at }) => at),
        (at) => facts.tags.filter((tag) => (tag.present ? tag.at <= at : tag.at > at)).map(({ tag }) => tag),
        date,
      ),
      data_quality_findings: changes(
        facts.findings.map(({ at }) => at),
        (at) => facts.findings.filter((found) => found.at <= at).map(({ code }) => code),
        date,
      ),
      abandoned_checkout_date: changes(
        facts.checkouts.flatMap(({ started, completed }) => [started + 60 * MINUTE, completed ?? started]),
        (at) => {
          const left = facts.checkouts.filter(
            ({ started, completed }) => started + 60 * MINUTE <= at && (completed === null || completed > at),
          );
          return left.length === 0 ? null : date(Math.max(...left.map(({ started }) => started)));
        },
        date,
      ),
    },
    places: [],
    memberships: Object.fromEntries(
      ["loyal", "vip"].map((key) => [
        key,
        facts.stays
          .filter((stay) => stay.key === key)
          .map(({ from, to }) => ({ enteredAt: date(from), leftAt: to === null ? null : date(to) })),
      ]),
    ),
  };
}

function propertyOf(name: string, value: unknown, base: number): PropertyValue | null {
  if (name === "price") return value === null ? null : BigInt(value as string);
  return isInstant(value) ? new Date(base + value.at) : (value as PropertyValue | null);
}

function changes(
  at: readonly number[],
  valueAt: (at: number) => PropertyValue | null,
  date: (by: number) => Date,
): AttributeChange[] {
  const ascending = [...new Set(at)].sort((left, right) => left - right);
  return [
    { since: null, value: valueAt(-Infinity) },
    ...ascending.map((each) => ({ since: date(each), value: valueAt(each) })),
  ];
}
