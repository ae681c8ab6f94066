import type { HistoryLog, PastItems } from "../../../app/recommendation/history-log.ts";

/** One question with its answer: what came next after this past. */
export interface Question {
  past: PastItems;
  /** Distinct item indexes. An item that the training part does not have can never be found: −1. */
  truth: readonly number[];
  /** The history of the log that is this person's own, −1 for a stranger. */
  history: number;
}

export interface DataSet {
  train: HistoryLog;
  questions: Question[];
  /** Whether what was seen is left out of the lists: the protocol's word, not a choice. */
  withoutSeen: boolean;
  /** Sessions of visitors who bought nothing, over the same items. */
  views: HistoryLog | null;
}
