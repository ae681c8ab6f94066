import { parentPort, workerData } from "node:worker_threads";
import { baselinesOf } from "./baselines/baselines-of.ts";
import { readDataSet } from "./datasets.ts";
import { measure } from "./measure.ts";

// The baselines are measured beside Muster, on the second core.
const { protocol, data } = readDataSet(workerData as Record<string, string>);
for (const [name, build] of baselinesOf(protocol, data)) parentPort!.postMessage(measure(data, name, build()));
