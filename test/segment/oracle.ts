/**
 * The language a second time, as plainly as it can be said: it looks at every event for every question, compares days as the
 * texts a calendar prints, and shares no code with app/ but the shapes of its data and the hash behind `sample`.
 */
import type {
  CustomerHistory,
  HistoryEvent,
  PropertyValue,
  Shop,
} from "../../app/segment/evaluation/customer-history.ts";
import { sampleBucket } from "../../app/profile/sample-bucket.ts";
import type {
  AggregateTest,
  Condition,
  DateValue,
  PropertyTest,
  Test,
  Value,
} from "../../app/segment/language/tree.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

interface World {
  shop: Shop;
  history: CustomerHistory;
  now: number;
}

/** Whether the rule holds for the customer at the instant. */
export function oracleHolds(condition: Condition, shop: Shop, history: CustomerHistory, now: number): boolean {
  if (now < history.existsFrom.getTime()) return false;
  if (history.deletedAt !== null && now >= history.deletedAt.getTime()) return false;
  return holds(condition, { shop, history, now });
}

function holds(condition: Condition, world: World): boolean {
  switch (condition.kind) {
    case "all":
      return condition.of.every((part) => holds(part, world));
    case "any":
      return condition.of.some((part) => holds(part, world));
    case "not":
      return !holds(condition.of, world);
    case "attribute":
      return judge(condition.test, attributeAt(condition.name, world), world, natureOf(condition.name, condition.test));
    case "event":
      return holdsEvent(condition.event, condition.where, condition.having, world);
    case "sequence": {
      const [first, ...rest] = condition.steps;
      const begin = matching(first?.event ?? "", first?.where ?? [], world).map(({ at }) => at.getTime());
      return begin.some((at) => continues(at, rest, world));
    }
    case "anniversary":
      return holdsAnniversary(condition.name, condition.test, world);
    case "sample":
      return sampleBucket(world.history.customerId) < condition.share;
    case "distance": {
      // The angle between two directions, by their dot product: another formula than the haversine.
      const here = direction(Number(condition.latitude), Number(condition.longitude));
      const radius = condition.unit === "km" ? 6371.0088 : 3958.7613;
      return world.history.places.some(({ latitude, longitude }) => {
        const there = direction(latitude, longitude);
        const dot = here.reduce((sum, part, index) => sum + part * (there[index] ?? 0), 0);
        return radius * Math.acos(Math.min(1, dot)) <= Number(condition.distance);
      });
    }
  }
}

function direction(latitude: number, longitude: number): number[] {
  const [a, b] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)];
}

/** How the values of a name are compared: as amounts of money, as ids, as texts in any case, or as they are. */
type Nature = "money" | "id" | "any case" | "plain";

function natureOf(name: string, test: Test): Nature {
  if (["amount", "price", "balance", "amount_spent", "traits.predicted_clv"].includes(name)) return "money";
  if (["id", "app_id", "order_id", "line_id"].includes(name)) return "id";
  if (name === "tag" || name === "customer_tags" || name === "traits.interests") return "any case";
  const untyped = name.startsWith("metafields.") || ["plan", "score"].includes(name);
  return untyped && (test.op === "contains" || test.op === "not_contains") ? "any case" : "plain";
}

function continues(after: number, steps: Extract<Condition, { kind: "sequence" }>["steps"], world: World): boolean {
  const [step, ...rest] = steps;
  if (!step) return true;
  const units = { min: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE, w: 10_080 * MINUTE };
  const reach = step.within ? step.within.amount * units[step.within.unit] : Number.POSITIVE_INFINITY;
  const coming = matching(step.event, step.where, world)
    .map(({ at }) => at.getTime())
    .filter((at) => at > after && at - after <= reach);
  if (step.absent) return coming.length === 0 && (reach === Number.POSITIVE_INFINITY || world.now - after >= reach);
  return coming.some((at) => continues(at, rest, world));
}

function matching(event: string, where: readonly PropertyTest[], world: World): HistoryEvent[] {
  return (world.history.events[event] ?? []).filter(
    (one) =>
      one.at.getTime() <= world.now &&
      where.every(({ property, test }) => judge(test, propertyOf(one, property), world, natureOf(property, test))),
  );
}

function propertyOf(event: HistoryEvent, property: string): PropertyValue | null {
  return property === "date" ? event.at : (event.properties[property] ?? null);
}

function holdsEvent(
  event: string,
  where: readonly PropertyTest[],
  having: readonly AggregateTest[],
  world: World,
): boolean {
  const events = matching(event, where, world);
  if (having.length === 0) return events.length > 0;
  return having.every((aggregate) => holdsAggregate(event, aggregate, events, world));
}

function holdsAggregate(
  event: string,
  { fn, property, test }: AggregateTest,
  events: HistoryEvent[],
  world: World,
): boolean {
  const nature = natureOf(property ?? "", test);
  const given = events.map((one) => propertyOf(one, property ?? "")).filter((value) => value !== null);
  const wantsDate = valuesIn(test).some(({ kind }) => kind.startsWith("day") || kind === "time" || kind === "rolling");
  const numbers = given.flatMap((value) => millionths(value, nature, world.shop) ?? []);
  const total = numbers.reduce((sum, value) => sum + value, 0n);
  switch (fn) {
    case "count":
    case "distinct": {
      const by = fn === "distinct" ? property : event === "products_purchased" ? "order_id" : undefined;
      const count =
        by === undefined
          ? events.length
          : new Set(
              events
                .map((one) => propertyOf(one, by))
                .filter((value) => value !== null)
                .map(same),
            ).size;
      return judgeNumber(test, BigInt(count) * 1_000_000n, 1n);
    }
    case "sum":
      return judgeNumber(test, total, 1n);
    case "average":
      return numbers.length === 0 ? judge(test, null, world, nature) : judgeNumber(test, total, BigInt(numbers.length));
    case "min":
    case "max": {
      const best = <T extends bigint | number>(values: T[]): T | undefined =>
        values.reduce<T | undefined>(
          (one, other) => (one === undefined || (fn === "min" ? other < one : other > one) ? other : one),
          undefined,
        );
      if (wantsDate) {
        const instant = best(given.flatMap((value) => (value instanceof Date ? [value.getTime()] : [])));
        return judge(test, instant === undefined ? null : new Date(instant), world, nature);
      }
      const number = best(numbers);
      return number === undefined ? judge(test, null, world, nature) : judgeNumber(test, number, 1n);
    }
    case "first":
    case "last": {
      const one = fn === "first" ? events[0] : events[events.length - 1];
      return judge(test, one ? propertyOf(one, property ?? "") : null, world, nature);
    }
  }
}

function same(value: PropertyValue): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" || typeof value === "bigint" ? `number ${value}` : JSON.stringify(value);
}

function valuesIn(test: Test): Value[] {
  if (test.op === "between") return [test.low, test.high];
  if (test.op === "in" || test.op === "not_in") return test.values;
  return "value" in test ? [test.value] : [];
}

function judgeNumber(test: Test, millionthsOfSum: bigint, count: bigint): boolean {
  const wanted = valuesIn(test).map((value) => (value.kind === "number" ? exact(value.value) * count : null));
  const [a, b] = wanted;
  if (a === null || a === undefined || b === null) return ["!=", "not_in", "not_contains"].includes(test.op);
  const n = millionthsOfSum;
  if (test.op === "in") return wanted.includes(n);
  if (test.op === "not_in") return !wanted.includes(n);
  if (test.op === "between") return a <= n && b !== undefined && n <= b;
  return { "=": n === a, "!=": n !== a, ">": n > a, ">=": n >= a, "<": n < a, "<=": n <= a }[test.op as "="];
}

function exact(text: string): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(6, "0"));
  return text.startsWith("-") ? -size : size;
}

function millionths(value: PropertyValue | null, nature: Nature, shop: Shop): bigint | null {
  if (typeof value === "bigint") {
    return nature === "money"
      ? value * { EUR: 10_000n, JPY: 1_000_000n, KWD: 1_000n }[shop.currency as "EUR"]
      : value * 1_000_000n;
  }
  return typeof value === "number" ? BigInt(Math.round(value * 1_000_000)) : null;
}

function judge(test: Test, value: PropertyValue | null, world: World, nature: Nature): boolean {
  const missing = value === null || (Array.isArray(value) && value.length === 0);
  if (test.op === "is_null") return missing;
  if (test.op === "is_not_null") return !missing;
  const equal = (wanted: Value): boolean => value !== null && equals(value, wanted, world, nature);
  if (test.op === "=" || test.op === "contains") return equal(test.value);
  if (test.op === "!=" || test.op === "not_contains") return !equal(test.value);
  if (test.op === "in") return test.values.some(equal);
  if (test.op === "not_in") return !test.values.some(equal);
  if (value === null) return false;
  if (valuesIn(test)[0]?.kind !== "number") return judgeDate(test, value, world);
  const number = millionths(value, nature, world.shop);
  return number !== null && judgeNumber(test, number, 1n);
}

function equals(value: PropertyValue, wanted: Value, world: World, nature: Nature): boolean {
  switch (wanted.kind) {
    case "text": {
      const as = (text: string): string => (nature === "any case" ? text.toLowerCase() : text);
      const texts = Array.isArray(value) ? (value as string[]) : typeof value === "string" ? [value] : [];
      return texts.some((text) => as(text) === as(wanted.value));
    }
    case "boolean":
      return value === wanted.value;
    case "number":
      return nature === "id" ? value === wanted.value : millionths(value, nature, world.shop) === exact(wanted.value);
    default:
      return judgeDate({ op: "=", value: wanted }, value, world);
  }
}

/** Days are compared as "2026-03-29" texts, instants as numbers. */
function judgeDate(test: Test, value: PropertyValue, world: World): boolean {
  const zone = world.shop.timeZone;
  const calendarDay = typeof value === "object" && "day" in value ? value.day : null;
  if (calendarDay === null && !(value instanceof Date)) return false;
  const instant = calendarDay === null ? (value as Date).getTime() : startOf(calendarDay, zone);
  const date = localDay(instant, zone);
  const side = (wanted: DateValue): number => {
    if (wanted.kind === "rolling") {
      const edge = world.now + wanted.amount * (wanted.unit === "h" ? 60 * MINUTE : MINUTE);
      return instant - edge;
    }
    if (wanted.kind === "time") return instant - firstAt(wanted.value.replace("T", " "), zone);
    const day = wanted.kind === "day" ? wanted.value : moved(localDay(world.now, zone), wanted.amount, wanted.unit);
    return date < day ? -1 : date > day ? 1 : 0;
  };
  if (test.op === "between") {
    const low = test.low as DateValue;
    return (low.kind === "rolling" ? side(low) > 0 : side(low) >= 0) && side(test.high as DateValue) <= 0;
  }
  const [wanted] = valuesIn(test);
  const where = side(wanted as DateValue);
  return { "=": where === 0, ">": where > 0, ">=": where >= 0, "<": where < 0, "<=": where <= 0 }[test.op as "="];
}

const formats = new Map<string, Intl.DateTimeFormat>();
const printed = new Map<string, string>();

/** "2026-03-29 02:30:00" on the clocks of the zone. */
function localText(instant: number, zone: string): string {
  const second = Math.floor(instant / 1000);
  const key = `${zone} ${second}`;
  let text = printed.get(key);
  if (text === undefined) {
    let format = formats.get(zone);
    if (!format)
      formats.set(
        zone,
        (format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })),
      );
    text = format.format(second * 1000);
    if (printed.size > 200_000) printed.clear();
    printed.set(key, text);
  }
  return text;
}

function localDay(instant: number, zone: string): string {
  return localText(instant, zone).slice(0, 10);
}

const starts = new Map<string, number>();

export function startOf(day: string, zone: string): number {
  return firstAt(`${day} 00:00:00`, zone);
}

/** Found by walking: the first quarter of an hour at which the clocks of the zone show as much or more. */
function firstAt(local: string, zone: string): number {
  const key = `${zone} ${local}`;
  let instant = starts.get(key);
  if (instant === undefined) {
    // Three hours before it would be if the clocks never changed; where they change by a day, fifteen before the easternmost zone.
    const written = Date.parse(`${local.replace(" ", "T")}Z`);
    const quarters = Math.round((Date.parse(`${localText(written, zone).replace(" ", "T")}Z`) - written) / QUARTER);
    instant = written - (quarters + 12) * QUARTER;
    if (localText(instant, zone) >= local) instant = written - 60 * QUARTER;
    while (localText(instant, zone) < local) instant += QUARTER;
    starts.set(key, instant);
  }
  return instant;
}

const moves = new Map<string, string>();

/** Months by turning the pages: count down from the day of the month until the day exists. */
export function moved(day: string, amount: number, unit: "d" | "w" | "m" | "y"): string {
  const key = `${day} ${amount}${unit}`;
  let there = moves.get(key);
  if (there === undefined) {
    there = walked(day, amount, unit);
    if (moves.size > 200_000) moves.clear();
    moves.set(key, there);
  }
  return there;
}

function walked(day: string, amount: number, unit: "d" | "w" | "m" | "y"): string {
  if (unit === "d" || unit === "w") {
    return new Date(Date.parse(`${day}T00:00:00Z`) + amount * (unit === "w" ? 7 : 1) * 1440 * MINUTE)
      .toISOString()
      .slice(0, 10);
  }
  let [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  for (let left = Math.abs(amount) * (unit === "y" ? 12 : 1); left > 0; left -= 1) {
    month += Math.sign(amount);
    if (month === 0) [year, month] = [year - 1, 12];
    if (month === 13) [year, month] = [year + 1, 1];
  }
  const text = (): string => `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
  while (Number.isNaN(Date.parse(`${text()}T00:00:00Z`)) || new Date(`${text()}T00:00:00Z`).getUTCMonth() + 1 !== month)
    date -= 1;
  return text();
}

function attributeAt(name: string, { history, now }: World): PropertyValue | null {
  const past = (event: string): HistoryEvent[] => (history.events[event] ?? []).filter(({ at }) => at.getTime() <= now);
  const { opening } = history;
  const opened =
    opening !== null && (opening.lastOrderAt === null || opening.lastOrderAt.getTime() <= now) ? opening : null;
  const orders = past("orders_placed");
  if (name === "number_of_orders") return BigInt(orders.length + (opened?.orders ?? 0));
  if (name === "first_order_date") return opened?.firstOrderAt ?? orders[0]?.at ?? null;
  if (name === "last_order_date") return orders[orders.length - 1]?.at ?? opened?.lastOrderAt ?? null;
  if (name === "amount_spent") {
    const sum = (events: HistoryEvent[]): bigint =>
      events.reduce((total, { properties }) => total + (properties["amount"] as bigint), 0n);
    return sum(orders) - sum(past("refunds_made")) + (opened?.spentMinor ?? 0n);
  }
  if (name === "segments") {
    return Object.entries(history.memberships)
      .filter(([, intervals]) =>
        intervals.some(
          ({ enteredAt, leftAt }) => enteredAt.getTime() <= now && (leftAt === null || now < leftAt.getTime()),
        ),
      )
      .map(([key]) => key);
  }
  let value: PropertyValue | null = null;
  for (const change of history.attributes[name] ?? []) {
    if (change.since === null || change.since.getTime() <= now) value = change.value;
  }
  return value;
}

/** Walks through the days of the stretch and looks for one with the right month and day. */
function holdsAnniversary(name: string, test: Test, world: World): boolean {
  const zone = world.shop.timeZone;
  const value = attributeAt(name, world);
  const date =
    value instanceof Date
      ? localDay(value.getTime(), zone)
      : typeof value === "object" && value !== null && "day" in value
        ? value.day
        : null;
  const today = localDay(world.now, zone);
  const resolve = (wanted: Value): string =>
    wanted.kind === "day"
      ? wanted.value
      : wanted.kind === "day_offset"
        ? moved(today, wanted.amount, wanted.unit)
        : today;
  const isReturn = (day: string, of: string): boolean =>
    moved(of, Number(day.slice(0, 4)) - Number(of.slice(0, 4)), "y") === day;
  const within = (low: string, high: string): boolean => {
    if (date === null) return false;
    for (let day = low; day <= high; day = moved(day, 1, "d")) if (isReturn(day, date)) return true;
    return false;
  };
  if (test.op === "is_null") return date === null;
  if (test.op === "is_not_null") return date !== null;
  if (test.op === "=") return within(resolve(test.value), resolve(test.value));
  if (test.op === "!=") return !within(resolve(test.value), resolve(test.value));
  if (test.op !== "between" || date === null) return false;
  let [low, high] = [resolve(test.low), resolve(test.high)];
  if (test.high.kind === "day") {
    const written = high;
    for (high = low; !isReturn(high, written); high = moved(high, 1, "d"));
  } else if (test.low.kind === "day") {
    const written = low;
    for (low = high; !isReturn(low, written); low = moved(low, -1, "d"));
  }
  return within(low, high);
}

/** Every instant in (from, to] at which an answer could turn, found without knowing which clause would turn it. */
export function oracleCandidates(
  condition: Condition,
  shop: Shop,
  history: CustomerHistory,
  from: number,
  days: number,
): number[] {
  const found = new Set<number>();
  const lengths = new Set<number>([0]);
  let calendar = false;
  JSON.stringify(condition, (_key, part: { kind?: string; amount?: number; unit?: string } | null) => {
    if (part?.unit === "h") lengths.add((part.amount ?? 0) * 60 * MINUTE);
    if (part?.unit === "min") lengths.add((part.amount ?? 0) * MINUTE);
    if (part?.unit === "d" && part.kind === undefined) lengths.add((part.amount ?? 0) * 1440 * MINUTE);
    if (part?.unit === "w" && part.kind === undefined) lengths.add((part.amount ?? 0) * 10_080 * MINUTE);
    if (part?.kind === "day_offset" || part?.kind === "anniversary") calendar = true;
    return part;
  });
  const facts = new Set<number>();
  const collect = (part: unknown): void => {
    JSON.stringify(part, function (this: Record<string, unknown>, key: string, value: unknown) {
      const original = this[key];
      if (original instanceof Date) facts.add(original.getTime());
      return typeof value === "bigint" ? null : value;
    });
  };
  const said = JSON.stringify(condition);
  const { events, attributes, ...rest } = history;
  collect(rest);
  // What the rule does not name cannot matter, but for the orders and refunds behind lifetime totals.
  for (const [name, list] of Object.entries(events)) {
    if (said.includes(`"${name}"`) || name === "orders_placed" || name === "refunds_made") collect(list);
  }
  for (const [name, changes] of Object.entries(attributes)) if (said.includes(`"${name}"`)) collect(changes);
  for (const fact of facts) for (const length of lengths) for (const sign of [-1, 1]) found.add(fact + sign * length);
  if (calendar) {
    const today = localDay(from, shop.timeZone);
    for (let ahead = 0; ahead <= days; ahead += 1) found.add(startOf(moved(today, ahead, "d"), shop.timeZone));
  }
  const to = from + days * 1440 * MINUTE;
  return [...found].filter((instant) => instant > from && instant <= to).sort((left, right) => left - right);
}
