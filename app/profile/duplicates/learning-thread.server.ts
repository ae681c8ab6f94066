import { parentPort } from "node:worker_threads";
import { COMPARED, reasonsOf } from "./customer-rows.ts";
import { learnDuplicates } from "./find-duplicates.ts";
import type { FoundPairs, ToLearningThread } from "./learn-aside.server.ts";
import { rememberLearned } from "./learned.ts";

// One learning and out: rows come in pages, the likely pairs go back, and the memory they took ends with this thread.
const rows: string[][] = [];
parentPort?.on("message", (message: ToLearningThread) => {
  for (const row of message.rows) rows.push(row);
  if (message.last) parentPort?.postMessage(find(message.from));
});

function find(from: number): FoundPairs {
  const found = learnDuplicates([...COMPARED], rows);
  if (!found) return { pairs: [], learned: null };
  const { duplicates, levels, columns, records } = found;
  const width = records.fields.length;
  const { left, right, size } = duplicates.pairs;
  const pairs: FoundPairs["pairs"] = [];
  for (let pair = 0; pair < size; pair += 1) {
    const probability = duplicates.probabilities[pair] ?? 0;
    if (probability < from) continue;
    const reasons = reasonsOf(columns, levels.subarray(pair * width, (pair + 1) * width));
    pairs.push({ one: left[pair] ?? 0, other: right[pair] ?? 0, probability, reasons });
  }
  return { pairs, learned: rememberLearned(found) };
}
