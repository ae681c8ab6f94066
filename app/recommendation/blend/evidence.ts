import type { PastItems } from "../history-log.ts";
import { createAlikeCustomers } from "../models/alike-customers.ts";
import type { EaseWeights } from "../models/ease.ts";
import { createHistoryNeighbours } from "../models/history-neighbours.ts";
import { ownItems } from "../models/own-items.ts";
import type { Models } from "../models/train-models.ts";
import { Scores } from "../scores.ts";
import type { SparseRows } from "../sparse-rows.ts";

/** The candidates for one past and, row after row, what the models say of each. Valid until the next question. */
export interface Evidence {
  candidates: Int32Array;
  features: Float32Array;
  /** Features of each. */
  width: number;
  /** What is shown to somebody nothing is known of: popular lately, without what is not wanted; up to 60 items. */
  fallback: Int32Array;
}

/** What is asked: a past, and which history of the log is this person's own (−1: none). */
export interface Question {
  past: PastItems;
  history: number;
}

/** The models in the order of their features. */
export const SOURCES = [
  "by the same people",
  "next after the last",
  "next after all",
  "regression on the past",
  "histories like this, closely",
  "histories like this, widely",
  "in one basket",
  "customers alike",
  "two steps away",
  "popular",
  "popular lately",
  "own purchases",
  "circumstances",
  "looked at together",
  "EASE",
] as const;
const RANKED = 11;
/** Share of the best score, its logarithm, and the logarithm of the share of the sum. */
const EACH = 3;
const OWN = 6;
const CIRCUMSTANCES = 5;
const FEATURES = RANKED * EACH + OWN + CIRCUMSTANCES;

/** Sources that not every shop has, whose features stand after all others: what visitors look at, and EASE where the catalogue is small. */
export type Extra = "looked at together" | "EASE";

/** How many features a candidate has. */
export function widthWith(extras: readonly Extra[]): number {
  return FEATURES + extras.length * EACH;
}

/** The source of each feature. */
export function sourceOf(feature: number, extras: readonly Extra[]): (typeof SOURCES)[number] {
  const extra = extras[Math.floor((feature - FEATURES) / EACH)];
  if (extra !== undefined) return extra;
  if (feature < RANKED * EACH) return SOURCES[Math.floor(feature / EACH)]!;
  return feature < RANKED * EACH + OWN ? "own purchases" : "circumstances";
}

const PER_SOURCE = 80;
const MOST = 1000;

/**
 * Collects the best candidates of every model and what each model says of them. `withoutSeen`: what the past holds is not
 * wanted back. `extras`: those a net was learned with; of one that the models do not have nothing is said. The returned function keeps
 * its scratch space, so one thread asks one question at a time.
 */
export function createEvidence(
  models: Models,
  withoutSeen: boolean,
  extras: readonly Extra[],
): (question: Question) => Evidence {
  const { log, popular, popularLately } = models;
  const width = widthWith(extras);
  const sources = [...createSources(models), ...extras.map((extra) => createExtra(extra, models))];
  const scores = sources.flatMap(({ says }) => Array.from({ length: says }, () => new Scores(log.items)));
  const place = new Int32Array(log.items).fill(-1);
  const candidates = new Int32Array(MOST);
  const features = new Float32Array(MOST * width);
  const barred = new Scores(log.items);

  return ({ past, history }) => {
    let count = 0;
    const take = (item: number) => {
      if (place[item]! >= 0 || count === MOST || barred.values[item] !== 0) return;
      place[item] = count;
      candidates[count++] = item;
    };
    const own = ownItems(past);
    barred.clear();
    for (const { item } of own) {
      if (withoutSeen) barred.add(item, 1);
      else take(item);
    }
    for (const of of scores) of.clear();
    let first = 0;
    for (const { says, ask } of sources) ask(past, scores.slice(first, (first += says)), history);
    for (const of of scores) {
      for (let k = 0; k < barred.count; k++) of.values[barred.touched[k]!] = 0;
      for (const item of of.best(PER_SOURCE)) if (of.values[item]! > 0) take(item);
    }
    for (const list of models.mostPopular) for (const item of list) take(item);
    const chosen = candidates.subarray(0, count);
    features.fill(0, 0, count * width);
    const write = (feature: number, values: Float64Array) => writeScores({ features, width, feature }, chosen, values);
    for (let s = 0; s < RANKED - 2; s++) write(s * EACH, scores[s]!.values);
    write((RANKED - 2) * EACH, popular);
    write((RANKED - 1) * EACH, popularLately);
    extras.forEach((_, e) => write(FEATURES + e * EACH, scores[RANKED - 2 + e]!.values));
    for (const item of own) {
      const row = place[item.item]!;
      if (row >= 0) features.set(ownFeatures(item, past), row * width + RANKED * EACH);
    }
    const neighbours = Math.log1p(scores[4]!.count);
    for (let c = 0; c < count; c++) {
      const item = chosen[c]!;
      const at = c * width + RANKED * EACH + OWN;
      features[at] = Math.log((popularLately[item]! + 1e-6) / (popular[item]! + 1e-6));
      features[at + 1] = Math.log1p(past.baskets);
      features[at + 2] = Math.log1p(past.items.length / Math.max(1, past.baskets));
      features[at + 3] = own.length / Math.max(1, past.items.length);
      features[at + 4] = neighbours;
      place[item] = -1;
    }
    const fallback = models.mostPopular[1].filter((item) => barred.values[item] === 0);
    return { candidates: chosen, features: features.subarray(0, count * width), width, fallback };
  };
}

function writeScores(
  { features, width, feature }: { features: Float32Array; width: number; feature: number },
  candidates: Int32Array,
  values: Float64Array,
): void {
  let top = 0;
  let sum = 0;
  for (const item of candidates) {
    const value = values[item]!;
    if (value > top) top = value;
    if (value > 0) sum += value;
  }
  for (let c = 0; c < candidates.length; c++) {
    const value = values[candidates[c]!]!;
    if (value <= 0) continue;
    const at = c * width + feature;
    features[at] = value / top;
    features[at + 1] = Math.max(0, 1 + Math.log(value / top) / 8);
    features[at + 2] = Math.max(0, 1 + Math.log(value / sum) / 10);
  }
}

function ownFeatures(own: ReturnType<typeof ownItems>[number], past: PastItems): number[] {
  return [
    1,
    Math.log1p(own.times),
    own.times / past.baskets,
    1 / (1 + own.age),
    Math.log(0.05 + own.habit),
    Math.min(4, own.rhythm),
  ];
}

/** Answers into as many scores as it says things of an item. */
interface Source {
  says: number;
  ask(past: PastItems, into: readonly Scores[], except: number): void;
}

/** All but popularity, in the order of SOURCES. */
function createSources(models: Models): Source[] {
  const { log, index } = models;
  const neighbours = createHistoryNeighbours(log, index, [
    { neighbours: 500, decay: 0.4, spread: 0.4 },
    { neighbours: 1500, decay: 0.7, spread: 0.7 },
  ]);
  const alike = createAlikeCustomers(models.customers);
  return [
    byRows(models.together, 0.8),
    byRows(models.next, 0.3),
    byRows(models.next, 0.8),
    byRows(models.regression, 0.8),
    { says: 2, ask: neighbours },
    byRows(models.inBasket, 0.5),
    { says: 1, ask: (past, [into], except) => into && alike(past, into, except) },
    byRows(models.twoSteps, 0.8),
  ];
}

function createExtra(extra: Extra, { viewed, ease }: Models): Source {
  if (extra === "EASE") return ease ? byWeights(ease, 0.6) : SILENT;
  return viewed ? byRows(viewed, 0.8) : SILENT;
}

const SILENT: Source = { says: 1, ask: () => {} };

/** The same over dense rows: an item of the past weighs decay ** age, and what speaks against an item counts too. */
function byWeights({ items, weights }: EaseWeights, decay: number): Source {
  const n = items.length;
  const place = new Map(Array.from(items, (item, at) => [item, at]));
  const sums = new Float64Array(n);
  const ask: Source["ask"] = (past, [into]) => {
    sums.fill(0);
    for (let k = 0; k < past.items.length; k++) {
      const weight = decay ** past.ages[k]!;
      if (weight < 1e-3) break;
      const row = place.get(past.items[k]!);
      if (row === undefined) continue;
      for (let j = 0; j < n; j++) sums[j]! += weight * weights[row * n + j]!;
    }
    for (let j = 0; j < n; j++) if (sums[j]! > 0) into?.add(items[j]!, sums[j]!);
  };
  return { says: 1, ask };
}

/** Sums the rows of the items of the past, an item weighing decay ** age. */
function byRows(rows: SparseRows, decay: number): Source {
  const ask: Source["ask"] = (past, [into]) => {
    for (let k = 0; into && k < past.items.length; k++) {
      const weight = decay ** past.ages[k]!;
      if (weight < 1e-3) break;
      const item = past.items[k]!;
      for (let at = rows.start[item]!; at < rows.start[item + 1]!; at++)
        into.add(rows.columns[at]!, weight * rows.values[at]!);
    }
  };
  return { says: 1, ask };
}
