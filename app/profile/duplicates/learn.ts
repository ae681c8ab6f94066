import type { Pairs } from "./blocking.ts";
import { comparison, DIFFERENT, EXACT, LEVELS, MISSING } from "./compare.ts";
import type { Frequency } from "./frequency.ts";
import { initialH, initialM, isPlace, type Model, probability, stateOf } from "./model.ts";
import { oddsOf, weighing, type Weigh } from "./odds.ts";
import { seeded } from "./random.ts";
import type { Field, Records } from "./records.ts";

/** Pairs with the levels of their columns, one byte each, pair after pair. */
export interface ComparedPairs extends Pairs {
  levels: Uint8Array;
}

export function comparePairs(records: Records, pairs: Pairs): ComparedPairs {
  const compare = comparison(records);
  const width = records.fields.length;
  const levels = new Uint8Array(pairs.size * width);
  for (let at = 0; at < pairs.size; at += 1) compare(pairs.left[at]!, pairs.right[at]!, levels, at * width);
  return { ...pairs, levels };
}

const MOST_IN_EM = 200_000;
const ITERATIONS = 10;
/** Shares that change by less than half a per cent have come to rest. */
const AT_REST = 0.005;
const PSEUDO_PAIRS = 0.5;

/** What is known before anything is learned: one person in five has a second record, columns are independent. */
export function initialModel(records: Records, random: ComparedPairs): Model {
  const width = records.fields.length;
  const model: Model = {
    prior: Math.log(0.4 / records.size),
    movedPrior: Math.log(0.04 / records.size),
    relatedPrior: Math.log(0.1 / records.size),
    h: records.fields.map((field) => tripled(initialH(field))),
    m: records.fields.map(() => [initialM(), initialM(), initialM()]),
    parents: new Int32Array(width).fill(-1),
    u: [],
    leaning: records.fields.map(() => []),
  };
  return { ...model, u: estimateU(random, width, () => 1) };
}

/** P(level | two persons) from random pairs, nearly all of which are two persons'; those of one person weigh as little as they are likely to be two's. */
export function estimateU(random: ComparedPairs, width: number, weightOf: (pair: number) => number): Float64Array[] {
  const found = Array.from({ length: width }, () => new Float64Array(LEVELS));
  for (let pair = 0; pair < random.size; pair += 1) {
    const weight = weightOf(pair);
    if (weight < NEGLIGIBLE) continue;
    for (let column = 0; column < width; column += 1) found[column]![random.levels[pair * width + column]!]! += weight;
  }
  return found.map(smoothed);
}

function smoothed(counts: Float64Array): Float64Array {
  let total = 0;
  for (let level = DIFFERENT; level < LEVELS; level += 1) total += counts[level]! + PSEUDO_PAIRS;
  return counts.map((count, level) => (level === MISSING ? 0 : (count + PSEUDO_PAIRS) / total));
}

/**
 * Expectation-maximisation of m, h and of the shares of matches and of persons of one house over the candidate pairs, u held at
 * what random pairs show: that anchors the classes, so that they cannot change places or melt together. The shares are of
 * all pairs of records, those that blocking never brings together counting as no matches; blocking then does not bias the odds.
 */
export function learnMatches(
  model: Model,
  records: Records,
  frequency: Frequency[],
  person: Int32Array,
  candidates: ComparedPairs,
): Model {
  const step = Math.max(1, Math.ceil(candidates.size / MOST_IN_EM));
  const allPairs = (records.size * (records.size - 1)) / 2;
  const width = records.fields.length;
  let open = Int32Array.from({ length: Math.ceil(candidates.size / step) }, (_, at) => at * step);
  let learned = model;
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const weigh = weighing(records, learned, frequency, person);
    const matches = emptyCounts(width);
    const related = emptyCounts(width);
    let moved = 0;
    let stillOpen = 0;
    for (const pair of open) {
      const offset = pair * width;
      const likelihoods = weigh(candidates.left[pair]!, candidates.right[pair]!, candidates.levels, offset);
      const { match, moved: movedAway, related: ofOneHouse, unrelated } = likelihoods;
      if (Math.max(match, movedAway, ofOneHouse) - unrelated < HOPELESS) continue;
      open[stillOpen] = pair;
      stillOpen += 1;
      const share = probability(oddsOf(likelihoods));
      const rest = (1 - share) * probability(ofOneHouse - unrelated);
      if (share > NEGLIGIBLE) {
        // What agreement of one person's records looks like is learned from those at one place: namesakes would colour the others.
        const away = share * probability(movedAway - match);
        moved += away;
        count(matches, share - away, candidates.levels, offset, learned.parents);
      }
      if (rest > NEGLIGIBLE) count(related, rest, candidates.levels, offset, learned.parents);
    }
    open = open.subarray(0, stillOpen);
    const { prior, movedPrior, relatedPrior } = learned;
    learned = {
      ...learned,
      prior: logShare(matches.total * step, allPairs),
      movedPrior: logShare(moved * step, allPairs),
      relatedPrior: logShare(related.total * step, allPairs),
      m: matches.levels.map((states) => estimateStates(states, initialM())),
      h: related.levels.map((states, column) => estimateH(states, records.fields[column]!, learned.m[column]!)),
    };
    const moves = [prior - learned.prior, movedPrior - learned.movedPrior, relatedPrior - learned.relatedPrior];
    if (moves.every((move) => Math.abs(move) < AT_REST)) break;
  }
  return learned;
}

/** Log odds from which a pair does not come back in the iterations that follow. */
const HOPELESS = -12;
const NEGLIGIBLE = 0.001;

interface Counts {
  total: number;
  /** [column][state of the parent][level] */
  levels: Float64Array[][];
}

function emptyCounts(width: number): Counts {
  return { total: 0, levels: Array.from({ length: width }, () => tripled(new Float64Array(LEVELS))) };
}

function tripled<T extends Float64Array | null>(levels: T): T extends null ? null : Float64Array[];
function tripled(levels: Float64Array | null): Float64Array[] | null {
  return levels && [levels.slice(), levels.slice(), levels.slice()];
}

function count(counts: Counts, share: number, levels: Uint8Array, offset: number, parents: Int32Array): void {
  counts.total += share;
  for (let column = 0; column < parents.length; column += 1) {
    counts.levels[column]![stateOf(levels, offset, parents[column]!)]![levels[offset + column]!]! += share;
  }
}

function logShare(pairs: number, allPairs: number): number {
  return Math.log(Math.min(0.5, Math.max(pairs, 1) / allPairs));
}

/** @param m of the column, as learned so far */
function estimateH(states: Float64Array[], field: Field, m: Float64Array[]): Float64Array[] | null {
  const initial = initialH(field);
  if (initial === null) return null;
  const isShared = field.kind === "family" || isPlace(field);
  return estimateStates(isShared ? states.map((counts, state) => halfwayTo(m[state]!, counts)) : states, initial);
}

/**
 * Two of one house write down the same name and address, with the slips that one person makes twice. Without that as half of
 * what is known of them the class would drift to neighbours, who share a town and nothing else.
 */
function halfwayTo(m: Float64Array, counts: Float64Array): Float64Array {
  let known = 0;
  for (let level = DIFFERENT; level < LEVELS; level += 1) known += counts[level]!;
  return counts.map((count, level) => (level === MISSING ? count : count + known * m[level]!));
}

/** A state of the parent with few pairs falls back on what holds whatever the parent's state. */
function estimateStates(states: Float64Array[], initial: Float64Array): Float64Array[] {
  const together = new Float64Array(LEVELS);
  for (const counts of states) for (let level = 0; level < LEVELS; level += 1) together[level]! += counts[level]!;
  const overall = estimated(together, initial);
  return states.map((counts) => estimated(counts, overall));
}

/** As many pairs as what is expected is worth in an estimate: a column that is empty in nearly all pairs keeps it. */
const EXPECTED_WEIGHT = 4;

/** Levels that are missing do not count. */
function estimated(counts: Float64Array, expected: Float64Array): Float64Array {
  let total = 0;
  for (let level = DIFFERENT; level < LEVELS; level += 1) total += counts[level]!;
  return counts.map((one, level) =>
    level === MISSING ? 0 : (one + EXPECTED_WEIGHT * expected[level]!) / (total + EXPECTED_WEIGHT),
  );
}

/**
 * The columns that each column's m depends on: a tree of greatest mutual information (Chow and Liu 1968, "Approximating
 * Discrete Probability Distributions with Dependence Trees") between agreeing and differing, among pairs of one person.
 */
export function dependenceTree(
  candidates: ComparedPairs,
  width: number,
  isMatch: (pair: number) => boolean,
): Int32Array {
  const joint = new Float64Array(width * width * 4);
  for (let pair = 0; pair < candidates.size; pair += 1) {
    if (!isMatch(pair)) continue;
    for (let one = 0; one < width; one += 1) {
      const state = stateOf(candidates.levels, pair * width, one);
      if (state === 0) continue;
      for (let other = 0; other < one; other += 1) {
        const otherState = stateOf(candidates.levels, pair * width, other);
        if (otherState !== 0) joint[(one * width + other) * 4 + (state - 1) * 2 + otherState - 1]! += 1;
      }
    }
  }
  const links: { one: number; other: number; information: number }[] = [];
  for (let one = 0; one < width; one += 1) {
    for (let other = 0; other < one; other += 1) {
      const information = mutualInformation(joint.subarray((one * width + other) * 4, (one * width + other) * 4 + 4));
      if (information > LEAST_INFORMATION) links.push({ one, other, information });
    }
  }
  return treeOf(width, links);
}

/** Nats; less is what two independent columns show by chance among a hundred pairs. */
const LEAST_INFORMATION = 0.01;

function mutualInformation(cells: Float64Array): number {
  const total = cells[0]! + cells[1]! + cells[2]! + cells[3]!;
  if (total < 50) return 0;
  let information = 0;
  for (let cell = 0; cell < 4; cell += 1) {
    if (cells[cell] === 0) continue;
    const row = cells[cell & 2]! + cells[(cell & 2) + 1]!;
    const column = cells[cell & 1]! + cells[(cell & 1) + 2]!;
    information += (cells[cell]! / total) * Math.log((cells[cell]! * total) / (row * column));
  }
  return information;
}

function treeOf(width: number, links: { one: number; other: number; information: number }[]): Int32Array {
  const neighbours = Array.from({ length: width }, (): number[] => []);
  const root = Int32Array.from({ length: width }, (_, column) => column);
  for (const { one, other } of links.sort((a, b) => b.information - a.information)) {
    if (root[one] === root[other]) continue;
    const [from, to] = [root[other]!, root[one]!];
    for (let column = 0; column < width; column += 1) if (root[column] === from) root[column] = to;
    neighbours[one]!.push(other);
    neighbours[other]!.push(one);
  }
  const parents = new Int32Array(width).fill(-1);
  const visited = new Uint8Array(width);
  const hang = (column: number): void => {
    visited[column] = 1;
    for (const next of neighbours[column]!) {
      if (visited[next] === 1) continue;
      parents[next] = column;
      hang(next);
    }
  };
  for (let column = 0; column < width; column += 1) if (visited[column] === 0) hang(column);
  return parents;
}

/**
 * Which columns agree among two persons because another one does, as towns do where postcodes do: from pairs of two persons
 * drawn among those with the same value of each column. A column leans only on ones before it in the order of how much they
 * tell, so that agreement is never explained in a circle. An e-mail address that is alike and not equal leans on names as well, which
 * lean on an address that is equal only.
 */
export function leanings(
  records: Records,
  person: Int32Array,
  u: Float64Array[],
  seed: number,
  weigh: Weigh | null,
): Model["leaning"] {
  const width = records.fields.length;
  const told = u.map((levels) => levels[EXACT]!);
  const found = records.fields.map((): Model["leaning"][number] => []);
  for (let on = 0; on < width; on += 1) {
    if (weigh === null && TELLING.has(records.fields[on]!.kind)) continue;
    const pairs = comparePairs(records, pairsSharing(records, person, on, seed + on));
    if (pairs.size < 30) continue;
    const given = estimateU(pairs, width, (pair) => unlikeness(weigh, pairs, pair, width));
    for (let column = 0; column < width; column += 1) {
      if (records.fields[column]!.kind === "email" && NAMES.has(records.fields[on]!.kind)) {
        if (weigh !== null) found[column]!.push({ on, levels: given[column]!, alike: true });
        continue;
      }
      if (weigh === null && !REPEATING.has(records.fields[column]!.kind)) continue;
      const before = told[on]! < told[column]! || (told[on] === told[column] && on < column);
      if (!before || given[column]![EXACT]! < 2 * told[column]! || given[column]![EXACT]! < 3 / pairs.size) continue;
      found[column]!.push({ on, levels: given[column]!, alike: false });
    }
  }
  for (const one of found) one.sort((a, b) => b.levels[EXACT]! - a.levels[EXACT]!);
  return found;
}

/** Before anything is known, records that share one of these are one person's more often than not, */
const TELLING: ReadonlySet<string> = new Set(["email", "phone", "day"]);
/** and only these are taken to repeat what another column says. */
const REPEATING: ReadonlySet<string> = new Set(["text", "code", "name"]);

/** Of these many make their address. */
const NAMES: ReadonlySet<string> = new Set(["given", "family", "name"]);

/** How surely a pair is two persons'. */
function unlikeness(weigh: Weigh | null, pairs: ComparedPairs, pair: number, width: number): number {
  if (weigh === null) return 1;
  return 1 - probability(oddsOf(weigh(pairs.left[pair]!, pairs.right[pair]!, pairs.levels, pair * width)));
}

const MOST_SHARING = 4000;

function pairsSharing(records: Records, person: Int32Array, column: number, seed: number): Pairs {
  const { values, counts } = records.fields[column]!;
  const starts = new Int32Array(counts.length + 1);
  for (let value = 0; value < counts.length; value += 1) starts[value + 1] = starts[value]! + counts[value]!;
  const next = starts.slice();
  const members = new Int32Array(records.size);
  for (let record = 0; record < records.size; record += 1) members[next[values[record]!]!++] = record;
  const upTo = new Float64Array(counts.length);
  let total = 0;
  for (let value = 1; value < counts.length; value += 1) upTo[value] = total += counts[value]! * (counts[value]! - 1);
  const draw = seeded(seed);
  const left: number[] = [];
  const right: number[] = [];
  const wanted = total === 0 ? 0 : Math.min(MOST_SHARING, 2 * records.size);
  for (let tries = 0; tries < 2 * wanted && left.length < wanted; tries += 1) {
    const value = firstAbove(upTo, draw() * total);
    const one = members[starts[value]! + Math.floor(draw() * counts[value]!)]!;
    const other = members[starts[value]! + Math.floor(draw() * counts[value]!)]!;
    if (person[one] === person[other]) continue;
    left.push(Math.max(one, other));
    right.push(Math.min(one, other));
  }
  return { left: Int32Array.from(left), right: Int32Array.from(right), size: left.length };
}

function firstAbove(upTo: Float64Array, target: number): number {
  let low = 1;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Pairs of any two records, to learn what agreement by chance looks like. */
export function randomPairs(size: number, seed: number): Pairs {
  const wanted = Math.min(300_000, Math.max(20_000, size * 10));
  const draw = seeded(seed);
  const left = new Int32Array(wanted);
  const right = new Int32Array(wanted);
  for (let at = 0; at < wanted; at += 1) {
    const one = Math.floor(draw() * size);
    const other = (one + 1 + Math.floor(draw() * (size - 1))) % size;
    left[at] = Math.max(one, other);
    right[at] = Math.min(one, other);
  }
  return { left, right, size: wanted };
}
