import { appendFileSync } from "node:fs";
import process from "node:process";

/**
 * Says by name what this machine cannot run. `npm test` collects the names in a file and prints each on its own line;
 * alone, vitest shows them as warnings. With CI=true nothing may be skipped.
 *
 * @param what the tests that are left out, as in "the queue on Redis"
 * @param why what is missing, and how to name one that exists
 */
export function nameSkip(what: string, why: string): void {
  if (process.env["CI"] === "true") throw new Error(`skipped in CI: ${what}: ${why}`);
  writeSkip(what, why);
}

/** As `nameSkip`, for material that lies beside the repository and that no machine has to have, CI included. */
export function nameOptionalSkip(what: string, why: string): void {
  writeSkip(what, why);
}

function writeSkip(what: string, why: string): void {
  const file = process.env["MUSTER_TEST_SKIPS"];
  if (file === undefined) console.warn(`skipped: ${what}: ${why}`);
  else appendFileSync(file, `${what}: ${why}\n`);
}
