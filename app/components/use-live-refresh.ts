import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { canReach, setReach, setReached } from "./reach.ts";

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
      setReached(reached, readAt);
      if (!reached) return;
      readAt = new Date();
      latest.current.revalidate();
    };
    const look = (): void => void refresh();
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      ended = true;
      setReach({ since: null });
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [everyMs]);
}
