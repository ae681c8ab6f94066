import { createEvidence, type Question } from "./blend/evidence.ts";
import { type Blend, extrasOf, learnBlend } from "./blend/learn-blend.ts";
import type { Placement } from "./blend/questions-of.ts";
import { type Ranked, rankWithConfidence } from "./blend/rank.ts";
import { createScorer } from "./blend/ranking-net.ts";
import type { HistoryLog } from "./history-log.ts";
import { trainModels, type Models } from "./models/train-models.ts";

/** What a training leaves: typed arrays and figures, no functions. */
export interface TrainedRanking {
  models: Models;
  blend: Blend;
  /** Lists never hold what the past holds. */
  withoutSeen: boolean;
}

/** What a training is given, as it goes to a thread of its own. */
export interface TrainingTask {
  log: HistoryLog;
  placement: Placement;
  withoutSeen: boolean;
  known?: Blend | undefined;
  /** Sessions of visitors, over the same items. */
  views?: HistoryLog | null;
}

/**
 * Learns the blend on a slice of the log, unless it is known already, then the models on all of it. The same log gives the same
 * ranking.
 */
export function trainRanking(
  log: HistoryLog,
  placement: Placement,
  withoutSeen: boolean,
  { known, views = null }: Pick<TrainingTask, "known" | "views"> = {},
): TrainedRanking {
  const blend = known ?? learnBlend(log, placement, withoutSeen, views);
  return { blend, models: trainModels(log, views, extrasOf(blend).includes("EASE")), withoutSeen };
}

/** The `n` best items for a question. Keeps scratch space: one thread asks one question at a time. */
export function createRanker({
  models,
  blend,
  withoutSeen,
}: TrainedRanking): (question: Question, n: number) => Ranked {
  const evidence = createEvidence(models, withoutSeen, extrasOf(blend));
  const score = createScorer(blend.net);
  return (question, n) =>
    rankWithConfidence(score, blend.confidence, evidence(question), question.past.items.length, n);
}
