import type { Dictionary } from "../language/dictionary.ts";
import { lengthOf, type SequenceClause } from "../language/tree.ts";
import { compileEvents, countBefore, crossingsOf, type EventsView } from "./events-view.ts";
import type { BindClause } from "./probe.ts";
import type { ShopContext } from "./value-test.ts";

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
    event,
    absent: absent === true,
    within: within ? lengthOf(within) : Infinity,
    bind: compileEvents(event, where, dictionary, context),
  }));
  return (history) => {
    const bound = steps.map((step) => ({ ...step, view: step.bind(history) }));
    const last = bound.at(-1);
    const wait = last?.absent && last.within !== Infinity ? last.within : null;
    const waited = wait === null ? null : crossingsOf(bound.at(-2)?.view.times ?? [], (instant) => instant + wait);

    /** The instants at which the sequence was completed up to `at`; the latest of them alone where one is enough. */
    const completions = (at: number, one: boolean): number[] => {
      let reached: number[] | null = null;
      for (const { view, within, absent } of bound) {
        if (reached?.length === 0) break;
        const times = countingTimes(view, at);
        if (absent) {
          const isDone = (time: number): boolean => staysAbsent(time, times, within, at);
          const done: number[] = reached ?? [];
          if (!one) return done.filter(isDone);
          const latest = done.findLast(isDone);
          return latest === undefined ? [] : [latest];
        }
        const before: number[] | null = reached;
        reached = before === null ? times : times.filter((time) => follows(time, before, within));
      }
      return reached ?? [];
    };
    const holds = (at: number): boolean => completions(at, true).length > 0;
    return {
      holds,
      next: (after) =>
        bound.reduce((first, { view }) => Math.min(first, view.next(after)), waited ? waited(after) : Infinity),
      explain: (at) => {
        const done = completions(at, false);
        const events = done
          .slice(-1)
          .map((instant) => ({ kind: clause.steps.at(-1)?.event ?? "", at: new Date(instant) }));
        return [
          { clause: text, holds: done.length > 0, found: [{ name: "count", value: BigInt(done.length) }], events },
        ];
      },
    };
  };
}

function countingTimes({ times, rangesAt, passes }: EventsView, at: number): number[] {
  const ranges = rangesAt(at);
  if (!passes && ranges.length === 1) return times.slice(ranges[0]?.from, ranges[0]?.to);
  const counting: number[] = [];
  for (const { from, to } of ranges) {
    for (let index = from; index < to; index += 1) {
      const time = times[index];
      if (time !== undefined && (!passes || passes(index, at))) counting.push(time);
    }
  }
  return counting;
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
