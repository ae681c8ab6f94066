/** `wrongRetryAfter` is a 429 that names a nonsensical wait; `truncated` an answer in JSON that stops halfway. */
export type FaultKind =
  | "rate429"
  | "wrongRetryAfter"
  | "rate500"
  | "timeoutAfterApply"
  | "badBody"
  | "truncated"
  | "partial"
  | "throttledRows"
  | "expiredLink";

/**
 * Shares of requests, 0 to 1; absent: 0. `partial` is the share of batches of which about half the rows fail, `throttledRows` that of
 * batches of which about half the operations are answered 429, `expiredLink` that of links that have run out already.
 */
export interface FaultSettings extends Partial<Record<FaultKind, number>> {
  seed?: number;
  /** How long an answer that will never come is held before the connection is cut, ms. Default 100. */
  holdMillis?: number;
  /** How long a batch of operations takes, ms. Default 50. */
  jobMillis?: number;
}

export interface Faults {
  /** Replaces all settings and starts the sequence again from the seed. A sentence when they make no sense. */
  set(settings: unknown): string | null;
  /** What to do to the next request; at most one thing. */
  next(): (typeof PER_REQUEST)[number] | null;
  /** For one batch: which rows fail. */
  rows(): (() => boolean) | null;
  throttledRows(): (() => boolean) | null;
  expiredLink(): boolean;
  jobMillis(): number;
  holdMillis(): number;
  /** A Retry-After that no caller may believe. */
  wrongRetryAfter(): string;
}

// The first four keep their order: a seed names the same victims as ever.
const PER_REQUEST = ["rate429", "rate500", "timeoutAfterApply", "badBody", "truncated", "wrongRetryAfter"] as const;
const WRONG_RETRY_AFTER = ["31536000", "-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "1e9", "99999999999999999999"];
const SHARES: readonly string[] = [...PER_REQUEST, "partial", "throttledRows", "expiredLink"];
const OTHERS = ["seed", "holdMillis", "jobMillis"];

/** @param injected hears of each fault; of rows once a batch. */
export function createFaults(injected: (kind: FaultKind) => void = () => {}): Faults {
  let settings: FaultSettings = {};
  let random = mulberry32(1);
  /** Draws only where it may happen, so that a seed names the same victims as ever. */
  const happens = (kind: "throttledRows" | "expiredLink"): boolean => {
    const share = settings[kind] ?? 0;
    if (share === 0 || random() >= share) return false;
    injected(kind);
    return true;
  };
  return {
    set(wanted) {
      const problem = complaint(wanted);
      if (problem !== null) return problem;
      settings = wanted as FaultSettings;
      random = mulberry32(settings.seed ?? 1);
      return null;
    },
    next() {
      let draw = random();
      for (const kind of PER_REQUEST) {
        draw -= settings[kind] ?? 0;
        if (draw >= 0) continue;
        injected(kind);
        return kind;
      }
      return null;
    },
    rows() {
      if (random() >= (settings.partial ?? 0)) return null;
      injected("partial");
      return () => random() < 0.5;
    },
    throttledRows() {
      if (!happens("throttledRows")) return null;
      return () => random() < 0.5;
    },
    expiredLink: () => happens("expiredLink"),
    jobMillis: () => settings.jobMillis ?? 50,
    holdMillis: () => settings.holdMillis ?? 100,
    wrongRetryAfter: () => WRONG_RETRY_AFTER[Math.floor(random() * WRONG_RETRY_AFTER.length)] ?? "soon",
  };
}

function complaint(wanted: unknown): string | null {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return "faults are an object";
  for (const [name, value] of Object.entries(wanted)) {
    if (!SHARES.includes(name) && !OTHERS.includes(name)) return `there is no fault named ${name}`;
    if (typeof value !== "number" || !(value >= 0)) return `${name} is a number, 0 or more`;
    if (SHARES.includes(name) && value > 1) return `${name} is a share, 0 to 1`;
  }
  return null;
}

/** Tommy Ettinger's mulberry32: enough for choosing victims, the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
