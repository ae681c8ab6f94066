import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Holds `dataDir` for this process by a pid file; the file of a process that is gone is taken over.
 * @throws a sentence for the user when a live process holds it.
 */
export async function lockDirectory(dataDir: string): Promise<{ release(): Promise<void> }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "muster.pid");
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number((await readFile(file, "utf8")).trim());
      if (isAlive(holder)) {
        throw new Error(
          `${dataDir} is in use by another Muster (process ${holder}). Stop it, or set MUSTER_DATA_DIR to another folder.`,
          { cause: error },
        );
      }
      await rm(file, { force: true });
    }
  }
  throw new Error(`${dataDir} could not be locked: another process is starting in it. Try again.`);
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
