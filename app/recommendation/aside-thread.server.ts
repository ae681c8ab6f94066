import { parentPort, workerData } from "node:worker_threads";
import type { AsideTask } from "./aside.server.ts";
import { countPairsOf } from "./live-counts.ts";
import { trainRanking } from "./ranker.ts";

// One task and out: the figures go back to the thread that serves, the memory they took ends with this one.
const task = workerData as AsideTask;
if ("training" in task) {
  const { log, placement, withoutSeen, ...rest } = task.training;
  parentPort?.postMessage(trainRanking(log, placement, withoutSeen, rest));
} else parentPort?.postMessage(countPairsOf(task.pairsOf));
