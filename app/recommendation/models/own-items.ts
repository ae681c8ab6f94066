import type { PastItems } from "../history-log.ts";

/** What a person's own past says about one item of it. */
export interface OwnItem {
  item: number;
  /** Baskets that hold it. */
  times: number;
  /** Baskets since the last one that holds it; 0 for the newest. */
  age: number;
  /** Sum of 0.8 ** age over its baskets: often, and lately. */
  habit: number;
  /** Age over the person's own mean gap between two of its baskets: 1 is due, 0 while there is only one basket. */
  rhythm: number;
}

const DECAY = 0.8;

/** The items of a past, the newest first. */
export function ownItems(past: PastItems): OwnItem[] {
  const byItem = new Map<number, OwnItem & { oldest: number }>();
  for (let k = 0; k < past.items.length; k++) {
    const item = past.items[k]!;
    const age = past.ages[k]!;
    const own = byItem.get(item);
    if (own === undefined) byItem.set(item, { item, times: 1, age, habit: DECAY ** age, rhythm: 0, oldest: age });
    else if (own.oldest !== age) {
      own.times++;
      own.oldest = age;
      own.habit += DECAY ** age;
      own.rhythm = ((own.age + 1) * (own.times - 1)) / (own.oldest - own.age);
    }
  }
  return [...byItem.values()];
}
