/** What an arm did: of each person one amount, 0 for who bought nothing. */
export interface ArmSums {
  people: number;
  /** Whose amount is not 0. */
  buyers: number;
  /** Of the amounts, and of their squares. */
  sum: number;
  squares: number;
}

export type Lift =
  /** 0.1: a tenth more per person than in the arm held out. `low` to `high` holds the true figure 95 times in 100. `above`: the probability that it is above 0. */
  | { outcome: "measured"; lift: number; low: number; high: number; above: number }
  /** With fewer buyers in an arm the interval would be too narrow. */
  | { outcome: "not_enough"; fewest: number; needed: number };

/** Two-sided 95 % of the normal distribution. */
const Z95 = 1.959963984540054;
/** Buyers in each arm from which simulated intervals hold the truth as often as they say (test/recommendation/lift.test.ts). */
export const ENOUGH_BUYERS = 40;

/**
 * By how much the mean of one arm is above the other's: the ratio of means, its interval by the delta method on the logarithm
 * (Casella and Berger, Statistical Inference, 5.5.4), which keeps it above −100 %. People, not visits, are independent of each other, so
 * each counts once.
 */
export function liftOf(treated: ArmSums, heldOut: ArmSums): Lift {
  const fewest = Math.min(treated.buyers, heldOut.buyers);
  const [ours, theirs] = [momentsOf(treated), momentsOf(heldOut)];
  if (fewest < ENOUGH_BUYERS || ours.mean <= 0 || theirs.mean <= 0) {
    return { outcome: "not_enough", fewest, needed: ENOUGH_BUYERS };
  }
  const ratio = Math.log(ours.mean / theirs.mean);
  const error = Math.sqrt(ours.relative + theirs.relative);
  const at = (z: number): number => Math.expm1(ratio + z * error);
  return { outcome: "measured", lift: at(0), low: at(-Z95), high: at(Z95), above: normalShare(ratio / error) };
}

/** The share of the normal distribution below z (Abramowitz and Stegun 26.2.17, to seven places). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}

/** The mean, and the variance of the mean over its square. */
function momentsOf({ people, sum, squares }: ArmSums): { mean: number; relative: number } {
  if (people < 2) return { mean: 0, relative: 0 };
  const mean = sum / people;
  const variance = Math.max(0, (squares - sum * mean) / (people - 1));
  return { mean, relative: variance / people / mean ** 2 };
}
