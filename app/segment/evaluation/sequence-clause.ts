import type { Dictionary } from "../language/dictionary.ts";
import { lengthOf, type SequenceClause } from "../language/tree.ts";
import { courseOf } from "./course.ts";
import { compileEvents, countBefore, countingAt, followTurns, turnIn } from "./events-view.ts";
import type { BindClause, ClauseEvidence } from "./probe.ts";
import type { ShopContext } from "./value-test.ts";

interface Step {
  absent: boolean;
  within: number;
}

/**
 * Steps one after another: each later than the one before it and, with `within`, at most that much later. A last step that asks
 * for absence holds once its time is over and nothing came; without `within`, while nothing has come.
 */
export function compileSequenceClause(
  clause: SequenceClause,
  text: string,
  dictionary: Dictionary,
  context: ShopContext,
): BindClause {
  const steps = clause.steps.map(({ event, where, within, absent }) => ({
    absent: absent === true,
    within: within ? lengthOf(within) : Infinity,
    bind: compileEvents(event, where, dictionary, context),
  }));
  const last = steps.at(-1);
  const wait = last?.absent && last.within !== Infinity ? last.within : null;
  return (history) => {
    const views = steps.map(({ bind }) => bind(history));
    const waited = wait === null ? [] : (views.at(-2)?.times ?? []).map((instant) => instant + wait);
    const course = courseOf((tell) => {
      const counting: number[][] = steps.map(() => []);
      followTurns(
        views,
        waited,
        (view, { index, counts }) => turnIn(counting[view] ?? [], views[view]?.times[index] ?? 0, counts),
        (at) => tell(at, completions(steps, counting, at, true).length > 0),
      );
    });
    const explain = (at: number): ClauseEvidence[] => {
      const counting = views.map((view) => countingAt(view, at).map((index) => view.times[index] ?? 0));
      const done = completions(steps, counting, at, false);
      const events = done
        .slice(-1)
        .map((instant) => ({ kind: clause.steps.at(-1)?.event ?? "", at: new Date(instant) }));
      return [{ clause: text, holds: done.length > 0, found: [{ name: "count", value: BigInt(done.length) }], events }];
    };
    return { ...course, explain };
  };
}

/**
 * The instants at which the sequence was completed up to `at`; the latest of them alone where one is enough.
 * @param counting of each step, when the events happened that count at `at`, ascending
 */
function completions(
  steps: readonly Step[],
  counting: readonly (readonly number[])[],
  at: number,
  one: boolean,
): readonly number[] {
  let reached: readonly number[] = counting[0] ?? [];
  for (let place = 1; place < steps.length && reached.length > 0; place += 1) {
    const { absent = false, within = Infinity } = steps[place] ?? {};
    const times = counting[place] ?? [];
    const before = reached;
    const isDone = absent
      ? (time: number) => staysAbsent(time, times, within, at)
      : (time: number) => follows(time, before, within);
    const candidates = absent ? before : times;
    if (!one || place < steps.length - 1) reached = candidates.filter(isDone);
    else {
      const latest = candidates.findLast(isDone);
      reached = latest === undefined ? [] : [latest];
    }
  }
  return reached;
}

/** The latest earlier step is the nearest: if that one is too far away, they all are. */
function follows(time: number, before: readonly number[], within: number): boolean {
  const previous = before[countBefore(before, time) - 1];
  return previous !== undefined && time - previous <= within;
}

function staysAbsent(time: number, others: readonly number[], within: number, at: number): boolean {
  const following = others[countBefore(others, time + 1)];
  const cameInTime = following !== undefined && following - time <= within;
  return !cameInTime && (within === Infinity || at >= time + within);
}
