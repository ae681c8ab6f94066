import { ALL_PARTS, PARTS } from "../ingest/parts.ts";
import { type CompiledRule, compileRule } from "./evaluation/compile.ts";
import type { Shop } from "./evaluation/customer-history.ts";
import { readsBackTo } from "./evaluation/reads-back.ts";
import type { Reads } from "./evaluation/reads.ts";
import { calendarOf } from "./language/calendar.ts";
import { createDictionary, ownTrait } from "./language/dictionary.ts";
import { segmentOrder } from "./language/needs.ts";
import { type Rule, ruleSchema } from "./language/tree.ts";
import { CONSENT_CHANNELS, RECORD_COLUMNS } from "./sources.ts";

/** The words all shops have in common. What a shop's own words mean their values tell, so rules are compiled and translated with these. */
export const dictionary = createDictionary();

/** A segment with its live rule, made ready. */
export interface Segment {
  id: number;
  key: string;
  name: string;
  version: number;
  rule: Rule;
  compiled: CompiledRule;
  /** The parts of a customer's facts (ingest/parts.ts) that it reads. */
  parts: number;
  /** Whether an event of any kind concerns it: any is activity, and tells when somebody was last seen. */
  anyEvent: boolean;
  /** Whether it reads what has no past, so that stays are kept when a value changes. */
  undated: boolean;
  /** Since when what visitors looked at has to be known to be right at an instant; in milliseconds, as `readsBackTo` has it. */
  viewsBackTo(at: Date): number;
  /** What visitors looked at before this is not kept; null: all of it is, or the rule does not ask. */
  viewsFrom: Date | null;
  /** What a build has to be for: the version, and the clocks and the currency the rule depends on. */
  target: string;
}

export interface SegmentRow {
  id: number;
  key: string;
  name: string;
  version: number;
  /** The rule as JSON. */
  definition: unknown;
}

const prepared = new Map<string, Segment>();
const MOST_PREPARED = 10_000;

/** Prepares the segments of a shop, each after those it asks for. Rules are compiled once for each version, zone and currency. */
export function prepareSegments(rows: readonly SegmentRow[], shop: Shop, viewsFrom: Date | null = null): Segment[] {
  const segments = new Map(
    rows.map((row) => {
      const segment = prepare(row, shop);
      const asks = viewsFrom !== null && segment.viewsBackTo(viewsFrom) !== Infinity;
      return [row.key, asks ? { ...segment, viewsFrom } : segment];
    }),
  );
  const order = segmentOrder(new Map([...segments].map(([key, { rule }]) => [key, rule])));
  // Publishing refuses cycles, so there is none unless somebody wrote rows by hand: then they are decided as they come.
  const keys = order.outcome === "ordered" ? order.keys : [...segments.keys()];
  return keys.flatMap((key) => segments.get(key) ?? []);
}

function prepare(row: SegmentRow, shop: Shop): Segment {
  const key = `${row.id} ${row.version} ${shop.timeZone} ${shop.currency}`;
  const known = prepared.get(key);
  if (known && known.name === row.name && known.key === row.key) return known;
  if (prepared.size >= MOST_PREPARED) prepared.clear();
  const { definition, ...named } = row;
  const rule = ruleSchema.parse(definition);
  const compiled = compileRule(rule, shop, dictionary);
  const segment = {
    ...named,
    rule,
    compiled,
    parts: partsOf(compiled.reads),
    anyEvent: compiled.reads.activity || [...compiled.reads.attributes].some(isComputedTrait),
    undated: [...compiled.reads.attributes].some(isUndated),
    viewsBackTo: (at: Date) => readsBackTo(rule, isView, calendarOf(shop.timeZone), at.getTime()),
    viewsFrom: null,
    target: targetOf(row.version, compiled.reads, shop),
  };
  prepared.set(key, segment);
  return segment;
}

function isView(event: string): boolean {
  return dictionary.event(event)?.needs === "storefront events";
}

/** Whether a rule counts what visitors did. */
export function countsViews(rule: Rule): boolean {
  return readsBackTo(rule, isView, calendarOf("UTC"), 0) !== Infinity;
}

/** From when on the stays follow from what is kept; what was decided of the time before stands. Null: from ever. */
export function knownFrom({ viewsFrom, viewsBackTo }: Segment, now: Date): Date | null {
  const back = viewsFrom === null ? -Infinity : now.getTime() - viewsBackTo(now);
  return viewsFrom !== null && Number.isFinite(back) ? new Date(viewsFrom.getTime() + back) : null;
}

/** Another zone matters only to rules that know days, another currency to those that know amounts. */
function targetOf(version: number, { calendar, money }: Reads, shop: Shop): string {
  return [version, calendar ? shop.timeZone : "", money ? shop.currency : ""].join(" ").trim();
}

export function isUndated(name: string): boolean {
  if (ownTrait(name) !== null) return false;
  return (
    Object.hasOwn(RECORD_COLUMNS, name) || Object.hasOwn(CONSENT_CHANNELS, name) || /^(traits|metafields)\./.test(name)
  );
}

const EVENT_PARTS: Readonly<Record<string, number>> = {
  orders_placed: PARTS.orders,
  products_purchased: PARTS.orders,
  refunds_made: PARTS.orders,
  checkouts_started: PARTS.checkouts,
  carts_changed: PARTS.checkouts,
  consent_changed: PARTS.consent,
};
/** A change in the others is told by their names, or without a name where it is not known which they are. */
const RECORDED = PARTS.events | PARTS.named;
const ATTRIBUTE_PARTS: Readonly<Record<string, number>> = {
  customer_tags: PARTS.tags,
  data_quality_findings: PARTS.quality,
  suspected_duplicate: PARTS.quality,
  // What it depends on is decided in the same pass.
  segments: 0,
  abandoned_checkout_date: PARTS.checkouts | PARTS.orders,
  number_of_orders: PARTS.orders,
  amount_spent: PARTS.orders,
  first_order_date: PARTS.orders,
  last_order_date: PARTS.orders,
};

/** Whether it is a trait of the shop's own: a change in it is told by its name. */
function isNamed(name: string): boolean {
  return ownTrait(name) !== null;
}

function isComputedTrait(attribute: string): boolean {
  return attribute.startsWith("traits.") && !isNamed(attribute);
}

function partsOf({ events, attributes, places, activity }: Reads): number {
  let parts = 0;
  for (const kind of events.keys()) parts |= EVENT_PARTS[kind] ?? RECORDED;
  for (const name of attributes) {
    if (isNamed(name)) parts |= PARTS.named;
    else if (isComputedTrait(name)) parts |= ALL_PARTS & ~PARTS.time;
    else if (Object.hasOwn(CONSENT_CHANNELS, name)) parts |= PARTS.consent;
    else parts |= ATTRIBUTE_PARTS[name] ?? PARTS.record;
  }
  if (places) parts |= PARTS.record;
  if (activity) parts |= PARTS.orders | PARTS.checkouts | RECORDED | PARTS.consent;
  return parts;
}

/** The segments to decide for a customer: those that read what changed or wait for this instant, and those that ask for them. */
export function affectedSegments(
  segments: readonly Segment[],
  changed: { parts: number; names: ReadonlySet<string>; due: ReadonlySet<number> },
): Segment[] {
  if (changed.parts === ALL_PARTS) return [...segments];
  const keys = new Set<string>();
  const isEvent = [...changed.names].some((name) => !isNamed(name));
  // In this order a segment comes after those it asks for, so one pass finds all that follow.
  return segments.filter((segment) => {
    const { parts, id, compiled } = segment;
    const isAffected =
      (parts & changed.parts & ~PARTS.named) !== 0 ||
      (isEvent && segment.anyEvent) ||
      readsNamed(compiled.reads, changed.names) ||
      changed.due.has(id) ||
      !compiled.reads.segments.isDisjointFrom(keys);
    if (isAffected) keys.add(segment.key);
    return isAffected;
  });
}

function readsNamed(reads: Reads, names: ReadonlySet<string>): boolean {
  for (const name of names) if (reads.events.has(name) || reads.attributes.has(name)) return true;
  return false;
}
