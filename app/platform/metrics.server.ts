import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { createQuantileWindow, type Quantiles } from "./quantiles.ts";

/** Takes one measurement in milliseconds. */
export interface Timer {
  observe(milliseconds: number): void;
}

/** One process's figures: `/metrics` serves the registry, the admin's overview reads the quantiles. */
export interface Metrics {
  registry: Registry;
  deliveries: Counter<"outcome">;
  pixel: Counter<"outcome">;
  /** From the first byte of a delivery to its answer. */
  ack: Timer;
  /** From the receipt of a delivery to the committed membership decision it led to. */
  membership: Timer;
  /** From the receipt of a delivery to the vendor's acknowledgement of the change it led to. */
  audience: Timer;
  /** Of the last half hour to hour. */
  latency(): Promise<Record<"ack" | "membership" | "audience", Quantiles | null>>;
}

const WINDOW_MS = 30 * 60_000;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const timer = (name: string, help: string) => {
    const window = createQuantileWindow(WINDOW_MS, () => performance.now());
    const gauge: Gauge<"quantile"> = new Gauge({
      name,
      help,
      labelNames: ["quantile"],
      registers: [],
      collect() {
        const read = window.read();
        gauge.set({ quantile: "0.5" }, read?.p50 ?? NaN);
        gauge.set({ quantile: "0.99" }, read?.p99 ?? NaN);
      },
    });
    registry.registerMetric(gauge);
    return window;
  };
  const ack = timer("muster_ack_milliseconds", "Time to acknowledge a delivery");
  const membership = timer("muster_membership_milliseconds", "Time from receipt to membership decision");
  const audience = timer("muster_audience_milliseconds", "Time from receipt to acknowledged audience change");
  return {
    registry,
    deliveries: new Counter({
      name: "muster_deliveries_total",
      help: "Deliveries at the front door by outcome",
      labelNames: ["outcome"],
      registers: [registry],
    }),
    pixel: new Counter({
      name: "muster_pixel_requests_total",
      help: "Requests of web pixels by outcome",
      labelNames: ["outcome"],
      registers: [registry],
    }),
    ack,
    membership,
    audience,
    latency: () => Promise.resolve({ ack: ack.read(), membership: membership.read(), audience: audience.read() }),
  };
}
