import { Worker } from "node:worker_threads";
import type { TrainedRanking, TrainingTask } from "./ranker.ts";

/** Trains in a thread of its own, so that serving goes on meanwhile. @throws what the training threw. */
export function trainAside(task: TrainingTask): Promise<TrainedRanking> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./training-thread.server.ts", import.meta.url), { workerData: task });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("The training ended without a result.")));
    thread.unref();
  });
}
