import { namedUuid } from "./delivery.ts";
import type { Delivery } from "./delivery.ts";
import { createRandom } from "./random.ts";

/** Everything twice; every other second copy keeps the webhook id, the rest have a new one and the same event id. */
export function duplicated(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.flatMap((delivery, index) => [delivery, secondCopy(delivery, index % 2 === 0)]);
}

/** All deliveries of all topics in a random order; the same seed gives the same order. */
export function shuffled(deliveries: readonly Delivery[], seed: string): Delivery[] {
  const random = createRandom(`shuffle/${seed}`);
  const mixed = [...deliveries];
  for (let left = mixed.length - 1; left > 0; left--) swap(mixed, left, random.int(0, left));
  return mixed;
}

/**
 * What Shopify does to an ordinary stream now and then: the given share of deliveries comes a second time, another
 * share comes up to 20 places late.
 */
export function unreliable(
  deliveries: readonly Delivery[],
  { seed, twice, late }: { seed: string; twice: number; late: number },
): Delivery[] {
  const random = createRandom(`unreliable/${seed}`);
  const placed = deliveries.flatMap((delivery, index) => {
    const first = { delivery, place: random.chance(late) ? index + random.int(2, 20) : index };
    if (!random.chance(twice)) return [first];
    return [first, { delivery: secondCopy(delivery, random.chance(0.5)), place: index + random.int(1, 20) }];
  });
  return placed.sort((a, b) => a.place - b.place).map(({ delivery }) => delivery);
}

function secondCopy(delivery: Delivery, sameWebhookId: boolean): Delivery {
  if (sameWebhookId) return { ...delivery, repeats: "webhook" };
  return { ...delivery, webhookId: namedUuid(`again/${delivery.webhookId}`), repeats: "event" };
}

function swap<T>(items: T[], a: number, b: number): void {
  [items[a], items[b]] = [items[b] as T, items[a] as T];
}
