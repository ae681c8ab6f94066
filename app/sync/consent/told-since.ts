/**
 * How long after it was put down a subscription that we tell may be taken: a call waits for its turn and is looked up before, its answer may
 * be late, Klaviyo works on it after that without saying when it is done, and no two clocks agree.
 */
const TAKEN_WITHIN = "15 minutes";

/**
 * SQL: `raised_until`, until when a subscription that we told may still be taken, and `lowered_at`, when we last told an unsubscribe there;
 * null where we did not. Of what was told again, the last time counts.
 * @param whose SQL that picks rows of `consent_evidence`, which is `e`
 */
export function toldSince(whose: string): string {
  return `SELECT max(e.heard_at) FILTER (WHERE e.state = 'subscribed') + interval '${TAKEN_WITHIN}' AS raised_until,
    max(e.heard_at) FILTER (WHERE e.state = 'unsubscribed') AS lowered_at
  FROM consent_evidence e WHERE e.told AND ${whose}`;
}
