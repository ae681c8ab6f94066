/** A repetition comes after these times, and none after the last. */
const RETRIES_MS = [100, 300, 1_000, 3_000];

/** Calls an address as vendors do: again until it is answered with a 2xx, and then no more. */
export function postHook(url: string, body: string, headers: Record<string, string>): void {
  const attempt = async (retries: readonly number[]): Promise<void> => {
    const status = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(10_000) }).then(
      (response) => response.status,
      () => 0,
    );
    const [wait, ...rest] = retries;
    if ((status >= 200 && status < 300) || wait === undefined) return;
    setTimeout(() => void attempt(rest), wait).unref();
  };
  void attempt(RETRIES_MS);
}
