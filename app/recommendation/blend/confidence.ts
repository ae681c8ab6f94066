/** How a personal list did against the fallback for somebody whose next purchase is known. */
export type Contest = "won" | "lost" | "undecided";

/** What kind of case it is, from what is known before the answer. */
export interface Case {
  /** Logarithm of how much likelier the ranking holds a hit in the personal list than one in the fallback. */
  lead: number;
  /** Entries of the past. */
  entries: number;
}

/**
 * Replayed contests by kind of case. Rates are of the decided ones; a kind with few of them leans on all with a similar lead, and
 * those on all there are.
 */
export interface Confidence {
  /** Upper ends of the classes of lead, ascending; the last class has no end. */
  leadEnds: number[];
  /** For each class of lead and, within it, each class of past length. */
  rates: number[];
  /** Decided contests behind each rate; not told by older trainings. */
  decided?: number[];
}

/** What came of really showing lists to people of one kind: of how many the list held what they bought next. */
export interface MeasuredKind {
  lead: number;
  length: number;
  personal: { people: number; hits: number };
  fallback: { people: number; hits: number };
}

const LEADS = 8;
export const LENGTH_ENDS = [1, 3, 9];
const LENGTHS = LENGTH_ENDS.length + 1;
/** Decided contests that a rate's prior counts for. */
const PRIOR = 20;

/** More hits win; with as many, the earlier first hit; without any on either side nothing is decided. */
export function contest(personal: ArrayLike<number>, fallback: ArrayLike<number>, truth: ReadonlySet<number>): Contest {
  const placesOf = (list: ArrayLike<number>) =>
    Array.from({ length: list.length }, (_, k) => k).filter((k) => truth.has(list[k]!));
  const own = placesOf(personal);
  const other = placesOf(fallback);
  if (own.length !== other.length) return own.length > other.length ? "won" : "lost";
  if (own.length === 0 || own[0] === other[0]) return "undecided";
  return own[0]! < other[0]! ? "won" : "lost";
}

/**
 * The probability that the personal list beats the fallback, ties left out, for each kind of case: shrunk means of replayed
 * contests. Nothing replayed gives one half everywhere.
 */
export function learnConfidence(replayed: readonly (Case & { contest: Contest })[]): Confidence {
  const decided = replayed.filter(({ contest: outcome }) => outcome !== "undecided");
  const leads = decided.map(({ lead }) => lead).sort((a, b) => a - b);
  const leadEnds = Array.from(
    { length: LEADS - 1 },
    (_, k) => leads[Math.floor((leads.length * (k + 1)) / LEADS)] ?? 0,
  );
  const shrunk = (cases: typeof decided, prior: number) =>
    (cases.filter(({ contest: outcome }) => outcome === "won").length + PRIOR * prior) / (cases.length + PRIOR);
  const all = shrunk(decided, 0.5);
  const counts: number[] = [];
  const rates = Array.from({ length: LEADS }, (_, lead) => {
    const alike = decided.filter((one) => classOf(one.lead, leadEnds) === lead);
    const rate = shrunk(alike, all);
    return Array.from({ length: LENGTHS }, (_, length) => {
      const cases = alike.filter((one) => classOf(one.entries, LENGTH_ENDS) === length);
      counts.push(cases.length);
      return shrunk(cases, rate);
    });
  });
  return { leadEnds, rates: rates.flat(), decided: counts };
}

/**
 * Replayed and measured results as one: the posterior mean of a Beta distribution whose prior is the replay's. People were drawn into the
 * two arms, so one of each is a contest: the personal list wins where it held the next purchase and the other did not. As many contests
 * count as the smaller arm has people.
 */
export function withMeasured(confidence: Confidence, measured: readonly MeasuredKind[]): Confidence {
  const rates = [...confidence.rates];
  for (const { lead, length, personal, fallback } of measured) {
    const kind = lead * LENGTHS + length;
    const replayed = confidence.rates[kind];
    const contests = Math.min(personal.people, fallback.people);
    if (replayed === undefined || contests === 0) continue;
    const [ours, theirs] = [personal.hits / personal.people, fallback.hits / fallback.people];
    const won = contests * ours * (1 - theirs);
    const lost = contests * theirs * (1 - ours);
    const known = PRIOR + (confidence.decided?.[kind] ?? 0);
    rates[kind] = (replayed * known + won) / (known + won + lost);
  }
  return { ...confidence, rates };
}

/** Between 0 and 1. */
export function confidenceOf({ leadEnds, rates }: Confidence, { lead, entries }: Case): number {
  return rates[classOf(lead, leadEnds) * LENGTHS + classOf(entries, LENGTH_ENDS)]!;
}

function classOf(value: number, ends: readonly number[]): number {
  const found = ends.findIndex((end) => value <= end);
  return found < 0 ? ends.length : found;
}
