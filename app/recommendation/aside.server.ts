import { Worker } from "node:worker_threads";
import type { HistoryLog } from "./history-log.ts";
import { type CountedPairs, countPairsOf } from "./live-counts.ts";
import type { TrainedRanking, TrainingTask } from "./ranker.ts";

/** What a thread of its own does, so that serving goes on meanwhile. */
export type AsideTask = { training: TrainingTask } | { pairsOf: HistoryLog };

/** Entries of a log that are counted sooner than a thread has begun. */
const FEW = 50_000;

/** @throws what the training threw */
export function trainAside(task: TrainingTask): Promise<TrainedRanking> {
  return aside({ training: task });
}

export async function countAside(log: HistoryLog): Promise<CountedPairs> {
  return log.entries.length <= FEW ? countPairsOf(log) : aside({ pairsOf: log });
}

function aside<Result>(task: AsideTask): Promise<Result> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./aside-thread.server.ts", import.meta.url), { workerData: task });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("The thread ended without a result.")));
    thread.unref();
  });
}
