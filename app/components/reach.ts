import { useSyncExternalStore } from "react";

/** Whoever answers at all would answer a page too. */
const PROBE = "/healthz";
const PROBE_MS = 5_000;

export interface Reach {
  /** When the page that is shown was last known to be so, while the app cannot be reached; null while it can. */
  since: Date | null;
  /** Whether the last form got no answer. */
  unsent: boolean;
}

const WELL: Reach = { since: null, unsent: false };
let reach = WELL;
const listeners = new Set<() => void>();

export function setReach(changed: Partial<Reach>): void {
  const next = { ...reach, ...changed };
  if (next.since === reach.since && next.unsent === reach.unsent) return;
  reach = next;
  for (const listener of listeners) listener();
}

export function useReach(): Reach {
  return useSyncExternalStore(listen, getReach, () => WELL);
}

/** @param readAt as of when the page is. */
export function setReached(reached: boolean, readAt: Date): void {
  setReach({ since: reached ? null : (reach.since ?? readAt) });
}

export async function canReach(): Promise<boolean> {
  try {
    const { status } = await fetch(PROBE, { cache: "no-store", signal: AbortSignal.timeout(PROBE_MS) });
    return status < 500;
  } catch {
    return false;
  }
}

const getReach = (): Reach => reach;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
