import process from "node:process";
import { z } from "zod";
import { createBullQueue } from "../../app/jobs/bull-queue.server.ts";

/** A worker process that takes one job, says so, and never finishes it: queue.test.ts kills it. */
const [url = "", prefix = ""] = process.argv.slice(2);
const log = { warn: () => undefined, error: () => undefined };
const catalogue = { mail: { payload: z.object({ to: z.string() }), attempts: 1, backoffMs: 1 } };

const queue = createBullQueue({ catalogue, log, url, prefix, lockMs: 300 });
queue.work("mail", { concurrency: 1 }, async () => {
  process.send?.("running");
  await new Promise(() => undefined);
});
process.send?.("ready");
