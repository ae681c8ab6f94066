import { historyCount, type HistoryLog, pastItems, type PastItems } from "../history-log.ts";
import { Scores } from "../scores.ts";
import { sumIntoRows, transpose, type SparseRows } from "../sparse-rows.ts";

const DECAY = 0.85;
const NEIGHBOURS = 300;
/** Customers looked at for one past, shared by its items, those of the newest histories first. */
const LOOKED = 60_000;

/** Customers as vectors of the items bought, newer baskets weighing more. */
export interface CustomerVectors {
  customers: SparseRows;
  /** The same by item, each value over its customer's length. */
  holders: SparseRows;
}

export function customerVectors(log: HistoryLog): CustomerVectors {
  const count = historyCount(log);
  const customers = sumIntoRows(count, log.items, (add) => {
    for (let history = 0; history < count; history++) {
      const past = pastItems(log, history);
      for (let k = 0; k < past.items.length; k++) add(history, past.items[k]!, DECAY ** past.ages[k]! / past.baskets);
    }
  });
  const lengths = new Float64Array(count);
  for (let history = 0; history < count; history++) {
    let sum = 0;
    for (let k = customers.start[history]!; k < customers.start[history + 1]!; k++) sum += customers.values[k]! ** 2;
    lengths[history] = Math.sqrt(sum);
  }
  const holders = transpose(customers, log.items);
  for (let k = 0; k < holders.values.length; k++) holders.values[k]! /= lengths[holders.columns[k]!]!;
  return { customers, holders };
}

/**
 * Scores items by what the customers nearest by cosine buy (the neighbours of TIFU-KNN, Hu et al. 2020). `except` is a
 * history that is nobody's neighbour.
 */
export function createAlikeCustomers({ customers, holders }: CustomerVectors) {
  const own = new Scores(holders.start.length - 1);
  const likeness = new Scores(customers.start.length - 1);

  return (past: PastItems, into: Scores, except: number): void => {
    own.clear();
    likeness.clear();
    for (let k = 0; k < past.items.length; k++) own.add(past.items[k]!, DECAY ** past.ages[k]!);
    const looked = Math.ceil(LOOKED / Math.max(1, own.count));
    for (let k = 0; k < own.count; k++) {
      const item = own.touched[k]!;
      const to = holders.start[item + 1]!;
      for (let at = Math.max(holders.start[item]!, to - looked); at < to; at++) {
        const customer = holders.columns[at]!;
        if (customer !== except) likeness.add(customer, own.values[item]! * holders.values[at]!);
      }
    }
    for (const customer of likeness.best(NEIGHBOURS)) {
      for (let k = customers.start[customer]!; k < customers.start[customer + 1]!; k++) {
        into.add(customers.columns[k]!, likeness.values[customer]! * customers.values[k]!);
      }
    }
  };
}
