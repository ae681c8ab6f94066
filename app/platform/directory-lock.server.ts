import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The database of a process that was killed ends by itself, once it is done with what it was doing. */
const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 50;

/**
 * Holds `dataDir` for this process by a pid file; the file of a process that is gone is taken over, and of one that may be going it is
 * waited for, for seconds.
 * @throws a sentence for the user when a live process holds it.
 */
export async function lockDirectory(dataDir: string): Promise<{ release(): Promise<void> }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "muster.pid");
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number((await readFile(file, "utf8")).trim());
      if (!isAlive(holder)) {
        await rm(file, { force: true });
      } else if (Date.now() > until) {
        throw new Error(
          `${dataDir} is in use by another Muster (process ${holder}). Stop it, or set MUSTER_DATA_DIR to another folder.`,
          { cause: error },
        );
      } else {
        await sleep(LOOK_EVERY_MS);
      }
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
