import { useNavigation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** Closes a dialog once the form in it was answered. @returns whether it is being sent */
export function useCloseWhenSent(open: boolean, onClose: () => void): boolean {
  const { state } = useNavigation();
  const close = useRef(onClose);
  close.current = onClose;
  const was = useRef(state);
  useEffect(() => {
    if (open && was.current !== "idle" && state === "idle") close.current();
    was.current = state;
  }, [open, state]);
  return state !== "idle";
}
