import { parentPort, workerData } from "node:worker_threads";
import { type TrainingTask, trainRanking } from "./ranker.ts";

// One training and out: the figures go back to the thread that serves, the memory they took ends with this one.
const { log, placement, withoutSeen, known } = workerData as TrainingTask;
parentPort?.postMessage(trainRanking(log, placement, withoutSeen, known));
