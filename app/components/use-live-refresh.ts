import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useSyncExternalStore } from "react";

/** Whoever answers at all would answer the page too. */
const PROBE = "/healthz";
const PROBE_MS = 5_000;

/** When the page that is shown was last read although its refreshes fail; null while they work. */
let unreachableSince: Date | null = null;
const listeners = new Set<() => void>();

function setUnreachable(since: Date | null): void {
  if (unreachableSince === since) return;
  unreachableSince = since;
  for (const listener of listeners) listener();
}

/**
 * Reads the page's data again every `everyMs` while the tab can be seen, and at once when it is seen again. While the app cannot be
 * reached the page stays as it is, with what was written on it: a failed reading would put an error in its place.
 */
export function useLiveRefresh(everyMs: number): void {
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  // What is on its way reads everything anyway, and would have to begin again.
  const moving = useRef(false);
  moving.current = useNavigation().state !== "idle";
  useEffect(() => {
    let readAt = new Date();
    let probing = false;
    let ended = false;
    const isFree = (): boolean => latest.current.state === "idle" && !moving.current && !ended;
    const refresh = async (): Promise<void> => {
      if (document.visibilityState !== "visible" || !isFree() || probing) return;
      probing = true;
      const reached = await canReach();
      probing = false;
      if (!isFree()) return;
      setUnreachable(reached ? null : (unreachableSince ?? readAt));
      if (!reached) return;
      readAt = new Date();
      latest.current.revalidate();
    };
    const look = (): void => void refresh();
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      ended = true;
      setUnreachable(null);
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [everyMs]);
}

/** Since when the page has not been refreshed, for it cannot be; null while it can. */
export function useUnreachableSince(): Date | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unreachableSince,
    () => null,
  );
}

async function canReach(): Promise<boolean> {
  try {
    const { status } = await fetch(PROBE, { cache: "no-store", signal: AbortSignal.timeout(PROBE_MS) });
    return status < 500;
  } catch {
    return false;
  }
}
