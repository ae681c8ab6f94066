/**
 * Errors that are the retry policy: a call to a vendor either answers or throws one of these, and the class alone says
 * what happens next. Messages hold no address and no token.
 */

/** Nothing is known to be wrong with the request: the same one is worth sending later. It may have been applied. */
export class RetryLater extends Error {
  override name = "RetryLater" as const;
  /** Milliseconds the vendor asked to wait, or null where the caller has to back off by itself. */
  readonly afterMs: number | null;
  /** False when the vendor named the moment or said it was too much at once: being told to wait is not a failed attempt. */
  readonly countsAsAttempt: boolean;

  constructor(reason: string, afterMs: number | null = null, countsAsAttempt = afterMs === null) {
    super(reason);
    this.afterMs = afterMs;
    this.countsAsAttempt = countsAsAttempt;
  }
}

/** The credentials no longer work: nothing is sent to this destination until the merchant has reconnected it. */
export class PauseConnection extends Error {
  override name = "PauseConnection" as const;
  /** What the vendor answered: 401 for the key, 403 for a permission it lacks, 410 for a retired interface; null: it was not asked. */
  readonly status: number | null;

  constructor(reason: string, status: number | null = null) {
    super(reason);
    this.status = status;
  }
}

/**
 * This one audience cannot be kept, above all because it was deleted at the vendor. It is not recreated silently: the merchant may
 * have meant it.
 */
export class PauseAudience extends Error {
  override name = "PauseAudience" as const;
}

/** Who is in an audience is not told: what was acknowledged is all that is known. */
export class CannotRead extends Error {
  override name = "CannotRead" as const;
}

/** The vendor understood the request and will not have it; sent again it would be refused again. */
export class Refused extends Error {
  override name = "Refused" as const;
  readonly status: number;
  /** The parsed body, for the vendor folder to read. May hold addresses. */
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`Refused with HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}
