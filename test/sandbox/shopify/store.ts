import type { Seen } from "./browser.ts";
import { namedUuid, triggeredAt } from "./delivery.ts";
import type { Delivery, Topic } from "./delivery.ts";
import { createEventQueue } from "./event-queue.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import type { ShopSettings } from "./shop-facts.ts";
import { createTimeline } from "./timeline.ts";
import type { TimelineStretch } from "./timeline.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What everything that happens in the invented store is made with. */
export type Store = {
  settings: ShopSettings;
  /** Randomness for one purpose; the label names it. */
  random(label: string): Random;
  /** The time records bear: whole seconds, as Shopify keeps them. */
  now(): Date;
  /** Simulated milliseconds; passes faster than `now` in live traffic. */
  simulated(): number;
  /** Plans something `delay` simulated milliseconds from now. */
  later(delay: number, run: () => void): void;
  /** Sends a webhook. Topics with the same `event` share the event id. */
  post(topic: Topic, event: string, payload: () => unknown): void;
  /** Something is seen in a browser, at this moment. */
  browse(seen: Seen): void;
  nextId(kind: keyof typeof FIRST_IDS): number;
};

const FIRST_IDS = {
  customer: 8_100_000_000_000,
  order: 6_300_000_000_000,
  orderNumber: 1001,
  line: 15_800_000_000_000,
  refund: 980_000_000_000,
  refundItem: 710_000_000_000,
  transaction: 7_700_000_000_000,
};

/** The store and its engine: `until` runs events and yields what they sent, in time order, and can be called again. */
export function createStore(options: {
  seed: string;
  settings: ShopSettings;
  start: Date;
  stretches: readonly TimelineStretch[];
  onBrowse?: ((seen: Seen) => void) | undefined;
}) {
  const { seed, settings, start } = options;
  const queue = createEventQueue();
  const timeline = createTimeline(start.getTime(), options.stretches);
  const clockwork = createRandom(`${seed}/webhook delay`);
  const ids = { ...FIRST_IDS };
  const outbox: Delivery[] = [];
  let simulated = start.getTime();
  let lastMicros = 0;
  let posted = 0;

  const store: Store = {
    settings,
    random: (label) => createRandom(`${seed}/${label}`),
    now: () => new Date(Math.floor(timeline.shown(simulated) / 1000) * 1000),
    simulated: () => simulated,
    later: (delay, run) => queue.plan(Math.round((simulated + delay) / 1000) * 1000, run),
    post(topic, event, payload) {
      // Shopify triggers a webhook some tenths of a second after the fact; here never before an earlier one.
      const micros = timeline.shown(simulated) * 1000 + clockwork.int(20_000, 400_000);
      lastMicros = Math.max(micros, lastMicros + 1);
      const at = new Date(Math.floor(lastMicros / 1000));
      posted += 1;
      outbox.push({
        topic,
        webhookId: namedUuid(`${seed}/webhook ${posted}`),
        eventId: namedUuid(`${seed}/event ${event}`),
        triggeredAt: triggeredAt(at, lastMicros % 1000),
        at,
        body: () => JSON.stringify(payload()),
      });
    },
    browse: (seen) => options.onBrowse?.(seen),
    nextId: (kind) => ids[kind]++,
  };

  function* until(limit: Date): Generator<Delivery, void, undefined> {
    for (;;) {
      const first = outbox[0];
      if (first) {
        if (first.at > limit) return;
        outbox.shift();
        yield first;
      } else {
        if (timeline.shown(queue.nextAt()) > limit.getTime()) return;
        simulated = queue.nextAt();
        queue.runNext();
      }
    }
  }

  return { store, until, stretch: timeline.add };
}
