import { findDuplicates } from "../../../app/profile/duplicates/find-duplicates.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { readLabelled } from "./labelled-records.ts";
import { calibration, pairwiseQuality, sameValue } from "./measure.ts";

/** How well likely duplicates are found without labels, on a file that has the truth in it. */
export async function* benchIdentity({ options }: BenchOptions): AsyncIterable<Figure> {
  const { data, drop, truth } = options;
  if (data === undefined) throw new Error("Give --data FILE, a CSV (or .csv.gz) with a column rec_id or cluster.");
  const dropped = (drop ?? "").split(",").map((name) => name.trim());
  const labelled = readLabelled(
    data,
    dropped.filter((name) => name !== ""),
    truth,
  );

  const startedAt = performance.now();
  const duplicates = findDuplicates(labelled.columns, labelled.rows);
  const minutes = (performance.now() - startedAt) / 60_000;

  const quality = pairwiseQuality(duplicates.person, labelled.truth);
  const reliability = calibration(duplicates, labelled.truth);
  yield line("pairwise_precision", quality.precision, "share");
  yield line("pairwise_recall", quality.recall, "share");
  yield { ...line("pairwise_f1", quality.f1, "share"), ...beside(quality.f1, emailBaseline(labelled)) };
  yield line("calibration_error", reliability.error, "probability");
  yield line("calibration_pairs", reliability.pairs, "pairs");
  for (const [at, bin] of reliability.bins.entries()) {
    yield line(`bin ${at + 1}: said`, bin.said, "probability");
    yield line(`bin ${at + 1}: true`, bin.true, "share");
  }
  yield line("candidate_pairs", duplicates.pairs.size, "pairs");
  yield line("records", labelled.rows.length, "records");
  yield line("records_per_minute", Math.round(labelled.rows.length / minutes), "records/min");
}

/** The F1 of joining records with the same e-mail address, where the file has addresses. */
function emailBaseline({ columns, rows, truth }: ReturnType<typeof readLabelled>): number | undefined {
  const column = columns.findIndex((name) => /e-?mail/i.test(name));
  return column < 0 ? undefined : pairwiseQuality(sameValue(rows, column), truth).f1;
}

function beside(value: number, baseline: number | undefined): Partial<Figure> {
  if (baseline === undefined) return {};
  return { baseline: rounded(baseline), ratio: rounded(value / baseline) };
}

function line(figure: string, value: number, unit: string): Figure {
  return { bench: "identity", method: "muster", figure, value: rounded(value), unit };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
