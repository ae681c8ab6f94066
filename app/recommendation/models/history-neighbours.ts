import { entriesOf, historyCount, type HistoryLog, type PastItems } from "../history-log.ts";
import { Scores } from "../scores.ts";

/** Which entries of the log are of an item, in the order of the log: the newest history last. */
export interface HistoryIndex {
  start: Int32Array;
  histories: Int32Array;
  places: Int32Array;
}

export interface NeighbourSettings {
  neighbours: number;
  /** Entries looked at for one past, shared by its items, the newest histories first. */
  looked: number;
  /** An item of the past weighs decay ** age. */
  decay: number;
  /** An item of a neighbour weighs spread ** (entries between it and the common one). */
  spread: number;
}

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
 * Scores items by the histories most like a past (V-SKNN, Ludewig and Jannach 2018; STAN, Garg et al. 2019): newer and rarer
 * items of the past weigh more, and in a neighbour those near the common one. `except` is a history that is nobody's
 * neighbour, for somebody who is in the log.
 */
export function createHistoryNeighbours(log: HistoryLog, index: HistoryIndex, settings: NeighbourSettings) {
  const count = historyCount(log);
  const likeness = new Scores(count);
  const common = new Int32Array(count);
  const seen = new Scores(log.items);
  const nearness = Float64Array.from({ length: FARTHEST }, (_, distance) => settings.spread ** distance);
  const rarity = (item: number) => Math.log(1 + count / Math.max(1, index.start[item + 1]! - index.start[item]!));

  return (past: PastItems, into: Scores, except: number): void => {
    likeness.clear();
    seen.clear();
    const looked = Math.ceil(settings.looked / Math.min(past.items.length, 8));
    let budget = settings.looked * 3;
    for (let k = 0; k < past.items.length && budget > 0; k++) {
      const item = past.items[k]!;
      if (seen.values[item] !== 0) continue;
      seen.add(item, 1);
      const weight = settings.decay ** past.ages[k]! * rarity(item);
      const to = index.start[item + 1]!;
      const from = Math.max(index.start[item]!, to - looked);
      budget -= to - from;
      let last = except;
      for (let at = to - 1; at >= from; at--) {
        const history = index.histories[at]!;
        if (history === last || history === except) continue;
        last = history;
        if (likeness.values[history] === 0) common[history] = index.places[at]!;
        likeness.add(history, weight);
      }
    }
    for (let k = 0; k < likeness.count; k++) {
      const [from, to] = entriesOf(log, likeness.touched[k]!);
      likeness.values[likeness.touched[k]!]! /= Math.sqrt(to - from);
    }
    for (const history of likeness.best(settings.neighbours)) {
      const [from, to] = entriesOf(log, history);
      const centre = common[history]!;
      const stop = Math.min(to, centre + FARTHEST);
      for (let entry = Math.max(from, centre - FARTHEST + 1); entry < stop; entry++) {
        const near = nearness[Math.abs(entry - centre)]! * (entry < centre ? BEFORE : 1);
        into.add(log.entries[entry]!, likeness.values[history]! * near);
      }
    }
  };
}
