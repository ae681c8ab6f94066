/** How much has left an audience within a day, and what somebody said about it. */
export interface GuardState {
  /** ISO time at which the day began, and how many were in then. */
  since: string;
  size: number;
  /** People who left since, those who were erased or withdrew consent aside. */
  removed: number;
  /** How many removals beyond the share somebody agreed to. */
  confirmed: number;
  /** So many wait for somebody to agree; null: nobody has to. */
  held: number | null;
}

/** So few may always leave: a share of a small audience says nothing. */
const ALWAYS_ALLOWED = 20;
const DAY_MS = 24 * 3_600_000;

/**
 * Whether those who are to leave may. Within one day no more than the share of who was in at its beginning, unless somebody agreed:
 * a mistaken rule must not empty an audience that somebody is about to write to.
 * @param at.pending who left the segment and is still in; whoever was erased or withdrew consent is never held up
 * @returns how many removals may go out now, all of those that wait or none.
 */
export function guardRemovals(
  state: GuardState | null,
  at: { share: number; size: number; pending: number; now: Date },
): { state: GuardState; allowed: number } {
  const { share, size, pending, now } = at;
  const over = state === null || now.getTime() - Date.parse(state.since) >= DAY_MS;
  const day = over ? { since: now.toISOString(), size, removed: 0, confirmed: 0, held: null } : state;
  const most = Math.max(ALWAYS_ALLOWED, Math.floor(share * day.size)) + day.confirmed;
  if (day.removed + pending > most) return { state: { ...day, held: pending }, allowed: 0 };
  return { state: { ...day, removed: day.removed + pending, held: null }, allowed: pending };
}

/** Somebody agreed to what is held; from now on that many more may leave. */
export function confirmHeld(state: GuardState): GuardState {
  return { ...state, confirmed: state.confirmed + (state.held ?? 0), held: null };
}
