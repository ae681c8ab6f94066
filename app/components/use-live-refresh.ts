import { useNavigation, useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** Reads the page's data again every `everyMs` while the tab can be seen, and at once when it is seen again. */
export function useLiveRefresh(everyMs: number): void {
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  // What is on its way reads everything anyway, and would have to begin again.
  const moving = useRef(false);
  moving.current = useNavigation().state !== "idle";
  useEffect(() => {
    const refresh = (): void => {
      const isFree = latest.current.state === "idle" && !moving.current;
      if (document.visibilityState === "visible" && isFree) latest.current.revalidate();
    };
    const timer = setInterval(refresh, everyMs);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [everyMs]);
}
