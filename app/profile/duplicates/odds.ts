import { DIFFERENT, EXACT, LEVELS, MISSING } from "./compare.ts";
import type { Frequency } from "./frequency.ts";
import { isPlace, logTable, type Model, stateOf } from "./model.ts";
import type { Records } from "./records.ts";

/** The logarithms of how probable it is, by class, to see what two records show. */
export interface Likelihoods {
  /** Times the share of matches. */
  match: number;
  /** One person's, at two places: columns of place agree by chance. */
  moved: number;
  related: number;
  unrelated: number;
}

export type Weigh = (left: number, right: number, levels: Uint8Array, offset: number) => Likelihoods;

/** @returns a function that answers with one object, overwritten by the next call */
export function weighing(records: Records, model: Model, frequency: Frequency[], person: Int32Array): Weigh {
  const width = records.fields.length;
  const logM = logTable(model.m);
  const logH = logTable(model.h);
  const logU = logTable(model.u.map((levels) => [levels]));
  const { parents } = model;
  const places = Uint8Array.from(records.fields, (field) => Number(isPlace(field)));
  const strangers = Uint8Array.from(model.h, (levels) => (levels === null ? 1 : 0));
  const leaningOn = model.leaning.map((ones) => Int32Array.from(ones, ({ on }) => on));
  const leaningAlike = model.leaning.map((ones) => Uint8Array.from(ones, ({ alike }) => Number(alike)));
  const leaningLevels = model.leaning.map((ones) => ones.map(({ levels }) => levels.map(Math.log)));
  const values = records.fields.map((field) => field.values);
  const together = frequency.map((one) => one.together);
  const apart = frequency.map((one) => one.apart);
  const answer = { match: 0, moved: 0, related: 0, unrelated: 0 };
  return (left, right, levels, offset) => {
    const chances = person[left] === person[right] ? together : apart;
    let match = model.prior;
    let moved = model.movedPrior;
    let related = model.relatedPrior;
    let unrelated = 0;
    for (let column = 0; column < width; column += 1) {
      const level = levels[offset + column]!;
      if (level === MISSING) continue;
      const own = level === EXACT ? chances[column]![values[column]![left]!]! : logU[column * 3 * LEVELS + level]!;
      const at = (column * 3 + stateOf(levels, offset, parents[column]!)) * LEVELS + level;
      match += logM[at]!;
      related += strangers[column] === 1 ? own : logH[at]!;
      let among = own;
      const on = leaningOn[column]!;
      let alike = 0;
      for (let one = 0; one < on.length; one += 1) {
        if (levels[offset + on[one]!] !== EXACT) continue;
        const given = leaningLevels[column]![one]![level]!;
        if (leaningAlike[column]![one] === 1) {
          if (level !== EXACT && level !== DIFFERENT) alike += Math.exp(given);
          continue;
        }
        among = level === DIFFERENT || given > own ? given : own;
        break;
      }
      if (alike > 0) among = Math.max(among, Math.log(Math.min(0.9, alike)));
      unrelated += among;
      moved += places[column] === 1 ? among : logM[at]!;
    }
    answer.match = match;
    answer.moved = moved;
    answer.related = related;
    answer.unrelated = unrelated;
    return answer;
  };
}

/** The log odds that two records are one person's. */
export function oddsOf({ match, moved, related, unrelated }: Likelihoods): number {
  return logSum(match, moved) - logSum(related, unrelated);
}

function logSum(one: number, other: number): number {
  const more = Math.max(one, other);
  return more + Math.log1p(Math.exp(Math.min(one, other) - more));
}
