import type { HistoryLog } from "../history-log.ts";
import { isSmallCatalogue } from "../models/ease.ts";
import { trainModels } from "../models/train-models.ts";
import { type Case, type Confidence, type Contest, contest, learnConfidence } from "./confidence.ts";
import { isPlainlyLess } from "./is-plainly-less.ts";
import { createEvidence, type Evidence, type Extra, SOURCES, sourceOf, widthWith } from "./evidence.ts";
import { learnPlaceWeights, type PlaceWeights } from "./place-weights.ts";
import { questionsOf, type AnsweredQuestion, type Placement } from "./questions-of.ts";
import { COMPARED, rank } from "./rank.ts";
import {
  createScorer,
  learnRanking,
  lossOf,
  type RankingExample,
  type RankingNet,
  seededRandom,
} from "./ranking-net.ts";

export interface Blend {
  net: RankingNet;
  /** Sources it listens to beside those that every shop has; not told by older trainings. */
  extras?: readonly Extra[];
  /** Of each source, how much worse the ranking of the slice's questions is without it: shares that add up to 1. */
  shares: { source: string; share: number }[];
  /** What the sources of other lists than customers' count; not told by older trainings, nor while too little is known of visits. */
  places?: PlaceWeights;
  /** Questions the weights were learned from. */
  learnedFrom: number;
  confidence: Confidence;
  /** How the list did on the questions nobody had learned from; not told by older trainings. */
  quality?: Quality;
}

/** What a blend listens to beside what every shop has. Older trainings knew of views alone, and told it by their width. */
export function extrasOf({ extras, net }: Blend): readonly Extra[] {
  return extras ?? (net.mean.length > widthWith([]) ? ["looked at together"] : []);
}

/** Of replayed purchases: in how many the next one was in the list, and in the popular one; and which of the two did better. */
export interface Quality {
  questions: number;
  hits: number;
  popularHits: number;
  won: number;
  lost: number;
}

/** Questions with an answer among the candidates that are enough, and wrong candidates kept of each. */
const ENOUGH = 8_000;
const WRONG = 100;
/** Questions by which the sources' shares are measured. */
const MEASURED = 500;
/** One question in so many is kept from the net, for the replay. */
const REPLAYED = 6;

/**
 * Learns how much to believe each model from a slice of the log itself, which the models of that time have not seen.
 * @param views sessions of visitors: what they say of products counts as much as the slice shows that it helps
 */
export function learnBlend(
  log: HistoryLog,
  placement: Placement,
  withoutSeen: boolean,
  views: HistoryLog | null = null,
): Blend {
  const { before, questions } = questionsOf(log, placement);
  const withEase = isSmallCatalogue(log);
  const models = trainModels(before, views, withEase);
  const learn = (extras: readonly Extra[]) => {
    const evidence = createEvidence(models, withoutSeen, extras);
    const random = seededRandom(7);
    const examples: RankingExample[] = [];
    const toReplay: AnsweredQuestion[] = [];
    for (let turn = 0; turn < questions.length && examples.length < ENOUGH; turn++) {
      const question = questions[turn]!;
      if (turn % REPLAYED === 0) {
        toReplay.push(question);
        continue;
      }
      const example = exampleOf(evidence(question), question, random);
      if (example !== undefined) examples.push(example);
    }
    return { extras, evidence, random, examples, toReplay, net: learnRanking(examples, widthWith(extras), 1) };
  };
  let chosen = learn(views ? ["looked at together"] : []);
  if (withEase) {
    // Heard only where it is plainly of use to questions that no net has learned from.
    const eased = learn([...chosen.extras, "EASE"]);
    const unseen = eased.toReplay.flatMap((one) => exampleOf(eased.evidence(one), one, eased.random) ?? []);
    const losses = ({ extras, net }: typeof chosen): number[] =>
      narrowed(unseen, extras).map((example) => lossOf(net, [example]));
    if (isPlainlyLess(losses(eased), losses(chosen))) chosen = eased;
  }
  const { net, extras, evidence, examples, toReplay } = chosen;
  const score = createScorer(net);
  const replayed = toReplay.map((question) => replay(score, evidence(question), question));
  return {
    net,
    extras,
    shares: sharesOf(net, examples, extras),
    ...(views &&
      models.viewed && { places: learnPlaceWeights(questions, views, { ...models, viewed: models.viewed }) }),
    learnedFrom: examples.length,
    confidence: learnConfidence(replayed),
    quality: {
      questions: replayed.length,
      hits: replayed.filter(({ hit }) => hit).length,
      popularHits: replayed.filter(({ popularHit }) => popularHit).length,
      won: replayed.filter((one) => one.contest === "won").length,
      lost: replayed.filter((one) => one.contest === "lost").length,
    },
  };
}

/** A question the net has not learned from: would the personal list have beaten the fallback? */
function replay(
  score: ReturnType<typeof createScorer>,
  evidence: Evidence,
  { past, truth }: AnsweredQuestion,
): Case & { contest: Contest; hit: boolean; popularHit: boolean } {
  const { items, lead } = rank(score, evidence, COMPARED);
  const popular = evidence.fallback.subarray(0, COMPARED);
  const right = new Set(truth);
  return {
    lead,
    entries: past.items.length,
    contest: contest(items, popular, right),
    hit: items.some((item) => right.has(item)),
    popularHit: popular.some((item) => right.has(item)),
  };
}

/** Undefined when nothing that is right is among the candidates. */
function exampleOf(evidence: Evidence, { truth }: AnsweredQuestion, random: () => number): RankingExample | undefined {
  const { candidates, features, width } = evidence;
  const right: number[] = [];
  const wrong: number[] = [];
  for (let c = 0; c < candidates.length; c++) (truth.includes(candidates[c]!) ? right : wrong).push(c);
  if (right.length === 0) return undefined;
  const kept = Math.min(WRONG, wrong.length);
  for (let k = 0; k < kept; k++) {
    const other = k + Math.floor(random() * (wrong.length - k));
    [wrong[k], wrong[other]] = [wrong[other]!, wrong[k]!];
  }
  const rows = [...right, ...wrong.slice(0, kept)];
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((c, row) => chosen.set(features.subarray(c * width, (c + 1) * width), row * width));
  return { features: chosen, candidates: rows.length, right: right.length };
}

/** The same without the features of sources that come after those of `extras`. */
function narrowed(examples: readonly RankingExample[], extras: readonly Extra[]): readonly RankingExample[] {
  const width = widthWith(extras);
  return examples.map((example) => {
    const { features, candidates } = example;
    const wide = features.length / candidates;
    if (wide === width) return example;
    const narrow = new Float32Array(candidates * width);
    for (let c = 0; c < candidates; c++) narrow.set(features.subarray(c * wide, c * wide + width), c * width);
    return { ...example, features: narrow };
  });
}

function sharesOf(net: RankingNet, examples: readonly RankingExample[], extras: readonly Extra[]): Blend["shares"] {
  const asked = examples.slice(0, MEASURED);
  const whole = lossOf(net, asked);
  const width = widthWith(extras);
  const all = Array.from({ length: width }, (_, feature) => sourceOf(feature, extras));
  const sources = SOURCES.filter((source) => all.includes(source));
  const worse = sources.map((source) => {
    const mute = all.map((one) => one === source);
    return Math.max(
      0,
      lossOf({ ...net, scale: net.scale.map((scale, feature) => (mute[feature] ? 0 : scale)) }, asked) - whole,
    );
  });
  const sum = worse.reduce((a, b) => a + b, 0) || 1;
  return sources.map((source, s) => ({ source, share: worse[s]! / sum }));
}
