import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { openDatabase } from "../../../app/platform/db.server.ts";
import type { Figure } from "../figure.ts";
import { databaseServer } from "../database-server.ts";
import type { Load, LoadResult } from "./load.ts";

const SECRET = "a secret of the benchmark";
const METHODS = ["muster", "bare", "stock"] as const;
type Method = (typeof METHODS)[number];
const RATE = 1_000;

/**
 * Acknowledged webhooks a second when each of 64 connections sends as fast as it is answered, and the latency of an open loop of
 * 1,000 a second. Beside Muster's front door stand the least that could do the same (`bare`) and Shopify's own template (`stock`).
 * Rounds of the three are interleaved and every figure is the median of its rounds, so that a slow minute of the machine hits all.
 */
export async function* benchIngest({ quick }: { quick: boolean }): AsyncIterable<Figure> {
  const rounds = quick ? 3 : 5;
  const seconds = quick ? 2 : 6;
  const database = await createDatabase(await databaseServer());
  const servers = new Map<Method, Running>();
  try {
    for (const method of METHODS) servers.set(method, await start(method, database.url));
    const rates: Record<Method, number[]> = { muster: [], bare: [], stock: [] };
    for (const method of METHODS) await measure(servers, method, { seconds: 1, connections: 64, rate: null });
    for (let round = 0; round < rounds; round += 1) {
      for (const method of METHODS) {
        const result = await measure(servers, method, { seconds, connections: 64, rate: null });
        rates[method].push(result.acked / result.seconds);
        await database.empty();
      }
    }
    const muster = median(rates.muster);
    for (const method of METHODS) {
      const value = Math.round(median(rates[method]));
      yield {
        bench: "ingest",
        figure: "acked_per_s",
        method,
        value,
        unit: "1/s",
        baseline: value,
        ratio: round(muster / value),
      };
    }
    const latencies: LoadResult[] = [];
    for (let count = 0; count < rounds; count += 1) {
      latencies.push(await measure(servers, "muster", { seconds: seconds * 2, connections: 128, rate: RATE }));
      await database.empty();
    }
    const of = (read: (result: LoadResult) => number): number => round(median(latencies.map(read)));
    yield {
      bench: "ingest",
      figure: "open_loop_per_s",
      method: "muster",
      value: of((r) => r.acked / r.seconds),
      unit: "1/s",
    };
    yield { bench: "ingest", figure: "ack_p50_ms", method: "muster", value: of((r) => r.p50), unit: "ms" };
    yield { bench: "ingest", figure: "ack_p99_ms", method: "muster", value: of((r) => r.p99), unit: "ms" };
  } finally {
    for (const { child } of servers.values()) child.kill("SIGKILL");
    await database.drop();
  }
}

interface Running {
  child: ChildProcess;
  port: number;
}

async function start(method: Method, databaseUrl: string): Promise<Running> {
  const file = fileURLToPath(new URL(`./${method}-server.ts`, import.meta.url));
  const child = fork(file, [JSON.stringify({ databaseUrl, secret: SECRET })], { execArgv: [] });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The server "${method}" did not start.`);
  });
  const [{ port }] = (await Promise.race([once(child, "message"), ended])) as [{ port: number }];
  ended.catch(() => {});
  return { child, port };
}

/** @throws when anything but a 200 came back: a rate of refusals is no rate. */
async function measure(
  servers: Map<Method, Running>,
  method: Method,
  load: Omit<Load, "port" | "secret">,
): Promise<LoadResult> {
  const port = servers.get(method)?.port ?? 0;
  const sender = fileURLToPath(new URL("./load.ts", import.meta.url));
  const settings = JSON.stringify({ ...load, port, secret: SECRET } satisfies Load);
  const { stdout } = await promisify(execFile)(process.execPath, [sender, settings]);
  const result = JSON.parse(stdout) as LoadResult;
  if (result.failed > 0) throw new Error(`${result.failed} deliveries were not acknowledged by "${method}".`);
  return result;
}

async function createDatabase(server: string) {
  const name = `muster_bench_${process.pid}`;
  const admin = new pg.Pool({ connectionString: server, max: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  // Opening it applies the migrations.
  const db = await openDatabase({ url: url.href, dataDir: ".muster", onError: () => {} });
  return {
    url: url.href,
    empty: () => db.query("TRUNCATE inbox"),
    async drop() {
      await db.close();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
