import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const OUTPUT = join(REPOSITORY, "build/pages");
/** All that the built admin consists of; what routes take from other stages are types and a few pure functions beside them. */
const SOURCES = ["app", "package.json", "vite.config.ts"];

/**
 * Builds the admin apart from `build/`, which may belong to a running server. Nothing is done when the last build was made
 * from the same files.
 * @returns the directory that holds `server/` and `client/`.
 */
export async function buildPages(): Promise<string> {
  const fingerprint = await fingerprintOf(await sourceFiles());
  const built = join(OUTPUT, "build");
  if ((await readFile(join(OUTPUT, "fingerprint"), "utf8").catch(() => "")) === fingerprint) return built;

  await rm(OUTPUT, { recursive: true, force: true });
  await mkdir(OUTPUT, { recursive: true });
  for (const source of SOURCES) await cp(join(REPOSITORY, source), join(OUTPUT, source), { recursive: true });
  const remix = join(REPOSITORY, "node_modules/@remix-run/dev/dist/cli.js");
  await promisify(execFile)(process.execPath, [remix, "vite:build"], {
    cwd: OUTPUT,
    env: { ...process.env, NODE_ENV: "production" },
  });
  await writeFile(join(OUTPUT, "fingerprint"), fingerprint);
  return built;
}

async function sourceFiles(): Promise<string[]> {
  const inApp = await readdir(join(REPOSITORY, "app"), { recursive: true, withFileTypes: true });
  const isBuilt = (path: string): boolean => /\/(routes|components|platform)\/|\/(root|entry)\b[^/]*$/.test(path);
  return [
    ...inApp.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    join(REPOSITORY, "package.json"),
    join(REPOSITORY, "vite.config.ts"),
  ].filter((path) => !path.includes("/app/") || isBuilt(path));
}

async function fingerprintOf(files: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file).update(await readFile(file));
  return hash.digest("hex");
}
