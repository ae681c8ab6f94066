/** The newest event there is, of all shops, and which transactions may still add older ones: those from `oldest` and before `next`. */
export interface EventsEnd {
  last: number;
  oldest: bigint;
  next: bigint;
}

/** Up to where events were read and none can come any more, though transactions commit in another order than ids were given. */
export interface ReadBehind {
  after(): number;
  /** @param end as it was before the events after `after()` were read */
  advance(end: EventsEnd): void;
}

/** Before the first look everything is new. */
export function createReadBehind(): ReadBehind {
  let after = 0;
  /** Once every transaction before `next` has ended, nothing comes any more up to `last`. */
  let waiting: { last: number; next: bigint } | null = null;
  return {
    after: () => after,
    advance({ last, oldest, next }) {
      if (waiting && oldest >= waiting.next) {
        after = waiting.last;
        waiting = null;
      }
      if (oldest === next) after = last;
      else waiting ??= { last, next };
    },
  };
}
