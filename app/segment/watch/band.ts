/** One day of a segment, on the shop's calendar. */
export interface DayFigures {
  /** Days since 1970-01-01. */
  day: number;
  /** At the end of the day. */
  members: number;
  entered: number;
  left: number;
  /** What a member had spent on average, in minor units; null where nobody looked. */
  value: number | null;
}

export type Measure = "members" | "entered" | "value";

/** What was usual. */
export interface Band {
  low: number;
  middle: number;
  high: number;
}

/** A figure outside of what was usual on its weekday. */
export interface Drift extends Band {
  measure: Measure;
  figure: number;
}

const WEEKS = 8;
const FEWEST_WEEKS = 4;
/**
 * Iglewicz and Hoaglin's cut-off for the modified z-score (How to Detect and Handle Outliers, 1993): a figure is unusual beyond 3.5
 * robust standard deviations from the median. 1.4826 makes the median of absolute deviations one of a normal distribution.
 */
const DEVIATIONS = 3.5;
const MAD_TO_SIGMA = 1.4826;

/** The least spread that is believed: counts are as noisy as Poisson's, averages move by a twentieth. Alike days are no rule. */
const LEAST_SPREAD: Readonly<Record<Measure, (middle: number) => number>> = {
  members: (middle) => Math.max(1, Math.sqrt(middle)),
  entered: (middle) => Math.max(1, Math.sqrt(middle)),
  value: (middle) => Math.abs(middle) / 20,
};

/**
 * Holds a day against the same weekdays of the eight weeks before it: median and median absolute deviation, which up to half of
 * the days being odd themselves cannot move far. Without four such days nothing is said.
 */
export function driftOf(days: readonly DayFigures[], day: number): Drift[] {
  const today = days.find((figures) => figures.day === day);
  if (!today) return [];
  const before = days.filter((figures) => {
    const back = day - figures.day;
    return back > 0 && back <= 7 * WEEKS && back % 7 === 0;
  });
  return (["members", "entered", "value"] as const).flatMap((measure): Drift[] => {
    const figure = today[measure];
    const band = bandOf(
      before.flatMap((figures) => figures[measure] ?? []),
      measure,
    );
    if (figure === null || !band || (figure >= band.low && figure <= band.high)) return [];
    return [{ measure, figure, ...band }];
  });
}

/** What is usual, from what was; null: too little is known. */
export function bandOf(history: readonly number[], measure: Measure): Band | null {
  if (history.length < FEWEST_WEEKS) return null;
  const middle = median(history);
  const mad = median(history.map((figure) => Math.abs(figure - middle)));
  const spread = DEVIATIONS * Math.max(MAD_TO_SIGMA * mad, LEAST_SPREAD[measure](middle));
  return { low: Math.max(0, middle - spread), middle, high: middle + spread };
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** Entries and exits of a segment on one day. */
export interface Moves {
  day: number;
  entered: number;
  left: number;
}

/**
 * The size at the end of each day, worked back from the members now: who came in after it was not in yet, who left after it was.
 * @param moves of these days and of all since
 */
export function daysBack(
  members: number,
  moves: readonly Moves[],
  days: readonly number[],
): Omit<DayFigures, "value">[] {
  const byDay = new Map(moves.map((move) => [move.day, move]));
  return days.map((day) => {
    const after = moves.filter((move) => move.day > day);
    const { entered, left } = byDay.get(day) ?? { entered: 0, left: 0 };
    return { day, members: after.reduce((size, move) => size - move.entered + move.left, members), entered, left };
  });
}
