/** Passes a value on at most once per interval; the last value is never lost, at the latest `flush` passes it on. */
export function createThrottle<T>(intervalMs: number, pass: (value: T) => void) {
  let waiting: { value: T } | null = null;
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    pass(value);
  };

  return {
    offer(value: T) {
      waiting = { value };
      timer ??= setTimeout(flush, intervalMs);
    },
    flush,
  };
}
