import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** Closes a dialog once what it sent was answered. @returns whether it is being sent */
export function useCloseWhenSent(onClose: () => void): boolean {
  const { state } = useNavigation();
  const close = useRef(onClose);
  close.current = onClose;
  const was = useRef(state);
  useEffect(() => {
    if (was.current !== "idle" && state === "idle") close.current();
    was.current = state;
  }, [state]);
  return state !== "idle";
}
