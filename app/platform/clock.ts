/**
 * Business time: what rules, timers and traits call now. Real time (tokens, leases, back-off, latency) is the system's and
 * never comes from here.
 */
export interface Clock {
  now(): Date;
  /** Calls back whenever time was moved by hand; returns the function that stops it. */
  onMove(listener: () => void): () => void;
}

export interface MovableClock extends Clock {
  /** Moves forward to `at`; an earlier instant changes nothing. */
  advance(at: Date): void;
  /** From here on the clock runs with the system's. */
  release(): void;
}

export const systemClock: Clock = { now: () => new Date(), onMove: () => () => {} };

/** A clock that stands still until it is moved. */
export function createMovableClock(start: Date): MovableClock {
  const listeners = new Set<() => void>();
  let at: Date | null = start;
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    now: () => at ?? new Date(),
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    advance(next) {
      if (!at || next <= at) return;
      at = next;
      tell();
    },
    release() {
      at = null;
      tell();
    },
  };
}
