import type { Db } from "../platform/db.server.ts";
import type { Log } from "../platform/log.server.ts";
import {
  addPoint,
  type Backtest,
  backtestsToRun,
  failBacktest,
  finishBacktest,
  readBacktest,
} from "../segment/backtests-store.server.ts";
import { parseText } from "../segment/language/parse-text.ts";
import { backtestRule } from "../segment/preview-store.server.ts";
import { readDictionary } from "../segment/vocabulary-store.server.ts";
import type { ShopId } from "../shopify/shop-id.ts";
import type { Jobs } from "./catalogue.ts";
import type { Queue } from "./queue.ts";

const LOOK_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** Works out rules over the past, whoever looks at them meanwhile. @returns the function that stops the sweep. */
export function startBacktestJobs({ db, queue, log }: { db: Db; queue: Queue<Jobs>; log: Log }): () => void {
  queue.work("backtest", { concurrency: 2 }, async ({ shopId, backtestId }, { signal, last }) => {
    const shop = shopId as ShopId;
    try {
      await runBacktest(db, shop, backtestId, signal);
    } catch (error) {
      // What is only cut off goes on where the process comes back.
      if (last && !signal.aborted) await failBacktest(db, shop, backtestId, new Date());
      throw error;
    }
  });

  async function look(): Promise<void> {
    for (const { shopId, backtestId } of await backtestsToRun(db, new Date())) {
      await queue.ring("backtest", { shopId, backtestId }, { key: backtestId });
    }
  }
  const begin = (): void => void look().catch((error: unknown) => log.warn({ err: error }, "sweep failed"));
  const interval = setInterval(begin, LOOK_EVERY_MS);
  begin();
  return () => clearInterval(interval);
}

/** Goes on where it stands, a point at a time, until it is finished or cancelled. */
async function runBacktest(db: Db, shop: ShopId, id: string, signal: AbortSignal): Promise<void> {
  const backtest = await readBacktest(db, shop, id);
  if (backtest?.state !== "running") return;
  const instants = instantsOf(backtest);
  const words = await readDictionary(db, shop);
  for (let place = backtest.points.length; place < pointsIn(backtest);) {
    const reading = parseText(backtest.texts[Math.floor(place / instants.length)] ?? "", words);
    if (reading.outcome === "refused") throw new Error("A rule that was read once is not read any more.");
    const first = place % instants.length;
    // Who entered is told from who was in at the instant before, which is worked out once more.
    const again = first === 0 ? 0 : 1;
    let worked = 0;
    for await (const point of backtestRule(db, shop, reading.rule, instants.slice(first - again))) {
      signal.throwIfAborted();
      worked += 1;
      if (worked <= again) continue;
      if (!(await addPoint(db, shop, id, place, point))) return;
      place += 1;
    }
  }
  await finishBacktest(db, shop, id, new Date());
}

/** How many points it has in the end. */
export function pointsIn({ texts, days }: Pick<Backtest, "texts" | "days">): number {
  return texts.length * (days + 1);
}

function instantsOf({ endsAt, days }: Backtest): Date[] {
  return Array.from({ length: days + 1 }, (_, index) => new Date(endsAt.getTime() - (days - index) * DAY_MS));
}
