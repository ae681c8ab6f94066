import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FromSandbox, ParsedSandboxOptions } from "../messages.ts";
import { createPixel, type Seen } from "./browser.ts";
import { createDeliverer } from "./deliver.ts";
import type { Delivery } from "./delivery.ts";
import { everSubscribed } from "./ever-subscribed.ts";
import { loadSource } from "./load-source.ts";
import { openProgress } from "./progress-file.ts";
import { createThrottle } from "./throttle.ts";
import type { Traffic } from "./traffic.ts";

export type TrafficDesk = {
  /** Sends the history from where an earlier run stopped, and says `delivered` at its end. */
  deliver(pixelKey: string | null): void;
  /** After that: goes on at the real clock. */
  goLive(ratePerMinute: number): void;
  /** Resolves when no call is under way any more and progress is written. */
  stop(): Promise<void>;
};

/** @throws Error when the source cannot be read */
export async function openTrafficDesk(
  options: ParsedSandboxOptions,
  say: (message: FromSandbox) => void,
): Promise<TrafficDesk> {
  const progress = openProgress(join(options.dataDir, "shopify.json"), options.source);
  const pixel = createPixel(new URL("/pixel", options.appUrl).href);
  let pixelKey: string | null = null;
  const onLive = (seen: Seen): void => {
    if (stage === "live" && pixelKey !== null) pixel.post(pixelKey, [seen]);
  };
  const loaded = await loadSource(progress.source, options.shop, progress.stretches, onLive);
  const { history, summary, asOf, traffic, browsed } = loaded;
  const resumedAt = progress.position();
  let stage: "ready" | "history" | "delivered" | "live" | "stopped" = "ready";
  let running: Promise<void> = Promise.resolve();

  const clock = createThrottle<Date>(50, (at) => say({ type: "clock", at: at.toISOString() }));
  const counter = createThrottle<number | null>(100, (total) => {
    const { sent, acked } = deliverer.books();
    say({ type: "progress", sent: resumedAt + sent, acked: resumedAt + acked, total });
  });
  const deliverer = createDeliverer({
    target: new URL("/webhooks", options.appUrl).href,
    secret: options.apiSecret,
    shop: options.shop,
    ...(options.concurrency && { concurrency: options.concurrency }),
    ...(options.timeScale && { timeScale: options.timeScale }),
    onClock: clock.offer,
  });

  async function run(deliveries: Iterable<Delivery> | AsyncIterable<Delivery>, total: number | null): Promise<void> {
    const from = progress.position();
    await deliverer.run(deliveries, (position) => {
      progress.ended(from + position);
      counter.offer(total);
    });
    clock.flush();
    counter.flush();
  }

  async function deliverHistory(): Promise<void> {
    const latest = latestOf(history.slice(0, resumedAt));
    if (latest) clock.offer(latest);
    await run(history.slice(resumedAt), history.length);
    if (stage === "stopped") return;
    if (asOf && traffic) say({ type: "clock", at: asOf.toISOString() });
    if (pixelKey !== null) await pixel.postAll(pixelKey, browsed);
    stage = "delivered";
    say({
      type: "delivered",
      books: deliverer.books(),
      summary,
      everSubscribed: everSubscribed(history),
      asOf: asOf && asOf.toISOString(),
    });
  }

  async function* liveDeliveries(live: Traffic): AsyncGenerator<Delivery> {
    while (stage === "live") {
      yield* live.until(new Date());
      await pause(100);
    }
  }

  return {
    deliver(key) {
      pixelKey = key;
      if (stage !== "ready") return say({ type: "refused", sentence: "the history was asked for already" });
      stage = "history";
      running = deliverHistory();
    },

    goLive(ratePerMinute) {
      if (!traffic) return say({ type: "refused", sentence: "a replay has no live traffic" });
      if (stage !== "delivered" && stage !== "live") {
        return say({ type: "refused", sentence: "live traffic comes after the history" });
      }
      const first = stage === "delivered";
      stage = "live";
      if (first) skip(traffic, progress.position() - history.length);
      progress.wentLive(traffic.goLive(new Date(), ratePerMinute));
      if (first) running = run(liveDeliveries(traffic), null);
    },

    async stop() {
      stage = "stopped";
      deliverer.stop();
      await running;
      await pixel.settled();
      await deliverer.close();
      progress.close();
    },
  };
}

function latestOf(deliveries: readonly Delivery[]): Date | null {
  return deliveries.reduce<Date | null>((latest, { at }) => (latest && latest > at ? latest : at), null);
}

/** Live deliveries that an earlier run sent are made once more, so that the shop is in the state it was in then. */
function skip(traffic: Traffic, count: number): void {
  if (count <= 0) return;
  let left = count;
  for (const _ of traffic.until(new Date())) {
    left -= 1;
    if (left === 0) return;
  }
}
