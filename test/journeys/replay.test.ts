import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { expect, it, onTestFinished } from "vitest";
import { emptyDataDir, emptyOnServer } from "../support/database.ts";

const FILE = resolve(process.env["MUSTER_SHARED"] ?? "../shared", "data/online_retail/online_retail.csv.gz");

/** @param place where the demo keeps what it reads, as its environment says */
async function replay(place: Record<string, string> | undefined, ...args: string[]): Promise<Record<string, unknown>> {
  const command = ["test/demo/main.ts", "--check", "--replay", FILE, ...args];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...place } });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  await new Promise((done) => child.once("close", done));
  return JSON.parse(out.trim().split("\n").at(-1) ?? "null") as Record<string, unknown>;
}

/** Worked out from the file alone, by `replayOracle`. */
const OF_1_000 = {
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
  stateHash: "1c3f4a03bc30f7c8bdc97332c5a67dcee46dccfed7664db2da03d468a82035ed",
};
const OF_200 = {
  ok: true,
  profiles: 128,
  orders: 189,
  asOf: "2010-12-02T12:24:00.000Z",
  money: { gross: "72624.72", refunded: "25.50", currency: "GBP" },
  refundedUnits: 6,
  unmatchedUnits: 184,
  skippedInvoices: 1,
  segments: [
    { name: "Loyal", members: 4 },
    { name: "Lapsed", members: 0 },
    { name: "Big spenders", members: 23 },
  ],
  stateHash: "221dd82ef9fce4044894b68002765a7daca0bd851c380765304271644a6de124",
};

it.skipIf(!existsSync(FILE))(
  "a real shop's first 1,000 invoices, delivered twice and shuffled, end in the figures of independent arithmetic",
  async () => {
    const database = await emptyOnServer();
    onTestFinished(() => database?.drop());
    const place = database ? { DATABASE_URL: database.url } : undefined;
    expect(await replay(place, "--limit", "1000", "--duplicate", "--shuffle", "7")).toMatchObject(OF_1_000);
  },
  120_000,
);

it.skipIf(!existsSync(FILE))(
  "so do its first 200 as they came, in the embedded database",
  async () => {
    const dataDir = await emptyDataDir();
    onTestFinished(() => rm(dataDir, { recursive: true }));
    expect(await replay({ MUSTER_DATA_DIR: dataDir }, "--limit", "200")).toMatchObject(OF_200);
  },
  120_000,
);
