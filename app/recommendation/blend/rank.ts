import { best } from "../scores.ts";
import { type Confidence, type Case, confidenceOf } from "./confidence.ts";
import type { Evidence } from "./evidence.ts";
import { type createScorer, toChances } from "./ranking-net.ts";

/** Entries of the two lists that are compared. */
export const COMPARED = 10;

type Score = ReturnType<typeof createScorer>;

export interface Ranked {
  /** Best first. */
  items: Int32Array;
  /** Probability that they beat the fallback for this kind of case, from replay. */
  confidence: number;
  kind: Case;
  fallback: Int32Array;
}

/** The `n` best of the evidence. */
export function rank(score: Score, evidence: Evidence, n: number): { items: Int32Array; lead: number } {
  const { candidates, features, fallback } = evidence;
  const chances = new Float64Array(candidates.length);
  score(features, chances);
  toChances(chances);
  const places = best(Int32Array.from(chances.keys()), chances, Math.max(n, COMPARED));
  let other = 1e-9;
  for (const item of fallback.subarray(0, COMPARED)) other += chances[candidates.indexOf(item)] ?? 0;
  let own = 1e-9;
  for (const place of places.subarray(0, COMPARED)) own += chances[place]!;
  return { items: places.subarray(0, n).map((place) => candidates[place]!), lead: Math.log(own / other) };
}

export function rankWithConfidence(
  score: Score,
  confidence: Confidence,
  evidence: Evidence,
  entries: number,
  n: number,
): Ranked {
  const { items, lead } = rank(score, evidence, n);
  const kind: Case = { lead, entries };
  return { items, kind, confidence: confidenceOf(confidence, kind), fallback: evidence.fallback.subarray(0, n) };
}
