export interface TokenBuckets {
  /** Takes `count` from the key's bucket; false, and nothing taken, when it does not hold so many. */
  take(key: string, count: number): boolean;
  /** Seconds until the key's bucket holds `count`, 0 when it does. */
  secondsUntil(key: string, count: number): number;
}

/**
 * A bucket for each key that fills with `perSecond` up to `burst`. Keeps at most `most` keys and forgets those that were used least
 * lately, which are full again or soon will be.
 * @param now milliseconds that never go back.
 */
export function createTokenBuckets({
  perSecond,
  burst,
  most = 50_000,
  now = () => performance.now(),
}: {
  perSecond: number;
  burst: number;
  most?: number;
  now?: () => number;
}): TokenBuckets {
  const buckets = new Map<string, { level: number; at: number }>();
  const levelOf = (key: string, at: number): number => {
    const known = buckets.get(key);
    return known ? Math.min(burst, known.level + ((at - known.at) / 1_000) * perSecond) : burst;
  };
  return {
    secondsUntil: (key, count) => Math.max(0, (count - levelOf(key, now())) / perSecond),

    take(key, count) {
      const at = now();
      const level = levelOf(key, at);
      const enough = level >= count;
      // Set anew, so that the map's order is that of use.
      buckets.delete(key);
      buckets.set(key, { level: enough ? level - count : level, at });
      if (buckets.size > most) for (const [oldest] of buckets) if (buckets.delete(oldest)) break;
      return enough;
    },
  };
}

/** The neighbourhood an address is counted with: 256 addresses of IPv4, a site (/48) of IPv6. */
export function addressPrefix(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (v4?.[1]) return v4[1];
  const [head = ""] = address.toLowerCase().split("::", 1);
  const groups = head.split(":").filter((group) => group !== "");
  return [...groups, "0", "0", "0"].slice(0, 3).join(":");
}
