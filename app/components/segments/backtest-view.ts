import type { BacktestAnswer, RuleTrials } from "../../jobs/rule-trials.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { speech, t, type Text } from "../../texts/text.ts";
import type { Person } from "../../jobs/people.server.ts";
import type { Backtest } from "../../segment/backtests-store.server.ts";
import type { PastName } from "../../segment/known-past.ts";
import { nameWithin, nameWords } from "../rule/words.ts";

/** A rule, or two, over the past: nothing yet, how far it is, or for each day one figure of each. */
export type BacktestView =
  | { outcome: "refused"; problems: string[] }
  | { outcome: "nothing" }
  | {
      outcome: "found";
      id: string;
      /** The rules it is of, as they are kept, and whether they are those that were asked about. */
      texts: string[];
      isOfThese: boolean;
      state: "running" | "finished" | "failed";
      percent: number;
      progress: string;
      /** When it was asked for, in words. */
      when: string;
      /** How long it is kept. */
      keptDays: number;
      /** Empty until it is finished. */
      days: { at: string; day: string; short: string; runs: RunView[] }[];
      /** What the rules ask for and the past of which is not known, in sentences. */
      unknown: string[];
    };

export interface RunView {
  members: number;
  shown: string;
  entered: string;
  left: string;
}

/** Who would have entered on a day. */
export type EnteredView =
  { outcome: "refused"; problems: string[] } | { outcome: "found"; people: Person[]; more: string | null };

export function backtestView(answer: BacktestAnswer, format: Format): BacktestView {
  if (answer.outcome === "nothing") return { outcome: "nothing" };
  if (answer.outcome !== "found") return refusedView(answer);
  const { id, texts, isOfThese, state, done, total, askedAt, now, keptDays } = answer;
  const [first = [], ...others] = state === "finished" ? answer.runs : [];
  return {
    outcome: "found",
    id,
    texts,
    isOfThese,
    state,
    percent: Math.round((100 * done) / total),
    progress: t("{done} of {total} days are worked out.", { done: format.number(done), total: format.number(total) }),
    when: format.relative(askedAt, now),
    keptDays,
    unknown: unknownOf(answer.past, format),
    days: first.map(({ at }, index) => ({
      at: at.toISOString(),
      day: format.day(at),
      short: format.shortDay(at),
      runs: [first, ...others].flatMap((run) => {
        const point = run[index];
        if (!point) return [];
        const { members, entered, left } = point;
        return [
          {
            members,
            shown: format.number(members),
            entered: format.number(entered),
            left: format.number(left),
          },
        ];
      }),
    })),
  };
}

export function enteredView(answer: Awaited<ReturnType<RuleTrials["entered"]>>): EnteredView {
  if (answer.outcome !== "found") return refusedView(answer);
  return { outcome: "found", people: answer.people, more: answer.more };
}

function unknownOf(
  { held, sinceChange, sinceChangeOfEach, latest, amended, viewsFrom }: Backtest["past"],
  format: Format,
): string[] {
  return [
    ...(amended ? [t("Orders count as they are now: edited as they stand, cancelled not at all.")] : []),
    ...named("Without a history, so held at the present value: {names}.", held),
    ...named("Known from the last change on, and before it as missing: {names}.", sinceChange),
    ...named(
      "Known of each value from its last change on: {names}. Before it, what was put counts as missing, and what was taken away as there.",
      sinceChangeOfEach,
    ),
    ...named("Known of each cart or channel is the latest alone: {names}.", latest),
    ...(viewsFrom
      ? [t("What visitors did before {day} is not kept and counts for nothing.", { day: format.day(viewsFrom) })]
      : []),
  ];
}

function named(sentence: Text, names: readonly PastName[]): string[] {
  const words = names.map(({ name, event }) =>
    event === undefined ? nameWords(name) : `${nameWords(event)}: ${nameWithin(name)}`,
  );
  return words.length === 0 ? [] : [t(sentence, { names: new Intl.ListFormat(speech().language).format(words) })];
}

type Refused = Exclude<BacktestAnswer, { outcome: "found" | "nothing" }>;

function refusedView(answer: Refused): { outcome: "refused"; problems: string[] } {
  const problems =
    answer.outcome === "refused"
      ? answer.problems.map(describeProblem)
      : [t("Muster does not know this shop any more.")];
  return { outcome: "refused", problems };
}
