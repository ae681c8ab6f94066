import type { Column } from "./columns.ts";
import { comparison } from "./compare.ts";
import type { LearnedDuplicates } from "./find-duplicates.ts";
import { chanceOf, countPeople } from "./frequency.ts";
import { type Model, probability } from "./model.ts";
import { oddsOf, weighing } from "./odds.ts";
import { readRecords } from "./records.ts";

export const LEARNED_VERSION = 3;

/** What was learned from a shop's records, as JSON: with it two records are compared at once, without all the others. */
export interface Learned {
  /** What an older release learned otherwise says nothing. */
  version: typeof LEARNED_VERSION;
  columns: (Column | null)[];
  model: {
    prior: number;
    movedPrior: number;
    relatedPrior: number;
    m: number[][][];
    h: (number[][] | null)[];
    parents: number[];
    u: number[][];
    leaning: { on: number; alike: boolean; levels: number[] }[][];
  };
  /** By column. `people`: how many have a value, by the value's hash. */
  values: { known: number; unseen: number; people: Record<string, number> }[];
}

/** What fewer people have is rare, and would point at them. */
const LEAST_PEOPLE = 3;
/** Of a column's values the most frequent: those tell the least, and the rest is rare either way. */
const MOST_VALUES = 5_000;

export function rememberLearned({ columns, records, model, duplicates }: LearnedDuplicates): Learned {
  const lists = (levels: Float64Array[]): number[][] => levels.map((each) => [...each]);
  return {
    version: LEARNED_VERSION,
    columns,
    model: {
      prior: model.prior,
      movedPrior: model.movedPrior,
      relatedPrior: model.relatedPrior,
      m: model.m.map(lists),
      h: model.h.map((states) => states && lists(states)),
      parents: [...model.parents],
      u: lists(model.u),
      leaning: model.leaning.map((ones) => ones.map(({ on, alike, levels }) => ({ on, alike, levels: [...levels] }))),
    },
    values: countPeople(records, duplicates.person).map(({ people, known, unseen }, field) => {
      const texts = records.fields[field]?.texts ?? [];
      const frequent = texts
        .flatMap((text, value) => ((people[value] ?? 0) >= LEAST_PEOPLE ? [{ text, count: people[value] ?? 0 }] : []))
        .sort((a, b) => b.count - a.count)
        .slice(0, MOST_VALUES);
      return { known, unseen, people: Object.fromEntries(frequent.map(({ text, count }) => [hashOf(text), count])) };
    }),
  };
}

export interface Compared {
  probability: number;
  /** By column as learned, without those that say nothing. */
  levels: Uint8Array;
}

/**
 * Compares any two of the rows as those that were learned from were compared.
 * @param rows with the same columns as those
 */
export function compareLearned(learned: Learned, rows: string[][]): (one: number, other: number) => Compared {
  const records = readRecords(learned.columns, rows);
  const alone = Int32Array.from({ length: records.size }, (_, record) => record);
  const frequency = records.fields.map(({ texts }, field) => {
    const counts = learned.values[field] ?? { known: 1, unseen: 1, people: {} };
    const chances = Float32Array.from(texts, (text) => chanceOf((counts.people[hashOf(text)] ?? 1) - 1, counts));
    return { together: chances, apart: chances };
  });
  const weigh = weighing(records, modelOf(learned), frequency, alone);
  const compare = comparison(records);
  return (one, other) => {
    const levels = new Uint8Array(records.fields.length);
    compare(one, other, levels, 0);
    return { probability: probability(oddsOf(weigh(one, other, levels, 0))), levels };
  };
}

function modelOf({ model }: Learned): Model {
  const arrays = (lists: number[][]): Float64Array[] => lists.map((each) => Float64Array.from(each));
  return {
    ...model,
    m: model.m.map(arrays),
    h: model.h.map((states) => states && arrays(states)),
    parents: Int32Array.from(model.parents),
    u: arrays(model.u),
    leaning: model.leaning.map((ones) =>
      ones.map(({ on, alike, levels }) => ({ on, alike, levels: Float64Array.from(levels) })),
    ),
  };
}

/** FNV-1a of 32 bits: two values that share a hash only seem a little more frequent. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
