import { Refused } from "./retry-classes.ts";

/**
 * Sends a batch; one that is refused whole is halved until each culprit is alone.
 * @returns the refusal of every member that was refused by itself. @throws whatever else `send` throws.
 */
export async function bisect<T>(
  batch: readonly T[],
  send: (part: readonly T[]) => Promise<void>,
): Promise<Map<T, Refused>> {
  const refusals = new Map<T, Refused>();
  const parts: (readonly T[])[] = batch.length === 0 ? [] : [batch];
  for (let part = parts.shift(); part; part = parts.shift()) {
    try {
      await send(part);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const [only] = part;
      if (part.length === 1 && only !== undefined) refusals.set(only, error);
      else parts.unshift(part.slice(0, part.length >> 1), part.slice(part.length >> 1));
    }
  }
  return refusals;
}
