import fc from "fast-check";
import {
  createDictionary,
  type EventKind,
  findProperty,
  type ValueType,
} from "../../app/segment/language/dictionary.ts";
import { normalForm } from "../../app/segment/language/normal-form.ts";
import type {
  AggregateTest,
  Condition,
  DateValue,
  Duration,
  PropertyTest,
  Rule,
  Step,
  Test,
  Value,
} from "../../app/segment/language/tree.ts";

export const dictionary = createDictionary({
  traits: {
    predicted_clv: "money",
    next_order_date: "date",
    tier: "text",
    points: "number",
    member: "boolean",
    renews_on: "date",
    interests: "text_list",
  },
});

export const TEXTS = ["vip", "VIP", "O'Brien", "a\\b", "pro", "Straße", "☂ 傘", "💡", "", "-- ; DROP TABLE", "\\'"];
const DAYS = [
  "2026-03-28",
  "2026-03-29",
  "2026-03-30",
  "2026-02-28",
  "2026-04-24",
  "2024-02-29",
  "2026-10-25",
  "2026-11-01",
];

const amount = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }));
const rolling: fc.Arbitrary<DateValue> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(1, 2, 24, 48, 72, 720)
      .map((h) => ({ kind: "rolling" as const, amount: -h, unit: "h" as const })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(15, 60, 90, 1440)
      .map((m) => ({ kind: "rolling" as const, amount: -m, unit: "min" as const })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 2, 48).map((h) => ({ kind: "rolling" as const, amount: h, unit: "h" as const })),
  },
);
const dayOffset: fc.Arbitrary<DateValue & { kind: "day_offset" }> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .integer({ min: -40, max: 10 })
      .map((n) => ({ kind: "day_offset" as const, amount: n, unit: "d" as const })),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: -4, max: 2 })
      .map((n) => ({ kind: "day_offset" as const, amount: n, unit: "w" as const })),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: -3, max: 1 })
      .map((n) => ({ kind: "day_offset" as const, amount: n, unit: "m" as const })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "day_offset" as const, amount: -1, unit: "y" as const }) },
);
const day = fc.constantFrom(...DAYS).map((value) => ({ kind: "day" as const, value }));
const time = fc
  .constantFrom("2026-03-29T02:30:00", "2026-03-29T12:00:00", "2026-10-25T02:30:00", "2026-11-01T01:00:00")
  .map((value) => ({ kind: "time" as const, value }));
const wholeDay: fc.Arbitrary<DateValue> = fc.oneof(
  { weight: 4, arbitrary: dayOffset },
  { weight: 1, arbitrary: day },
  { weight: 1, arbitrary: time },
);

const dateTest: fc.Arbitrary<Test> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom(">", "<="), value: rolling }) as fc.Arbitrary<Test> },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constantFrom("=", "!=", ">", ">=", "<", "<="),
      value: wholeDay,
    }) as fc.Arbitrary<Test>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant("between"),
      low: fc.oneof(rolling, wholeDay),
      high: fc.oneof(rolling, wholeDay),
    }) as fc.Arbitrary<Test>,
  },
);

const number = (...values: string[]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values).map((value) => ({ kind: "number", value }));
const text = fc.constantFrom(...TEXTS).map((value): Value => ({ kind: "text", value }));

function valueOf(type: ValueType, values?: readonly string[]): fc.Arbitrary<Value> {
  switch (type) {
    case "integer":
      return number("0", "1", "2", "3", "5", "-1");
    case "id":
      return number("1", "2", "3", "4");
    case "money":
      return number("0", "5", "10.5", "20", "20.01", "33.333", "100", "-5");
    case "number":
      return number("0", "0.1", "1.5", "2", "3", "-0.5");
    case "boolean":
      return fc.boolean().map((value) => ({ kind: "boolean", value }));
    case "enum":
      return fc.constantFrom(...(values ?? ["ACTIVE"])).map((value) => ({ kind: "text", value }));
    case "date":
      return wholeDay;
    default:
      return text;
  }
}

function orderTest(type: ValueType): fc.Arbitrary<Test> {
  const value = valueOf(type);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ op: fc.constantFrom("=", "!=", ">", ">=", "<", "<="), value }) as fc.Arbitrary<Test>,
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("between"), low: value, high: value }) as fc.Arbitrary<Test> },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constantFrom("in", "not_in"),
        values: fc.array(value, { minLength: 1, maxLength: 3 }),
      }) as fc.Arbitrary<Test>,
    },
  );
}

function equalityTest(type: ValueType, values?: readonly string[]): fc.Arbitrary<Test> {
  const value = valueOf(type, values);
  return fc.oneof(
    fc.record({ op: fc.constantFrom("=", "!="), value }) as fc.Arbitrary<Test>,
    fc.record({
      op: fc.constantFrom("in", "not_in"),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    }) as fc.Arbitrary<Test>,
  );
}

const nullTest: fc.Arbitrary<Test> = fc.constantFrom({ op: "is_null" } as const, { op: "is_not_null" } as const);

const containsTest = fc.record({
  op: fc.constantFrom("contains", "not_contains"),
  value: text,
}) as fc.Arbitrary<Test>;

/** A test that the readers accept for a type, at a place. */
function testOf(
  type: ValueType,
  place: "attribute" | "parameter" | "aggregate",
  values?: readonly string[],
): fc.Arbitrary<Test> {
  const withNull = (test: fc.Arbitrary<Test>): fc.Arbitrary<Test> =>
    place === "aggregate" ? test : fc.oneof({ weight: 6, arbitrary: test }, { weight: 1, arbitrary: nullTest });
  switch (type) {
    case "date":
      return withNull(dateTest);
    case "integer":
    case "money":
    case "number":
      return withNull(orderTest(type));
    case "text_list":
    case "code_list":
      return withNull(place === "parameter" ? equalityTest("text") : containsTest);
    case "boolean":
      return withNull(fc.record({ op: fc.constantFrom("=", "!="), value: valueOf(type) }) as fc.Arbitrary<Test>);
    case "any":
      return withNull(
        fc.oneof(
          equalityTest("text"),
          orderTest("number"),
          fc.record({ op: fc.constantFrom("=", "!="), value: valueOf("boolean") }) as fc.Arbitrary<Test>,
          dateTest,
          place === "aggregate" ? containsTest : testOf("text_list", "attribute"),
        ),
      );
    default:
      return withNull(equalityTest(type, values));
  }
}

const ATTRIBUTES = (
  "amount_spent number_of_orders first_order_date last_order_date customer_tags customer_countries email_subscription_status " +
  "customer_email_domain customer_language suspected_duplicate abandoned_checkout_date traits.predicted_clv traits.next_order_date " +
  "traits.lifecycle_stage traits.tier traits.points traits.member traits.renews_on traits.interests metafields.facts.birth_date metafields.custom.size created_by_app_id data_quality_findings"
).split(" ");
const EVENTS = [
  "orders_placed",
  "products_purchased",
  "storefront.product_viewed",
  "custom.signed_up",
  "refunds_made",
  "email.opened",
  "store_credit_accounts",
];
const PROPERTIES: Record<string, readonly string[]> = {
  orders_placed: ["date", "amount", "app_id", "tag"],
  products_purchased: ["date", "id", "quantity", "tag", "amount"],
  "storefront.product_viewed": ["date", "id", "price"],
  "custom.signed_up": ["date", "plan", "score"],
  refunds_made: ["date", "amount"],
  "email.opened": ["date", "service"],
  store_credit_accounts: ["date", "balance", "next_expiry_date"],
};

function propertyTests(event: string): fc.Arbitrary<PropertyTest[]> {
  const kind = dictionary.event(event) as EventKind;
  const one = fc.constantFrom(...(PROPERTIES[event] ?? ["date"])).chain((property) => {
    const found = findProperty(kind, property);
    const type = found?.type ?? "any";
    const test = property === "date" ? dateTest : testOf(type, "parameter", found?.values);
    return test.map((made): PropertyTest => ({ property, test: made }));
  });
  // Two equal operators on one parameter are refused, so one is enough.
  return fc.uniqueArray(one, { maxLength: 3, selector: ({ property }) => property });
}

function aggregateTests(event: string): fc.Arbitrary<AggregateTest[]> {
  const kind = dictionary.event(event) as EventKind;
  const typeOf = (property: string): ValueType => findProperty(kind, property)?.type ?? "any";
  const properties = PROPERTIES[event] ?? [];
  const numeric = properties.filter((property) => ["integer", "money", "any"].includes(typeOf(property)));
  const single = properties.filter((property) => typeOf(property) !== "text_list");
  const ordered = properties.filter((property) => ["integer", "money", "date", "any"].includes(typeOf(property)));
  const summed = (property: string): ValueType => (typeOf(property) === "any" ? "number" : typeOf(property));
  const averaged = (property: string): ValueType => (typeOf(property) === "money" ? "money" : "number");
  const make = (
    fn: AggregateTest["fn"],
    among: string[],
    type: (property: string) => ValueType,
  ): fc.Arbitrary<AggregateTest>[] =>
    among.length === 0
      ? []
      : [
          fc
            .constantFrom(...among)
            .chain((property) => testOf(type(property), "aggregate").map((test) => ({ fn, property, test }))),
        ];
  const count = testOf("integer", "aggregate").map((test): AggregateTest => ({ fn: "count", test }));
  const one = fc.oneof(
    count,
    count,
    ...make(
      "distinct",
      single.filter((property) => property !== kind.counts),
      () => "integer",
    ),
    ...make("sum", numeric, summed),
    ...make("average", numeric, averaged),
    ...make("min", ordered, typeOf),
    ...make("max", ordered, typeOf),
    ...make("first", single, typeOf),
    ...make("last", single, typeOf),
  );
  return fc.uniqueArray(one, { maxLength: 2, selector: ({ fn, property }) => `${fn} ${property}` });
}

const duration: fc.Arbitrary<Duration> = fc.oneof(
  fc.constantFrom(15, 60, 90).map((n): Duration => ({ amount: n, unit: "min" })),
  fc.constantFrom(1, 2, 24).map((n): Duration => ({ amount: n, unit: "h" })),
  amount.map((n): Duration => ({ amount: n, unit: "d" })),
  fc.constantFrom(1, 2).map((n): Duration => ({ amount: n, unit: "w" })),
);

const attributeClause: fc.Arbitrary<Condition> = fc.constantFrom(...ATTRIBUTES).chain((name) => {
  const attribute = dictionary.attribute(name);
  return testOf(attribute?.type ?? "any", "attribute", attribute?.values).map((test) => ({
    kind: "attribute",
    name,
    test,
  }));
});

const segmentClause: fc.Arbitrary<Condition> = fc.constantFrom("loyal", "vip").chain((key) =>
  fc.constantFrom("contains", "not_contains").map((op) => ({
    kind: "attribute",
    name: "segments",
    test: { op: op as "contains", value: { kind: "text", value: key } },
  })),
);

const eventClause: fc.Arbitrary<Condition> = fc
  .constantFrom(...EVENTS)
  .chain((event) =>
    fc
      .tuple(propertyTests(event), fc.oneof(fc.constant<AggregateTest[]>([]), aggregateTests(event)))
      .map(([where, having]): Condition => ({ kind: "event", event, where, having })),
  );

const step = fc
  .constantFrom(...EVENTS.slice(0, 6))
  .chain((event) =>
    fc
      .tuple(fc.oneof(fc.constant<PropertyTest[]>([]), propertyTests(event)), fc.option(duration, { nil: undefined }))
      .map(([where, within]): Step => ({ event, where, ...(within && { within }) })),
  );
const sequenceClause: fc.Arbitrary<Condition> = fc
  .tuple(step, fc.array(step, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([{ event, where }, rest, absent]) => ({
    kind: "sequence",
    steps: [
      { event, where },
      ...rest.map((each, index): Step => (absent && index === rest.length - 1 ? { ...each, absent: true } : each)),
    ],
  }));

const anniversaryTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ op: fc.constantFrom("=", "!="), value: fc.oneof(dayOffset, day) }) as fc.Arbitrary<Test>,
  fc.record({
    op: fc.constant("between"),
    low: fc.oneof(dayOffset, day),
    high: fc.oneof(dayOffset, day),
  }) as fc.Arbitrary<Test>,
);
const anniversaryClause: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom("metafields.facts.birth_date", "first_order_date", "traits.renews_on"), anniversaryTest)
  .map(([name, test]) => ({ kind: "anniversary", name, test }));

const otherClause: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom(100, 1_000, 5_000, 10_000, 1).map((share): Condition => ({ kind: "sample", share })),
  fc.constantFrom("5", "25", "1000.5").chain((distance) =>
    fc.constantFrom("km", "mi").map((unit): Condition => ({
      kind: "distance",
      latitude: "49.2827",
      longitude: "-123.1207",
      distance,
      unit: unit as "km",
    })),
  ),
);

const clause: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: attributeClause },
  { weight: 7, arbitrary: eventClause },
  { weight: 3, arbitrary: sequenceClause },
  { weight: 1, arbitrary: segmentClause },
  { weight: 2, arbitrary: anniversaryClause },
  { weight: 1, arbitrary: otherClause },
);

const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true, maxDepth: 3 },
    { weight: 3, arbitrary: clause },
    { weight: 1, arbitrary: tie("node").map((of): Condition => ({ kind: "not", of })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("all", "any"), fc.array(tie("node"), { minLength: 2, maxLength: 3 }))
        .map(([kind, of]): Condition => ({ kind: kind as "all", of })),
    },
  ),
})).node;

/** Conditions in normal form that every reader accepts, over all clauses the language has. */
export const arbitraryRule: fc.Arbitrary<Rule> = fc
  .record(
    { when: condition, stayAtLeast: duration, expireAfter: duration, noReentryFor: duration },
    { requiredKeys: ["when"] },
  )
  // Generated records have no prototype, which JSON and the readers give them.
  .map((rule) => normalForm(structuredClone(rule)));
