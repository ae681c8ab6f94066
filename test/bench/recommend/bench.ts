import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createRanker, trainRanking } from "../../../app/recommendation/ranker.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { readDataSet } from "./datasets.ts";
import { keepReliability } from "./reliability.ts";
import { measure } from "./measure.ts";

/** Muster's ranking, as it serves a shop, and the baselines of the protocol on the same questions. */
export async function* benchRecommend({ options }: BenchOptions): AsyncIterable<Figure> {
  const { protocol, data, freshShare } = readDataSet(options);
  const figures: Figure[] = [];
  const baselines = new Worker(new URL("./baselines-thread.ts", import.meta.url), { workerData: options });
  baselines.on("message", (measured: Figure[]) => figures.push(...measured));
  const done = once(baselines, "exit");

  const startedAt = performance.now();
  const trained = trainRanking(data.train, protocol === "sessions" ? "visit" : "order", data.withoutSeen, {
    views: data.views,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const reliability = keepReliability(createRanker(trained));
  const own = measure(data, "muster", reliability.ask);
  await done;
  yield* figures;
  yield* own;
  const line = (figure: string, value: number, unit: string): Figure => ({
    bench: "recommend",
    method: "muster",
    figure,
    value: Number(value.toFixed(4)),
    unit,
  });
  yield line("training", seconds, "s");
  for (const { source, share } of trained.blend.shares) yield line(`blend: ${source}`, share, "share");
  yield* reliability.table();
  if (freshShare !== undefined) yield line("bought for the first time in the shop", freshShare, "share");
  for (const figure of ["ndcg@10", "mrr@20"]) {
    const peers = figures.filter((one) => one.figure === figure).map((one) => one.value);
    const value = own.find((one) => one.figure === figure)!.value;
    const best = Math.max(...peers);
    yield {
      ...line(`${figure} beside the best baseline`, value, "share"),
      baseline: best,
      ratio: Number((value / best).toFixed(3)),
    };
  }
}
