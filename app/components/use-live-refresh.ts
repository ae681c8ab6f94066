import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** Reads the page's data again every `everyMs` while the tab can be seen, and at once when it is seen again. */
export function useLiveRefresh(everyMs: number): void {
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  latest.current = revalidator;
  useEffect(() => {
    const refresh = (): void => {
      if (document.visibilityState === "visible" && latest.current.state === "idle") latest.current.revalidate();
    };
    const timer = setInterval(refresh, everyMs);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [everyMs]);
}
