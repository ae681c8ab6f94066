import { createEvidence, type Question } from "./blend/evidence.ts";
import { learnBlend, type Blend } from "./blend/learn-blend.ts";
import type { Placement } from "./blend/questions-of.ts";
import { scoreRows } from "./blend/ranking-net.ts";
import type { HistoryLog } from "./history-log.ts";
import { trainModels, type Models } from "./models/train-models.ts";
import { best } from "./scores.ts";

/** What a training leaves: typed arrays and figures, no functions. */
export interface TrainedRanking {
  models: Models;
  blend: Blend;
  /** Lists never hold what the past holds. */
  withoutSeen: boolean;
}

/** Learns the blend on a slice of the log, then the models on all of it. The same log gives the same ranking. */
export function trainRanking(log: HistoryLog, placement: Placement, withoutSeen: boolean): TrainedRanking {
  return { blend: learnBlend(log, placement, withoutSeen), models: trainModels(log), withoutSeen };
}

/** The `n` best items for a question, best first. Keeps scratch space: one thread asks one question at a time. */
export function createRanker({
  models,
  blend,
  withoutSeen,
}: TrainedRanking): (question: Question, n: number) => Int32Array {
  const evidence = createEvidence(models, withoutSeen);
  const scores = new Float64Array(models.log.items);
  const places = Int32Array.from(scores.keys());
  return (question, n) => {
    const { candidates, features } = evidence(question);
    scoreRows(blend.net, features, scores);
    return best(places.subarray(0, candidates.length), scores, n).map((place) => candidates[place]!);
  };
}
