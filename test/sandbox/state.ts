import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface StateFile {
  /** Something changed and is to be written at the next turn. */
  changed(): void;
  /** Writes what is not yet written and stops. */
  close(): void;
}

/**
 * Keeps a sandbox's state in `file` as JSON: restored now if the file is there, written every `everyMillis` when something
 * changed, and on close. A write goes beside the file and is renamed over it, so a kill leaves the old or the new state whole.
 */
export function keepState<T>(options: {
  file: string | undefined;
  snapshot: () => T;
  restore: (snapshot: T) => void;
  everyMillis?: number;
}): StateFile {
  const { file, snapshot, restore, everyMillis = 3000 } = options;
  if (file === undefined) return { changed() {}, close() {} };
  if (existsSync(file)) restore(JSON.parse(readFileSync(file, "utf8")) as T);
  mkdirSync(dirname(file), { recursive: true });

  let dirty = false;
  const write = () => {
    if (!dirty) return;
    dirty = false;
    const beside = `${file}.${process.pid}.tmp`;
    writeFileSync(beside, JSON.stringify(snapshot()));
    renameSync(beside, file);
  };
  const timer = setInterval(write, everyMillis).unref();
  return {
    changed() {
      dirty = true;
    },
    close() {
      clearInterval(timer);
      write();
    },
  };
}
