import { useActionData, useLocation } from "@remix-run/react";
import { useRef } from "react";

/**
 * What the page's last form was answered; undefined: nothing yet. The router forgets that as soon as data is read again, which
 * `useLiveRefresh` does every few seconds. Here it stands until the next form is answered, or another place is gone to.
 */
export function useAnswer<Action>(): ReturnType<typeof useActionData<Action>> {
  // Null stands for a form that got no answer, of which the page says so.
  const answered = useActionData<Action>() ?? undefined;
  // Every form and every step to somewhere has a key of its own, and reading again has that of what is read again.
  const { key } = useLocation();
  const last = useRef({ key, answered });
  if (answered !== undefined) last.current = { key, answered };
  return last.current.key === key ? last.current.answered : undefined;
}
