import { entriesOf, historyCount, type HistoryLog, type PastItems } from "../history-log.ts";
import { best, Scores } from "../scores.ts";

/** Which entries of the log are of an item, in the order of the log: the newest history last. */
export interface HistoryIndex {
  start: Int32Array;
  histories: Int32Array;
  places: Int32Array;
}

/** One way to be a neighbour, and to speak as one. */
export interface NeighbourKind {
  neighbours: number;
  /** An item of the past weighs decay ** age. */
  decay: number;
  /** An item of a neighbour weighs spread ** (entries between it and the common one). */
  spread: number;
}

/** Entries looked at for one past, shared by its items, the newest histories first; for a long past three times as many. */
const LOOKED = 16_000;
/** How much less an item of a neighbour counts that stands before the common one. */
const BEFORE = 0.5;
const FARTHEST = 30;

export function indexHistories(log: HistoryLog): HistoryIndex {
  const start = new Int32Array(log.items + 1);
  for (const item of log.entries) start[item + 1]!++;
  for (let item = 0; item < log.items; item++) start[item + 1]! += start[item]!;
  const at = start.slice(0, log.items);
  const histories = new Int32Array(log.entries.length);
  const places = new Int32Array(log.entries.length);
  for (let history = 0; history < historyCount(log); history++) {
    const [from, to] = entriesOf(log, history);
    for (let entry = from; entry < to; entry++) {
      const item = log.entries[entry]!;
      histories[at[item]!] = history;
      places[at[item]!++] = entry;
    }
  }
  return { start, histories, places };
}

/**
 * Scores items by the histories most like a past (V-SKNN, Ludewig and Jannach 2018; STAN, Garg et al. 2019), for each kind by
 * itself: newer and rarer items of the past weigh more, and in a neighbour those near the common one. `except` is a history that is
 * nobody's neighbour, for somebody who is in the log.
 */
export function createHistoryNeighbours(log: HistoryLog, index: HistoryIndex, kinds: readonly NeighbourKind[]) {
  const count = historyCount(log);
  const most = Math.min(count, 4 * LOOKED);
  /** Of a history its place among the found ones, counted from 1; 0 for the others. */
  const placeOf = new Int32Array(count);
  const found = new Int32Array(most);
  const common = new Int32Array(most);
  const everyPlace = Int32Array.from({ length: most }, (_, place) => place);
  /** Places that one item of a past leads to. */
  const visited = new Int32Array(LOOKED);
  const lengths = Float64Array.from({ length: count }, (_, history) => {
    const [from, to] = entriesOf(log, history);
    return Math.sqrt(to - from);
  });
  const likeness = kinds.map(() => new Float64Array(most));
  const nearness = kinds.map(({ spread }) => Float64Array.from({ length: FARTHEST }, (_, far) => spread ** far));
  const seen = new Scores(log.items);
  const rarity = (item: number) => Math.log(1 + count / Math.max(1, index.start[item + 1]! - index.start[item]!));

  const find = (past: PastItems, except: number): number => {
    let places = 0;
    seen.clear();
    const looked = Math.ceil(LOOKED / Math.min(past.items.length, 8));
    let budget = LOOKED * 3;
    for (let k = 0; k < past.items.length && budget > 0; k++) {
      const item = past.items[k]!;
      if (seen.values[item] !== 0) continue;
      seen.add(item, 1);
      const weights = kinds.map(({ decay }) => decay ** past.ages[k]! * rarity(item));
      const to = index.start[item + 1]!;
      const from = Math.max(index.start[item]!, to - looked);
      budget -= to - from;
      let visits = 0;
      let last = except;
      for (let at = to - 1; at >= from; at--) {
        const history = index.histories[at]!;
        if (history === last || history === except) continue;
        last = history;
        if (placeOf[history] === 0) {
          found[places] = history;
          common[places] = index.places[at]!;
          for (const values of likeness) values[places] = 0;
          placeOf[history] = ++places;
        }
        visited[visits++] = placeOf[history]! - 1;
      }
      likeness.forEach((values, kind) => {
        const weight = weights[kind]!;
        for (let visit = 0; visit < visits; visit++) values[visited[visit]!]! += weight;
      });
    }
    for (const values of likeness) {
      for (let place = 0; place < places; place++) values[place]! /= lengths[found[place]!]!;
    }
    for (let place = 0; place < places; place++) placeOf[found[place]!] = 0;
    return places;
  };

  /** @param into the scores of each kind */
  return (past: PastItems, into: readonly Scores[], except: number): void => {
    const all = everyPlace.subarray(0, find(past, except));
    kinds.forEach(({ neighbours }, kind) => {
      const [values, near, scores] = [likeness[kind]!, nearness[kind]!, into[kind]!];
      for (const place of best(all, values, neighbours)) {
        const [from, to] = entriesOf(log, found[place]!);
        const centre = common[place]!;
        const stop = Math.min(to, centre + FARTHEST);
        for (let entry = Math.max(from, centre - FARTHEST + 1); entry < stop; entry++) {
          const distance = entry < centre ? centre - entry : entry - centre;
          scores.add(log.entries[entry]!, values[place]! * near[distance]! * (entry < centre ? BEFORE : 1));
        }
      }
    });
  };
}
