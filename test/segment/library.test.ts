import { expect, it } from "vitest";
import { compileRule } from "../../app/segment/evaluation/compile.ts";
import type { CustomerHistory, HistoryEvent } from "../../app/segment/evaluation/customer-history.ts";
import { membershipOf } from "../../app/segment/evaluation/policies.ts";
import { createDictionary } from "../../app/segment/language/dictionary.ts";
import { missingData } from "../../app/segment/language/needs.ts";
import { parseText } from "../../app/segment/language/parse-text.ts";
import { library } from "../../app/segment/library.ts";

const dictionary = createDictionary();

it.each(library)("$name can be used as it stands, once its parts are filled in", ({ text, fill = {}, purpose }) => {
  const filled = Object.keys(fill).reduce((made, name) => made.replace(`{${name}}`, "42"), text);
  const reading = parseText(filled, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  expect(missingData(reading.rule, dictionary)).toEqual([]);
  expect(filled).not.toMatch(/[{}]/);
  expect(purpose).toMatch(/^[A-Z].*\.$/);
});

const NOW = Date.parse("2026-06-30T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
type Events = Record<string, [agoHours: number, properties?: HistoryEvent["properties"]][]>;

const viewed = (...views: [agoHours: number, properties: HistoryEvent["properties"]][]): Events => ({
  "storefront.product_viewed": views,
});
const three = viewed([47, { id: "1" }], [2, { id: "2" }], [1, { id: "3" }]);
const orders = (...given: [agoDays: number, euros: number][]): Events => ({
  orders_placed: given.map(([days, euros]) => [days * 24, { amount: BigInt(euros * 100) }]),
});
const bought = (euros: number): Events => ({
  products_purchased: [[24, { price: BigInt(euros * 100), line_id: "1", order_id: "1" }]],
});
const opened = (machine: string | null): Events => ({ "email.opened": [[24, { machine }]] });
const begun = (agoHours: number) => ({
  abandoned_checkout_date: [{ since: null, value: new Date(NOW - agoHours * HOUR) }],
});

/** Whom each is for, and for how many hours more if nothing happens; null: no end, or not in. */
const MEMBERS: readonly [key: string, who: string, history: Events, isIn: boolean, leavesInHours: number | null][] = [
  ["recent_browsers", "three products in two days", three, true, 1],
  [
    "recent_browsers",
    "one product three times",
    viewed([47, { id: "1" }], [2, { id: "1" }], [1, { id: "1" }]),
    false,
    null,
  ],
  ["recent_browsers", "and bought since", { ...three, ...orders([0, 5]) }, false, null],
  ["recent_browsers", "bought, and looked on", { ...three, orders_placed: [[1.5, { amount: 5n }]] }, true, 1],
  ["interested_in_product", "that product", viewed([23, { id: "42" }]), true, 1],
  ["interested_in_product", "another product", viewed([23, { id: "43" }]), false, null],
  ["viewed_category", "that category", viewed([24, { category: "42" }]), true, 132],
  ["viewed_category", "another", viewed([24, { category: "43" }]), false, null],
  ["vip_nurture", "something for 250", bought(250), true, 2_124],
  ["vip_nurture", "something for 249.99", bought(249.99), false, null],
  ["engaged", "opened", opened(null), true, 132],
  ["engaged", "opened by a program", opened("yes"), false, null],
  ["engaged", "clicked", { "email.clicked": [[24, { machine: null }]] }, true, 132],
  ["new_customers", "first order yesterday", orders([1, 5]), true, 684],
  ["new_customers", "a second one", orders([1, 5], [0, 5]), false, null],
  ["loyal_customers", "three in a year", orders([364, 5], [100, 5], [1, 5]), true, 12],
  ["loyal_customers", "two in a year", orders([365, 5], [100, 5], [1, 5]), false, null],
  ["churned", "not for 181 days", orders([181, 5]), true, null],
  ["churned", "not for 180 days", orders([180, 5]), false, null],
  ["churned", "never bought", {}, false, null],
  ["high_value", "500", orders([9, 250], [1, 250]), true, null],
  ["high_value", "499.99", orders([9, 499.99]), false, null],
  ["low_value", "49.99", orders([9, 49.99]), true, null],
  ["low_value", "50", orders([9, 50]), false, null],
  ["low_value", "nothing", {}, false, null],
  ["active_members", "bought 89 days ago", orders([89, 5]), true, 24],
  ["active_members", "bought 90 days ago", orders([90, 5]), false, null],
  [
    "active_members",
    "bought then and looked since",
    { ...orders([90, 5]), ...viewed([24, { id: "1" }]) },
    true,
    89 * 24,
  ],
  ["win_back", "twice, last 90 days ago", orders([200, 5], [90, 5]), true, 90 * 24 + 12],
  ["win_back", "twice, last 89 days ago", orders([200, 5], [89, 5]), false, null],
  ["win_back", "once", orders([100, 5]), false, null],
  ["unengaged_but_buying", "buys and does not read", orders([10, 5]), true, 79 * 24 + 12],
  ["unengaged_but_buying", "buys and reads", { ...orders([10, 5]), ...opened(null) }, false, null],
  ["unengaged_but_buying", "buys nothing", {}, false, null],
];

it.each(MEMBERS)("%s, %s", (key, _who, events, isIn, leavesInHours) => {
  expect(stayOf(key, events)).toEqual({ isIn, leavesInHours: isIn ? leavesInHours : null });
});

it.each([
  [71, true, 1],
  [72, false, null],
])("cart_abandoners, begun %s hours ago", (hours, isIn, leavesInHours) => {
  expect(stayOf("cart_abandoners", {}, begun(hours))).toEqual({ isIn, leavesInHours });
});

it("says of each whom it is for", () => {
  const told = new Set(["cart_abandoners", ...MEMBERS.map(([key]) => key)]);
  expect(library.map(({ key }) => key).filter((key) => !told.has(key))).toEqual([]);
});

function stayOf(key: string, events: Events, attributes: CustomerHistory["attributes"] = {}) {
  const text = library.find((one) => one.key === key)?.text.replace(/\{\w+\}/, "42") ?? "";
  const reading = parseText(text, dictionary);
  if (reading.outcome === "refused") throw new Error(reading.problems[0].message);
  const compiled = compileRule(reading.rule, { timeZone: "UTC", currency: "EUR" }, dictionary);
  const history: CustomerHistory = {
    customerId: "1",
    existsFrom: new Date(NOW - 3_000 * DAY),
    deletedAt: null,
    opening: null,
    places: [],
    memberships: {},
    attributes,
    events: Object.fromEntries(
      Object.entries(events).map(([kind, list]) => [
        kind,
        list
          .map(([hours, properties = {}]) => ({ at: new Date(NOW - hours * HOUR), properties }))
          .toSorted((one, other) => one.at.getTime() - other.at.getTime()),
      ]),
    ),
  };
  const { intervals, changesAt } = membershipOf(compiled, history, new Date(NOW));
  const isIn = intervals.at(-1)?.leftAt === null;
  return { isIn, leavesInHours: isIn && changesAt ? (changesAt.getTime() - NOW) / HOUR : null };
}

it("has keys of its own", () => {
  expect(new Set(library.map(({ key }) => key)).size).toBe(library.length);
});
