import { execFile } from "node:child_process";
import process from "node:process";
import { setImmediate as breathe } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Blend } from "../../../app/recommendation/blend/learn-blend.ts";
import { seededRandom } from "../../../app/recommendation/blend/ranking-net.ts";
import { trainRanking } from "../../../app/recommendation/ranker.ts";
import { rulesSchema } from "../../../app/recommendation/rules.ts";
import { emptyHistory, setBaskets, toLog } from "../../../app/recommendation/shop-history.ts";
import { countPairsOf } from "../../../app/recommendation/live-counts.ts";
import { createShopLists, type ShopLists } from "../../../app/recommendation/shop-lists.ts";
import type { Figure } from "../figure.ts";
import type { BenchOptions } from "../main.ts";
import { measureFreshness } from "./freshness.ts";
import { type InventedShop, inventShop } from "./invented-shop.ts";

const FULL = { products: 50_000, customers: 1_000_000, baskets: 1_000_000 };
const QUICK = { products: 10_000, customers: 50_000, baskets: 50_000 };
const A_SECOND = 1_000;
const SECONDS = 10;
const EVENTS = 200;

/** Training on one core, then lists from memory at 1,000 a second, then orders and how long until the lists have them. */
export async function* benchServing({ quick }: BenchOptions): AsyncIterable<Figure> {
  const size = quick ? QUICK : FULL;
  const line = (figure: string, value: number, unit: string): Figure => ({
    bench: "recommend-serving",
    figure,
    value: Number(value.toFixed(3)),
    unit,
  });
  const training = await trainAlone(size);
  yield line("baskets trained on", size.baskets, "baskets");
  yield line("training", training.seconds, "s");
  yield line("training, processor time", training.cpuSeconds, "s");
  yield line("peak memory of the process that trains", training.megabytes, "MB");

  const lists = openLists(inventShop(size), training.blend);
  const { latencies, asked } = await serve(lists, size);
  yield line("products", size.products, "products");
  yield line("customers", size.customers, "customers");
  yield line("served", asked / SECONDS, "lists/s");
  yield line("serving p50", latencies[Math.floor(asked * 0.5)] ?? 0, "ms");
  yield line("serving p99", latencies[Math.floor(asked * 0.99)] ?? 0, "ms");
  yield line("an order in the list beside its product, in memory, worst", worstEvent(lists, size.products), "ms");
  const { orders, views } = await measureFreshness(quick ? 5 : 20);
  yield line("an order in the stored list, from its acknowledgement, median", orders[orders.length >> 1] ?? NaN, "s");
  yield line("an order in the stored list, from its acknowledgement, worst", orders.at(-1) ?? NaN, "s");
  yield line("views in a visitor's list, from their acknowledgement, median", views[views.length >> 1] ?? NaN, "s");
  yield line("views in a visitor's list, from their acknowledgement, worst", views.at(-1) ?? NaN, "s");
}

/** In a process of its own, so that its memory is its own. */
async function trainAlone({ products, customers, baskets }: typeof FULL) {
  const file = fileURLToPath(new URL("./training.ts", import.meta.url));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [file, ...[products, customers, baskets].map(String)], {
    maxBuffer: 2 ** 24,
  });
  const taken = JSON.parse(stdout) as { seconds: number; cpuSeconds: number; megabytes: number; blend: Blend };
  const { mean, scale, linear, weights, bias, out } = taken.blend.net;
  const net = Object.fromEntries(
    Object.entries({ mean, scale, linear, weights, bias, out }).map(([name, values]) => [
      name,
      Float64Array.from(Object.values(values)),
    ]),
  ) as unknown as Blend["net"];
  return { ...taken, blend: { ...taken.blend, net } };
}

function openLists({ products, baskets }: InventedShop, blend: Blend): ShopLists {
  const history = emptyHistory();
  let orders = 0;
  for (const [customer, own] of baskets) {
    const customerId = String(customer);
    const ordered = own.map((items) => ({
      orderId: String(orders++),
      customerId,
      at: new Date(orders * 1_000),
      productIds: items.map(String),
    }));
    setBaskets(history, customerId, ordered);
  }
  const lists = createShopLists(history, countPairsOf(toLog(history).log));
  const week = new Map(products.slice(0, 2_000).map(({ id }, rank) => [id, 2_000 - rank]));
  lists.setSurroundings({
    products,
    rules: rulesSchema.parse({}),
    week,
    threshold: 0.8,
    besideProduct: "goes_with",
    exploration: { share: 0, day: "", trials: new Map() },
    measured: [],
    now: new Date(),
  });
  const { log, historyOf } = toLog(lists.history);
  lists.setTraining(trainRanking(log, "order", false, { known: blend }), historyOf);
  return lists;
}

/**
 * An open loop: a request is due every millisecond, and its latency is from then to its answer, waiting included. Of ten, six are
 * beside a product, two of a visitor who has looked at two products, two of a customer.
 */
async function serve(lists: ShopLists, size: typeof FULL): Promise<{ latencies: Float64Array; asked: number }> {
  const random = seededRandom(5);
  const popular = (): string => String(Math.floor(size.products ** random()) - 1);
  const ask = (turn: number) => {
    if (turn % 10 < 6) return lists.forProduct(popular());
    if (turn % 10 < 8) return lists.forVisitor([popular(), popular()]);
    return lists.forCustomer(String(Math.floor(random() * size.customers)));
  };
  for (let turn = 0; turn < 2_000; turn++) ask(turn);
  const asked = A_SECOND * SECONDS;
  const latencies = new Float64Array(asked);
  const startedAt = performance.now();
  for (let turn = 0; turn < asked;) {
    const due = startedAt + (turn * 1_000) / A_SECOND;
    if (performance.now() < due) {
      // Once, and then it waits without making garbage that the lists' own process would have to pick up.
      await breathe();
      while (performance.now() < due);
    }
    ask(turn);
    latencies[turn++] = performance.now() - due;
  }
  return { latencies: latencies.sort(), asked };
}

function worstEvent(lists: ShopLists, products: number): number {
  let worst = 0;
  for (let k = 0; k < EVENTS; k++) {
    const customerId = `new ${k}`;
    const pair = [String(products - 2 - k), String(products - 300 - k)];
    const startedAt = performance.now();
    for (let buyer = 0; buyer < 3; buyer++) {
      const orderId = `${customerId} ${buyer}`;
      lists.setCustomer(`${customerId} ${buyer}`, [{ orderId, customerId, at: new Date(), productIds: pair }]);
    }
    lists.forProduct(pair[0] ?? "");
    worst = Math.max(worst, performance.now() - startedAt);
  }
  return worst;
}
