import { startTransition, useCallback, useState } from "react";

/**
 * What opens at a press opens with the first few entries of its list, and the others come once it is seen: all at once would keep a slow
 * machine from answering the press.
 * @returns whether only a few are to be drawn, and what to call when it is opened.
 */
export function useFewFirst(): [fewOnly: boolean, begin: () => void] {
  const [fewOnly, setFewOnly] = useState(true);
  const begin = useCallback(() => {
    setFewOnly(true);
    // What is begun in a frame's callback is done after that frame.
    requestAnimationFrame(() => startTransition(() => setFewOnly(false)));
  }, []);
  return [fewOnly, begin];
}
