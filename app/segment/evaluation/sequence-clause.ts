import type { Dictionary } from "../language/dictionary.ts";
import { lengthOf, type SequenceClause } from "../language/tree.ts";
import { compileEvents, countBefore, type EventsView, firstEdge } from "./events-view.ts";
import type { Bind } from "./probe.ts";
import type { Edge, ShopContext } from "./value-test.ts";

/**
 * Steps one after another: each later than the one before it and, with `within`, at most that much later. A last step that asks
 * for absence holds once its time is over and nothing came; without `within`, while nothing has come.
 */
export function compileSequenceClause(
  clause: SequenceClause,
  text: string,
  dictionary: Dictionary,
  context: ShopContext,
): Bind {
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
    const waited: Edge | null = wait === null ? null : (instant) => instant + wait;
    const beforeLast = bound.at(-2)?.view.times ?? [];

    /** The instants at which the sequence was completed up to `at`. */
    const completions = (at: number): number[] => {
      let reached: number[] | null = null;
      for (const { view, within, absent } of bound) {
        const times = countingTimes(view, at);
        if (absent) return (reached ?? []).filter((time) => staysAbsent(time, times, within, at));
        const before: number[] | null = reached;
        reached = before === null ? times : times.filter((time) => follows(time, before, within));
      }
      return reached ?? [];
    };
    const holds = (at: number): boolean => completions(at).length > 0;
    return {
      holds,
      next: (after) =>
        Math.min(
          ...bound.map(({ view }) => view.next(after)),
          waited ? firstEdge(beforeLast, waited, after) : Infinity,
        ),
      explain: (at) => {
        const done = completions(at);
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
  return rangesAt(at).flatMap(({ from, to }) => {
    const slice = times.slice(from, to);
    return passes ? slice.filter((_time, offset) => passes(from + offset, at)) : slice;
  });
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
