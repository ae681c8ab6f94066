import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");

/** The built admin, made anew only if it is not of these sources; under `npm test` it is there already. */
export async function buildAdmin(): Promise<{ server: string; client: string }> {
  await promisify(execFile)(process.execPath, ["app/run.mjs", "build"], { cwd: root });
  return { server: join(root, "build/server/index.js"), client: join(root, "build/client") };
}
