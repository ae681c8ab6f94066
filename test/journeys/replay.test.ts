import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const FILE = resolve(process.env["MUSTER_SHARED"] ?? "../shared", "data/online_retail/online_retail.csv.gz");
const HASH = "1c3f4a03bc30f7c8bdc97332c5a67dcee46dccfed7664db2da03d468a82035ed";

async function replay(...args: string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, ["test/demo/main.ts", "--check", "--replay", FILE, "--limit", "1000", ...args]);
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
    expect(await replay()).toMatchObject(expected);
  },
  120_000,
);

it.skipIf(!existsSync(FILE))(
  "delivered twice and shuffled they end in the same state",
  async () => {
    expect(await replay("--duplicate", "--shuffle", "7")).toMatchObject(expected);
  },
  120_000,
);
