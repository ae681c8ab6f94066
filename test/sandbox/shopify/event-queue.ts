export type EventQueue = {
  /** Plans `run` for the instant `at` (milliseconds of simulated time); equal instants run in the order of planning. */
  plan(at: number, run: () => void): void;
  /** When the next event is due; Infinity when none is planned. */
  nextAt(): number;
  /** Takes the next event out and runs it. */
  runNext(): void;
};

type Planned = { at: number; order: number; run: () => void };

/** A binary heap by time. */
export function createEventQueue(): EventQueue {
  const heap: Planned[] = [];
  let planned = 0;
  const earlier = (a: Planned, b: Planned) => a.at < b.at || (a.at === b.at && a.order < b.order);

  const sink = (entry: Planned) => {
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const child = right && left && earlier(right, left) ? right : left;
      if (!child || earlier(entry, child)) break;
      heap[index] = child;
      index = child === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = entry;
  };

  return {
    plan(at, run) {
      const entry = { at, order: planned++, run };
      let index = heap.length;
      for (;;) {
        const parent = (index - 1) >> 1;
        const above = index > 0 ? heap[parent] : undefined;
        if (!above || earlier(above, entry)) break;
        heap[index] = above;
        index = parent;
      }
      heap[index] = entry;
    },
    nextAt: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
    runNext() {
      const first = heap[0];
      const last = heap.pop();
      if (first && last && first !== last) sink(last);
      first?.run();
    },
  };
}
