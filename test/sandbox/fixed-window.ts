export interface Window {
  /** What is counted together, e.g. account and endpoint. */
  key: string;
  seconds: number;
  limit: number;
}

export type Taken =
  | { outcome: "taken"; remaining: (window: Window) => number; resetSeconds: (window: Window) => number }
  | { outcome: "refused"; retryAfterSeconds: number };

export interface FixedWindows {
  /** Counts one request against every window, or against none when one of them is full. */
  take(windows: Window[]): Taken;
  dump(): WindowsDump;
  load(dump: WindowsDump): void;
}

export type WindowsDump = [name: string, startsAt: number, count: number][];

/** Counters over fixed windows that begin at whole multiples of their length since 1970; `now` in ms. */
export function createFixedWindows(now: () => number): FixedWindows {
  const counters = new Map<string, { startsAt: number; count: number }>();

  function counter(window: Window) {
    const name = `${window.key}/${window.seconds}`;
    const startsAt = Math.floor(now() / (window.seconds * 1000)) * window.seconds * 1000;
    let found = counters.get(name);
    if (found?.startsAt !== startsAt) counters.set(name, (found = { startsAt, count: 0 }));
    return found;
  }
  const resetSeconds = (window: Window) =>
    Math.max(1, Math.ceil((counter(window).startsAt + window.seconds * 1000 - now()) / 1000));

  return {
    take(windows) {
      const full = windows.filter((window) => counter(window).count >= window.limit);
      if (full.length > 0) return { outcome: "refused", retryAfterSeconds: Math.max(...full.map(resetSeconds)) };
      for (const window of windows) counter(window).count += 1;
      return {
        outcome: "taken",
        remaining: (window) => window.limit - counter(window).count,
        resetSeconds,
      };
    },
    dump: () => [...counters].map(([name, { startsAt, count }]) => [name, startsAt, count]),
    load(dump) {
      counters.clear();
      for (const [name, startsAt, count] of dump) counters.set(name, { startsAt, count });
    },
  };
}
