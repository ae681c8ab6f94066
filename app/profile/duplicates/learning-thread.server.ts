import { parentPort } from "node:worker_threads";
import { COMPARED, customerRow, reasonsOf } from "./customer-rows.ts";
import { learnDuplicates } from "./find-duplicates.ts";
import type { FoundPair, FromLearningThread, ToLearningThread } from "./learn-aside.server.ts";
import { rememberLearned } from "./learned.ts";

const PAIRS_AT_ONCE = 1_000;

// One learning and out: customers come in pages, likely pairs go back in pages, and the memory they took ends with this thread.
const rows: string[][] = [];
parentPort?.on("message", ({ customers, homeCountry, last }: ToLearningThread) => {
  for (const customer of customers) rows.push(customerRow(customer, homeCountry));
  if (last !== null) find(last.from);
});

const tell = (message: FromLearningThread): void => parentPort?.postMessage(message);

function find(from: number): void {
  const found = learnDuplicates([...COMPARED], rows);
  if (!found) return tell({ learned: null });
  const { duplicates, levels, columns, records } = found;
  const width = records.fields.length;
  const { left, right, size } = duplicates.pairs;
  let page: FoundPair[] = [];
  for (let pair = 0; pair < size; pair += 1) {
    const probability = duplicates.probabilities[pair] ?? 0;
    if (probability < from) continue;
    const reasons = reasonsOf(columns, levels.subarray(pair * width, (pair + 1) * width));
    page.push({ one: left[pair] ?? 0, other: right[pair] ?? 0, probability, reasons });
    if (page.length < PAIRS_AT_ONCE) continue;
    tell({ pairs: page });
    page = [];
  }
  tell({ pairs: page });
  tell({ learned: rememberLearned(found) });
}
