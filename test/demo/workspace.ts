import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What has to stay the same when the demo runs again on one data directory. */
interface Keys {
  apiSecret: string;
  encryptionKey: string;
  /** Part of the shop's name on a database that outlives the folder, so that a new folder does not meet the shop of an old one. */
  suffix: string;
}

export interface Workspace {
  dataDir: string;
  apiSecret: string;
  encryptionKey: string;
  shop: string;
  /** Where the sandbox keeps its books for this source of traffic. */
  sandboxDir: string;
  /** True when an earlier run left its data here. */
  resumed: boolean;
  /** Removes what only this run needed. */
  leave(): Promise<void>;
}

/**
 * A check starts from nothing in a temporary folder, so that its figures are those of its own traffic; the demo keeps its data
 * in `.muster/`. With MUSTER_DATA_DIR both use that folder, and a second run goes on where the first stopped.
 * @param name of the source of traffic: each has a shop of its own, so that two sources in one folder never mix.
 */
export async function openWorkspace(name: string, temporary: boolean): Promise<Workspace> {
  const chosen = process.env["MUSTER_DATA_DIR"];
  const throwAway = temporary && !chosen;
  const dataDir = throwAway ? await mkdtemp(join(tmpdir(), "muster-check-")) : resolve(chosen ?? ".muster");
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "demo.json");
  const known = await readKeys(file);
  const keys = known ?? {
    apiSecret: randomBytes(24).toString("hex"),
    encryptionKey: randomBytes(32).toString("base64"),
    suffix: process.env["DATABASE_URL"] ? `-${randomBytes(3).toString("hex")}` : "",
  };
  if (!known) await writeFile(file, JSON.stringify(keys), { mode: 0o600 });
  const sandboxDir = join(dataDir, `sandbox-${name}`);
  await mkdir(sandboxDir, { recursive: true });
  return {
    dataDir,
    apiSecret: keys.apiSecret,
    encryptionKey: keys.encryptionKey,
    shop: `${name}${keys.suffix}.myshopify.com`,
    sandboxDir,
    resumed: known !== null,
    leave: () => (throwAway ? rm(dataDir, { recursive: true, force: true }) : Promise.resolve()),
  };
}

async function readKeys(file: string): Promise<Keys | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
