/** After the simulated instant `from`, shown as `shown`, simulated time runs `speed` times as fast as shown time. */
export type TimelineStretch = { from: number; shown: number; speed: number };

/**
 * Maps simulated milliseconds to the time that webhooks bear. History is shown as it is simulated; live traffic squeezes
 * simulated days into the minutes that really pass.
 */
export function createTimeline(start: number, stretches: readonly TimelineStretch[]) {
  const all: TimelineStretch[] = [{ from: start, shown: start, speed: 1 }, ...stretches];
  return {
    add(stretch: TimelineStretch) {
      all.push(stretch);
    },
    shown(simulated: number): number {
      const stretch = all.findLast(({ from }) => from < simulated) ?? all[0];
      if (!stretch) throw new Error("a timeline has at least one stretch");
      return Math.round(stretch.shown + (simulated - stretch.from) / stretch.speed);
    },
  };
}
