import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface DemoOptions {
  check: boolean;
  faults: boolean;
  screenshots: boolean;
  port: number | null;
  replay: { file: string; limit: number | null; duplicate: boolean; shuffle: number | null } | null;
}

export const usage = `Usage: npm run demo -- [options]
  (nothing)         a sandbox shop with live traffic; prints the admin's address
  --check           replay traffic, wait until everything has settled, print one JSON line
  --replay FILE     real history: a CSV (or .csv.gz) of invoices becomes webhooks
  --limit N         only the first N invoices
  --duplicate       deliver everything twice
  --shuffle SEED    deliver in a random order
  --faults          let the sandbox vendors misbehave; with --check their own books are the judge
  --screenshots     put pictures of the main pages into test/screenshots/, and end
  --port N          the port of the sandbox admin`;

/** @throws a sentence for the user that names the option and what it takes. */
export function readOptions(argv: string[]): DemoOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      check: { type: "boolean", default: false },
      faults: { type: "boolean", default: false },
      screenshots: { type: "boolean", default: false },
      replay: { type: "string" },
      limit: { type: "string" },
      duplicate: { type: "boolean", default: false },
      shuffle: { type: "string" },
      port: { type: "string" },
    },
  });
  const replayOnly = { limit: values.limit, duplicate: values.duplicate || undefined, shuffle: values.shuffle };
  for (const [name, value] of Object.entries(replayOnly)) {
    if (value !== undefined && values.replay === undefined) throw new Error(`--${name} goes with --replay FILE.`);
  }
  if (values.screenshots && values.check) throw new Error("--screenshots and --check are two runs.");
  if (values.replay !== undefined && !existsSync(values.replay)) {
    throw new Error(`--replay: there is no file ${resolve(values.replay)}.`);
  }
  return {
    check: values.check,
    faults: values.faults,
    screenshots: values.screenshots,
    port: readNumber("port", values.port, 1, 65_535),
    replay:
      values.replay === undefined
        ? null
        : {
            file: resolve(values.replay),
            limit: readNumber("limit", values.limit, 1, 1e9),
            duplicate: values.duplicate,
            shuffle: readNumber("shuffle", values.shuffle, 0, 2 ** 32),
          },
  };
}

function readNumber(name: string, value: string | undefined, least: number, most: number): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}, not "${value}".`);
}
