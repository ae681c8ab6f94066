import { countBefore } from "./events-view.ts";
import type { Probe } from "./probe.ts";

/**
 * An answer that is worked out for all of time at once, when it is first asked for.
 * @param follow tells what the answer is from which instant on, in order of time; until then it is no
 */
export function courseOf(follow: (tell: (at: number, holds: boolean) => void) => void): Pick<Probe, "holds" | "next"> {
  let worked: number[] | undefined;
  const flips = (): readonly number[] => {
    if (worked) return worked;
    const found: number[] = [];
    follow((at, holds) => {
      if (holds === (found.length % 2 === 0)) found.push(at);
    });
    return (worked = found);
  };
  return {
    holds: (at) => countBefore(flips(), at + 1) % 2 === 1,
    next: (after) => flips()[countBefore(flips(), after + 1)] ?? Infinity,
  };
}
