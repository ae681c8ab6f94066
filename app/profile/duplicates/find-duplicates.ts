import { candidatePairs, type Pairs } from "./blocking.ts";
import { joinLikely } from "./cluster.ts";
import { type Column, recogniseColumns } from "./columns.ts";
import { comparison } from "./compare.ts";
import { frequencies } from "./frequency.ts";
import {
  comparePairs,
  type ComparedPairs,
  dependenceTree,
  estimateU,
  initialModel,
  leanings,
  learnMatches,
  randomPairs,
} from "./learn.ts";
import { type Model, probability } from "./model.ts";
import { oddsOf, weighing, type Weigh } from "./odds.ts";
import { withoutRepeatedWords } from "./repeated-words.ts";
import { readRecords, type Records } from "./records.ts";

export interface Duplicates {
  pairs: Pairs;
  /** For each pair the probability that it is one person's. */
  probabilities: Float32Array;
  /** For each record its person, numbered without gaps from 0. */
  person: Int32Array;
}

const SEED = 20_260_101;
/** Pairs this sure are taken for one person's while counting how often values occur among persons. */
const SURE = 0.9;
const ROUNDS = 2;

/** Duplicates, and what was learned about the records on the way. */
export interface LearnedDuplicates {
  duplicates: Duplicates;
  /** The levels of the pairs' columns (compare.ts), one byte each, pair after pair. */
  levels: Uint8Array;
  /** For each column given: what was read of it, null for one that says nothing. */
  columns: (Column | null)[];
  records: Records;
  model: Model;
}

/**
 * Which records are one person's. Learns from the records themselves, without labels, and is the same for the same rows.
 * @param columns names of the cells of a row
 */
export function findDuplicates(columns: string[], rows: string[][]): Duplicates {
  return learnDuplicates(columns, rows)?.duplicates ?? nothing(rows.length);
}

/** @returns null where there is nothing to compare. */
export function learnDuplicates(columns: string[], rows: string[][]): LearnedDuplicates | null {
  const recognised = recogniseColumns(columns, rows);
  const records = readRecords(recognised, withoutRepeatedWords(recognised, rows));
  if (records.size < 2 || records.fields.length === 0) return null;
  const candidates = comparePairs(records, candidatePairs(records));
  const random = comparePairs(records, randomPairs(records.size, SEED));
  let person: Int32Array = Int32Array.from({ length: records.size }, (_, record) => record);
  let frequency = frequencies(records, person);
  let model = initialModel(records, random);
  let weigh: Weigh | null = null;
  for (let round = 0; ; round += 1) {
    model = withDependence(model, records, person, candidates, random, weigh);
    model = learnMatches(model, records, frequency, person, candidates);
    weigh = weighing(records, model, frequency, person);
    const probabilities = score(weigh, candidates, records.fields.length);
    const last = round === ROUNDS;
    person = joinLikely(records.size, candidates, probabilities, last ? 0.5 : SURE, probabilityOfAny(records, weigh));
    if (last) {
      const duplicates = { pairs: candidates, probabilities, person };
      return { duplicates, levels: candidates.levels, columns: recognised, records, model };
    }
    frequency = frequencies(records, person);
  }
}

/** What columns have to do with one another, learned with those who are known to be one person kept apart from those who are not. */
function withDependence(
  model: Model,
  records: Records,
  person: Int32Array,
  candidates: ComparedPairs,
  random: ComparedPairs,
  weigh: Weigh | null,
): Model {
  const width = records.fields.length;
  const u = estimateU(random, width, (pair) => (person[random.left[pair]!] === person[random.right[pair]!] ? 0 : 1));
  return {
    ...model,
    u,
    leaning: leanings(records, person, u, SEED, weigh),
    parents: dependenceTree(
      candidates,
      width,
      (pair) => person[candidates.left[pair]!] === person[candidates.right[pair]!],
    ),
  };
}

function score(weigh: Weigh, pairs: ComparedPairs, width: number): Float32Array {
  const probabilities = new Float32Array(pairs.size);
  for (let pair = 0; pair < pairs.size; pair += 1) {
    probabilities[pair] = probability(oddsOf(weigh(pairs.left[pair]!, pairs.right[pair]!, pairs.levels, pair * width)));
  }
  return probabilities;
}

function probabilityOfAny(records: Records, weigh: Weigh): (one: number, other: number) => number {
  const compare = comparison(records);
  const levels = new Uint8Array(records.fields.length);
  return (one, other) => {
    compare(one, other, levels, 0);
    return probability(oddsOf(weigh(one, other, levels, 0)));
  };
}

function nothing(size: number): Duplicates {
  return {
    pairs: { left: new Int32Array(0), right: new Int32Array(0), size: 0 },
    probabilities: new Float32Array(0),
    person: Int32Array.from({ length: size }, (_, record) => record),
  };
}
