import type { DeliveredSummary, SandboxSource } from "../messages.ts";
import type { Seen } from "./browser.ts";
import type { Delivery } from "./delivery.ts";
import { replayInvoices } from "./invoices.ts";
import { duplicated, shuffled, unreliable } from "./rearrange.ts";
import type { TimelineStretch } from "./timeline.ts";
import { createTraffic } from "./traffic.ts";
import type { Traffic } from "./traffic.ts";

export type LoadedSource = {
  history: Delivery[];
  summary: DeliveredSummary;
  asOf: Date | null;
  /** What goes on after history; null for a replay. */
  traffic: Traffic | null;
  /** What browsers saw in the last day of the history. */
  browsed: Seen[];
};

/** @throws Error when a replay's file cannot be read as invoices */
export async function loadSource(
  source: SandboxSource,
  domain: string,
  stretches: readonly TimelineStretch[] = [],
  onLive: (seen: Seen) => void = () => {},
): Promise<LoadedSource> {
  return source.kind === "replay" ? loadReplay(source, domain) : loadGenerated(source, domain, stretches, onLive);
}

async function loadReplay(source: SandboxSource & { kind: "replay" }, domain: string): Promise<LoadedSource> {
  const { deliveries, summary } = await replayInvoices(source.file, domain, source.limit);
  const doubled = source.duplicate === true ? duplicated(deliveries) : deliveries;
  const history = source.shuffle === undefined ? doubled : shuffled(doubled, source.shuffle);
  const { asOf, ...counts } = summary;
  return { history, summary: { kind: "replay", ...counts }, asOf, traffic: null, browsed: [] };
}

function loadGenerated(
  source: SandboxSource & { kind: "generated" },
  domain: string,
  stretches: readonly TimelineStretch[],
  onLive: (seen: Seen) => void,
): LoadedSource {
  const { seed, shoppers } = source;
  const end = new Date(source.now);
  const start = new Date(end.getTime() - source.days * 86_400_000);
  const browsed: Seen[] = [];
  // The pixel takes nothing that is older than a day.
  const dayBefore = new Date(end.getTime() - 86_400_000 + 3_600_000).toISOString();
  const onBrowse = (seen: Seen): void => {
    if (seen.at > end.toISOString()) onLive(seen);
    else if (seen.at > dayBefore) browsed.push(seen);
  };
  const traffic = createTraffic({ seed, domain, shoppers, start, end, stretches, onBrowse });
  const history = unreliable([...traffic.until(end)], { seed, twice: 0.02, late: 0.03 });
  const duplicates = history.filter(({ repeats }) => repeats !== undefined).length;
  return {
    history,
    summary: { kind: "generated", deliveries: history.length, duplicates },
    asOf: end,
    traffic,
    browsed,
  };
}
