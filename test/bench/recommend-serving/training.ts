import process from "node:process";
import { trainRanking } from "../../../app/recommendation/ranker.ts";
import { inventLog } from "./invented-shop.ts";

/** A process that trains once and says what it took: on standard output, one line of JSON. Its peak memory is the training's. */
const [products, customers, baskets] = process.argv.slice(2).map(Number) as [number, number, number];
const log = inventLog({ products, customers, baskets });
const before = process.cpuUsage();
const startedAt = performance.now();
const { blend } = trainRanking(log, "order", false);
const { user, system } = process.cpuUsage(before);
const took = { seconds: (performance.now() - startedAt) / 1_000, cpuSeconds: (user + system) / 1e6 };
console.log(JSON.stringify({ ...took, megabytes: process.resourceUsage().maxRSS / 1_024, blend }));
