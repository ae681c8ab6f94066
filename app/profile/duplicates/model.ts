import { LEVELS, MISSING, NEAR } from "./compare.ts";
import type { Field } from "./records.ts";

/** A column that another one leans on: once they agree here, they agree there more often than chance has it. */
interface Leaning {
  on: number;
  /** Only for values that are alike and not equal: an address made of a name resembles that of every namesake. */
  alike: boolean;
  /** P(level | two persons, the column leant on agrees exactly). */
  levels: Float64Array;
}

/**
 * Fellegi and Sunter (1969), "A Theory for Record Linkage", with four classes of pairs (after Winkler 1993, "Improved Decision
 * Rules in the Fellegi-Sunter Model"): one person's (m), one person's who moved, whose places agree by chance while the rest agrees as
 * m, two unrelated persons' (u), and two persons' of one house, who share name and address while given name and day of birth
 * agree by chance only (h).
 *
 * Columns that lean on one another (postcode and town, a whole name and its parts) are not counted twice: m and h are
 * conditional on one other column (a tree), u on the one it leans on most among those that agree.
 */
export interface Model {
  /** log(share of all pairs of records that are one person's). */
  prior: number;
  /** The same for one person's at two places. */
  movedPrior: number;
  /** The same for two persons of one house. */
  relatedPrior: number;
  /** P(level | one person, state of the parent column): [column][state: none or missing, differs, agrees][level]. */
  m: Float64Array[][];
  /** P(level | one house, state of the parent); null where it is as between strangers. */
  h: (Float64Array[] | null)[];
  /** The column each column's m and h depend on, -1 for none. */
  parents: Int32Array;
  /** P(level | two persons); that of exactly equal stands for the mean only, each value has its own. */
  u: Float64Array[];
  /** The most telling first. */
  leaning: Leaning[][];
}

/** By level, from MISSING on. */
const INITIAL_M = [0, 0.1, 0.03, 0.05, 0.12, 0.69, 0.01];
const INITIAL_CONTACT_H = [0, 0.75, 0.03, 0.02, 0.02, 0.17, 0.01];

/** Columns that say where somebody is, or are as loose: once one of them changes, all do. */
export function isPlace({ kind }: Field): boolean {
  return kind === "text" || kind === "code";
}

export function initialM(): Float64Array {
  return Float64Array.from(INITIAL_M);
}

/** What two persons of one house have in common before anything is learned. */
export function initialH({ kind }: Field): Float64Array | null {
  if (kind === "given" || kind === "day") return null;
  return Float64Array.from(kind === "email" || kind === "phone" || kind === "name" ? INITIAL_CONTACT_H : INITIAL_M);
}

/** Whether the parent column agrees, differs, or says nothing. */
export function stateOf(levels: Uint8Array, offset: number, parent: number): number {
  if (parent < 0) return 0;
  const level = levels[offset + parent]!;
  if (level === MISSING) return 0;
  return level >= NEAR ? 2 : 1;
}

/** m or h by column, state and level in one array of logarithms. */
export function logTable(states: (Float64Array[] | null)[]): Float64Array {
  const table = new Float64Array(states.length * 3 * LEVELS);
  for (const [column, ofColumn] of states.entries()) {
    for (const [state, levels] of (ofColumn ?? []).entries()) {
      for (let level = 1; level < LEVELS; level += 1) {
        table[(column * 3 + state) * LEVELS + level] = Math.log(levels[level]!);
      }
    }
  }
  return table;
}

export function probability(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
