import type { RuleTrials } from "../../jobs/rule-trials.server.ts";
import type { Format } from "../../platform/format.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { speech, t, type Text } from "../../texts/text.ts";
import type { Person } from "../../jobs/people.server.ts";
import type { KnownPast, PastName } from "../../segment/known-past.ts";
import { nameWithin, nameWords } from "../rule/words.ts";

/** A rule, or two, over the past: for each day one figure of each. */
export type BacktestView =
  | { outcome: "refused"; problems: string[] }
  | {
      outcome: "found";
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

export function backtestView(answer: Awaited<ReturnType<RuleTrials["backtest"]>>, format: Format): BacktestView {
  if (answer.outcome !== "found") return refusedView(answer);
  const [first = [], ...others] = answer.runs;
  return {
    outcome: "found",
    unknown: [
      ...unknownOf(answer.past),
      ...(answer.viewsFrom
        ? [
            t("What visitors did before {day} is not kept and counts for nothing.", {
              day: format.day(answer.viewsFrom),
            }),
          ]
        : []),
    ],
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

function unknownOf({ held, sinceChange, sinceChangeOfEach, latest, amended }: KnownPast): string[] {
  return [
    ...(amended ? [t("Orders count as they are now: edited as they stand, cancelled not at all.")] : []),
    ...named("Without a history, so held at the present value: {names}.", held),
    ...named("Known from the last change on, and before it as missing: {names}.", sinceChange),
    ...named(
      "Known of each value from its last change on: {names}. Before it, what was put counts as missing, and what was taken away as there.",
      sinceChangeOfEach,
    ),
    ...named("Known of each cart or channel is the latest alone: {names}.", latest),
  ];
}

function named(sentence: Text, names: readonly PastName[]): string[] {
  const words = names.map(({ name, event }) =>
    event === undefined ? nameWords(name) : `${nameWords(event)}: ${nameWithin(name)}`,
  );
  return words.length === 0 ? [] : [t(sentence, { names: new Intl.ListFormat(speech().language).format(words) })];
}

type Refused = Exclude<Awaited<ReturnType<RuleTrials["backtest"]>>, { outcome: "found" }>;

function refusedView(answer: Refused): { outcome: "refused"; problems: string[] } {
  const problems =
    answer.outcome === "refused"
      ? answer.problems.map(describeProblem)
      : [t("Muster does not know this shop any more.")];
  return { outcome: "refused", problems };
}
