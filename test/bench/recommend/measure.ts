import type { Figure } from "../figure.ts";
import type { DataSet, Question } from "./data-set.ts";

/** The best items for a question, best first: at least 20 where the method has that many. */
export type Method = (question: Question) => ArrayLike<number>;

/**
 * Asks a method every question. hr: any of the truth in the list; mrr: one over the place of the first; recall: share of the truth
 * found; ndcg: with the ideal over all of the truth, as "A Next Basket Recommendation Reality Check" (Li et al. 2023) has it;
 * coverage: share of the items of the training part that stand in any list; p95: of one answer.
 */
export function measure(data: DataSet, name: string, method: Method): Figure[] {
  const sums = { "hr@10": 0, "hr@20": 0, "mrr@20": 0, "recall@10": 0, "ndcg@10": 0 };
  const covered = new Set<number>();
  const durations = new Float64Array(data.questions.length);
  data.questions.forEach((question, at) => {
    const startedAt = performance.now();
    const list = Array.from(method(question)).slice(0, 20);
    durations[at] = performance.now() - startedAt;
    const truth = new Set(question.truth);
    const hits = [...list.keys()].filter((place) => truth.has(list[place]!));
    const early = hits.filter((place) => place < 10);
    sums["hr@10"] += early.length > 0 ? 1 : 0;
    sums["hr@20"] += hits.length > 0 ? 1 : 0;
    sums["mrr@20"] += hits.length > 0 ? 1 / (hits[0]! + 1) : 0;
    sums["recall@10"] += early.length / question.truth.length;
    sums["ndcg@10"] += gain(early) / gain([...question.truth.keys()]);
    for (const item of list.slice(0, 10)) covered.add(item);
  });
  const line = (figure: string, value: number, unit: string): Figure => ({
    bench: "recommend",
    method: name,
    figure,
    value: Number(value.toFixed(5)),
    unit,
  });
  return [
    ...Object.entries(sums).map(([figure, sum]) => line(figure, sum / data.questions.length, "share")),
    line("coverage@10", covered.size / new Set(data.train.entries).size, "share"),
    line("p95_ms", durations.sort()[Math.floor(durations.length * 0.95)]!, "ms"),
  ];
}

function gain(places: number[]): number {
  return places.reduce((sum, place) => sum + 1 / Math.log2(place + 2), 0);
}
