import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { expect, it, onTestFinished } from "vitest";
import { createOnServer, emptyDataDir, SERVER_TEMPLATE } from "../support/database.ts";
import { findServer } from "../support/services.ts";

const FILE = resolve(process.env["MUSTER_SHARED"] ?? "../shared", "data/online_retail/online_retail.csv.gz");
const HASH = "1c3f4a03bc30f7c8bdc97332c5a67dcee46dccfed7664db2da03d468a82035ed";

/** @param place where the demo keeps what it reads, as its environment says */
async function replay(place: Record<string, string>, ...args: string[]): Promise<Record<string, unknown>> {
  const command = ["test/demo/main.ts", "--check", "--replay", FILE, "--limit", "1000", ...args];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...place } });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  await new Promise((done) => child.once("close", done));
  return JSON.parse(out.trim().split("\n").at(-1) ?? "null") as Record<string, unknown>;
}

const expected = {
  ok: true,
  profiles: 552,
  orders: 832,
  asOf: "2010-12-09T14:28:00.000Z",
  money: { gross: "422558.40", refunded: "982.98", currency: "GBP" },
  refundedUnits: 312,
  unmatchedUnits: 11_393,
  skippedInvoices: 58,
  segments: [
    { name: "Loyal", members: 28 },
    { name: "Lapsed", members: 0 },
    { name: "Big spenders", members: 129 },
  ],
  stateHash: HASH,
};

it.skipIf(!existsSync(FILE))(
  "a real shop's first 1,000 invoices end in the figures of independent arithmetic",
  async () => {
    const server = await findServer();
    const database = server === undefined ? undefined : await createOnServer(server, process.env[SERVER_TEMPLATE]);
    onTestFinished(() => database?.drop());
    expect(await replay(database ? { DATABASE_URL: database.url } : {})).toMatchObject(expected);
  },
  120_000,
);

it.skipIf(!existsSync(FILE))(
  "delivered twice and shuffled they end in the same state, in the embedded database too",
  async () => {
    const dataDir = await emptyDataDir();
    onTestFinished(() => rm(dataDir, { recursive: true }));
    expect(await replay({ MUSTER_DATA_DIR: dataDir }, "--duplicate", "--shuffle", "7")).toMatchObject(expected);
  },
  120_000,
);
